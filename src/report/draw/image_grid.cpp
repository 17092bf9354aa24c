#include "report/draw/image_grid.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

constexpr int kMargin = 16, kGap = 10, kCaptionHeight = 15, kSmallHeight = 13, kLetter = 8,
              kHeadHeight = 16;  // px

std::string label(std::string_view text, double x, double y, const char* align, int size,
                  const char* colour) {
  return fmt::format("set label {} at {:.1f},{:.1f} {} front font ',{}' textcolor rgb '{}'\n",
                     plot_text(text), x, y, align, size, colour);
}

}  // namespace

uint8_t grey_level(double value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

Tile tile_of(const std::vector<double>& values, const Dataset& like) {
  INKLING_CHECK(values.size() == like.image_size());
  Tile tile{.width = like.width, .height = like.height};
  for (int p = 0; p < count_of(values); p += like.channels) {
    for (int c = 0; c < 3; ++c) {
      tile.rgb.push_back(grey_level(at(values, p + (like.channels == 3 ? c : 0))));
    }
  }
  return tile;
}

Tile tile_of(const Dataset& dataset, uint32_t index) {
  const std::vector<uint8_t> image = image_in_bytes(dataset, index);
  return tile_of(std::vector<double>(image.begin(), image.end()), dataset);
}

std::string pixel_canvas(int width, int height) {
  return fmt::format(
      "unset border\nunset tics\nunset grid\nunset key\n"
      "set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen 1\n"
      "set bmargin at screen 0\nset xrange [0:{}]\nset yrange [{}:0]\n",
      width, height);
}

InlineImage inline_image(const Tile& tile, double x, double y, double w, double h) {
  const double dx = w / tile.width, dy = h / tile.height;
  return {.element = fmt::format("'-' binary array=({},{}) format='%uchar%uchar%uchar' "
                                 "origin=({:.3f},{:.3f}) dx={:.6f} dy={:.6f} using 1:2:3 "
                                 "with rgbimage notitle",
                                 tile.width, tile.height, x + dx / 2, y + dy / 2, dx, dy),
          .data = std::string(tile.rgb.begin(), tile.rgb.end())};
}

GridLayout captioned_layout(std::span<const std::string> class_names) {
  const bool long_names = longest_of(class_names) > 3;
  return {.columns = long_names ? 6 : 10, .tile_px = 64, .gap_px = long_names ? 76 : 10};
}

Figure sentence_figure(Figure figure, const std::string& sentence) {
  figure.width = 560;
  figure.height = 140;
  figure.commands = pixel_canvas(figure.width, figure.height);
  figure.commands +=
      fmt::format("set label {} at 16,{} left textcolor rgb '{}'\nplot NaN notitle\n",
                  plot_text(sentence), kTitleHeight + 26, kInk);
  return figure;
}

std::string fitted(const std::string& name, int px) {
  const auto letters = narrow<size_t>(px / 7);
  if (name.size() <= letters) return name;
  size_t cut = letters - 1;
  while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) --cut;  // whole letters
  return name.substr(0, cut) + ".";
}

Figure image_grid(Figure figure, const std::vector<Tile>& tiles, const GridLayout& layout) {
  INKLING_CHECK(!tiles.empty() && !tiles.front().rgb.empty() && layout.columns > 0);
  const auto has = [&](std::string Tile::*text) {
    return std::any_of(tiles.begin(), tiles.end(),
                       [&](const Tile& tile) { return !(tile.*text).empty(); });
  };
  const double scale = 1.0 * layout.tile_px / std::max(tiles.front().width, tiles.front().height);
  const double w = tiles.front().width * scale, h = tiles.front().height * scale;
  const int longest = longest_of(layout.row_names);
  const int left =
      kMargin + (longest == 0 ? 0 : longest * kLetter + kGap) + (layout.gap_px - kGap) / 2;
  const int step_x = static_cast<int>(w) + layout.gap_px;
  const int step_y = static_cast<int>(h) + kGap + (has(&Tile::caption) ? kCaptionHeight : 0) +
                     (has(&Tile::small) ? kSmallHeight : 0);
  const int rows = ceil_div(count_of(tiles), layout.columns);
  const int top = kTitleHeight + (layout.column_names.empty() ? 0 : kHeadHeight);
  const int note_lines = narrow<int>(std::ranges::count(figure.note, '\n'));
  figure.width = std::max(left + layout.columns * step_x - layout.gap_px / 2 + kMargin, 420);
  figure.height = top + rows * step_y + kNoteHeight + 13 * note_lines;

  std::string plots, data;
  figure.commands = pixel_canvas(figure.width, figure.height);
  for (int i = 0; i < count_of(tiles); ++i) {
    const Tile& tile = at(tiles, i);
    const bool empty = tile.rgb.empty();
    const int column = i % layout.columns, row = i / layout.columns;
    const double x = left + column * step_x, y = top + row * step_y;
    if (!empty) {
      const InlineImage image = inline_image(tile, x, y, w, h);
      plots += (plots.empty() ? "plot " : ", ") + image.element;
      data += image.data;
    }
    double below = y + h + 9;
    if (!tile.caption.empty()) {
      figure.commands += label(tile.caption, x + w / 2, below, "center", 11, tile.caption_colour);
      below += kCaptionHeight - 1;
    }
    if (!tile.small.empty()) {
      figure.commands += label(tile.small, x + w / 2, below, "center", 9, kQuiet);
    }
    if (row == 0 && column < count_of(layout.column_names)) {
      figure.commands +=
          label(at(layout.column_names, column), x + w / 2, kTitleHeight + 4, "center", 10, kQuiet);
    }
    if (column == 0 && row < count_of(layout.row_names)) {
      figure.commands += label(at(layout.row_names, row), left - kGap - (layout.gap_px - kGap) / 2,
                               y + h / 2, "right", 11, kInk);
    }
  }
  figure.commands += plots + "\n" + data;
  return figure;
}

}  // namespace inkling
