#include "report/figures/reading_figures.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/index.h"
#include "data/scale.h"
#include "recognize/form.h"
#include "report/draw/heat_tile.h"
#include "report/draw/image_grid.h"

namespace inkling {
namespace {

using Rgb = std::array<uint8_t, 3>;

constexpr Rgb kBoxColour = {213, 94, 0};
constexpr int kLongestShown = 640;  // pixels of a picture in a figure

Tile grey_tile(std::span<const uint8_t> levels, int height, int width, std::string caption) {
  Tile tile{
      .width = width, .height = height, .rgb = {}, .caption = std::move(caption), .small = {}};
  for (const uint8_t level : levels) tile.rgb.insert(tile.rgb.end(), 3, level);
  return tile;
}

void paint(Tile& tile, int y, int x, const Rgb& colour) {
  if (y < 0 || x < 0 || y >= tile.height || x >= tile.width) return;
  std::ranges::copy(colour, tile.rgb.begin() + std::ptrdiff_t{y * tile.width + x} * 3);
}

void outline(Tile& tile, const PixelBox& box, double scale) {
  const auto place = [&](int v) { return static_cast<int>(v * scale); };
  const int thick = std::max(1, std::max(tile.width, tile.height) / 200);
  for (int t = 0; t < thick; ++t) {
    for (int x = place(box.left); x < place(box.right); ++x) {
      paint(tile, place(box.top) - t, x, kBoxColour);
      paint(tile, place(box.bottom) + t, x, kBoxColour);
    }
    for (int y = place(box.top); y < place(box.bottom); ++y) {
      paint(tile, y, place(box.left) - t, kBoxColour);
      paint(tile, y, place(box.right) + t, kBoxColour);
    }
  }
}

Tile picture_tile(const Picture& grey, std::span<const PixelBox> boxes) {
  const double scale = std::min(1.0, double{kLongestShown} / std::max(grey.width, grey.height));
  const auto side = [&](int n) { return std::max(1, static_cast<int>(n * scale)); };
  const Picture shown = scaled(grey, side(grey.height), side(grey.width));
  Tile tile = grey_tile(shown.pixels, shown.height, shown.width, "the picture");
  for (const PixelBox& box : boxes) outline(tile, box, scale);
  return tile;
}

Tile ink_tile(const Ink& ink) {
  std::vector<uint8_t> levels = ink.strength;  // as written: dark on light
  for (uint8_t& level : levels) level = static_cast<uint8_t>(255 - level);
  return grey_tile(levels, ink.height, ink.width, "its ink");
}

// Atoms in colours that take turns.
Tile atoms_tile(const ReadingSteps& steps) {
  constexpr Rgb kColours[] = {{0, 114, 178}, {230, 159, 0}, {0, 158, 115}, {204, 121, 167}};
  Tile tile = ink_tile(steps.ink);
  tile.caption = "cut into atoms";
  for (const Ink& row : steps.atoms) {
    for (int y = 0; y < row.height; ++y) {
      for (int x = 0; x < row.width; ++x) {
        const int atom = at(row.piece_of, y * row.width + x);
        if (atom >= 0) paint(tile, y, x, kColours[atom % 4]);
      }
    }
  }
  return tile;
}

Tile probabilities_tile(const DigitPrediction& prediction) {
  constexpr int kBar = 10, kHigh = 112;
  std::vector<double> p(prediction.probabilities.begin(), prediction.probabilities.end());
  const bool refuses = prediction.p_refused > 0;
  if (refuses) p.push_back(prediction.p_refused);
  Tile tile{.width = kBar * std::max(1, count_of(p)),
            .height = kHigh,
            .rgb = {},
            .caption = {},
            .small = {}};
  tile.rgb.assign(narrow<size_t>(tile.width * tile.height * 3), 245);
  for (int i = 0; i < count_of(p); ++i) {
    const int top = kHigh - 1 - static_cast<int>(at(p, i) * (kHigh - 2));
    const bool refused = refuses && i + 1 == count_of(p);
    for (int y = top; y < kHigh; ++y) {
      for (int x = 1; x + 1 < kBar; ++x) {
        paint(tile, y, i * kBar + x, refused ? kBoxColour : Rgb{0, 114, 178});
      }
    }
  }
  tile.caption = refuses ? "p of 0 … 9, of no digit" : "p of each class";
  return tile;
}

// In the middle of a light square: a grid's tiles are of one shape.
Tile squared(const Tile& tile) {
  const int side = std::max(tile.width, tile.height);
  Tile out{.width = side, .height = side, .rgb = {}, .caption = tile.caption, .small = tile.small};
  out.rgb.assign(narrow<size_t>(side * side * 3), 245);
  const int top = (side - tile.height) / 2, left = (side - tile.width) / 2;
  for (int y = 0; y < tile.height; ++y) {
    const auto row = tile.rgb.begin() + std::ptrdiff_t{y * tile.width} * 3;
    std::copy_n(row, tile.width * 3, out.rgb.begin() + std::ptrdiff_t{(top + y) * side + left} * 3);
  }
  return out;
}

std::string verdict_of(const DigitPrediction& prediction) {
  return prediction.is_read()
             ? fmt::format("Read as {}, {:.1f} %", prediction.label, 100 * prediction.confidence)
             : fmt::format("Refused: {}", name_of(prediction.refusal));
}

}  // namespace

Figure prediction_steps_figure(std::string name, const ReadingSteps& steps,
                               const DigitPrediction& prediction,
                               const std::optional<Heatmap>& saliency) {
  Figure figure{.name = std::move(name),
                .title = verdict_of(prediction),
                .note =
                    "From the picture to the prediction. Saliency: where a small change of "
                    "grey would change it most.",
                .alt = "The steps from a picture to its prediction.",
                .commands = {}};
  std::vector<Tile> tiles;
  std::vector<PixelBox> boxes;
  if (prediction.box) boxes.push_back(*prediction.box);
  tiles.push_back(picture_tile(steps.grey, boxes));
  tiles.push_back(ink_tile(steps.ink));
  if (steps.input) {
    Tile digit = tile_of(*steps.input, 0);
    digit.caption = "as the network sees it";
    tiles.push_back(digit);
    if (saliency) {
      tiles.push_back(heat_tile(digit, *saliency));
      tiles.back().caption = "saliency";
    }
    tiles.push_back(probabilities_tile(prediction));
  }
  for (Tile& tile : tiles) tile = squared(tile);
  return image_grid(std::move(figure), tiles,
                    {.columns = count_of(tiles), .tile_px = 150, .gap_px = 24});
}

Figure reading_steps_figure(std::string name, const ReadingSteps& steps, const Reading& reading) {
  std::string text = reading.text;
  std::ranges::replace(text, '\n', ' ');
  Figure figure{.name = std::move(name),
                .title = reading.is_read()
                             ? fmt::format("Read as {}, {:.0f} %", text, 100 * reading.confidence)
                             : fmt::format("Refused: {}", name_of(reading.refusal)),
                .note = "Every digit is made of whole atoms.",
                .alt = "The steps from a picture to the digits read in it.",
                .commands = {}};
  std::vector<PixelBox> boxes;
  for (const ReadDigit& digit : reading.digits) boxes.push_back(digit.box);
  return image_grid(std::move(figure),
                    {picture_tile(steps.grey, boxes), ink_tile(steps.ink), atoms_tile(steps)},
                    {.columns = 3, .tile_px = 300, .gap_px = 24});
}

Figure read_digits_figure(std::string name, const ReadingSteps& steps, const Reading& reading) {
  Figure figure{.name = std::move(name),
                .title = "The digits as the network saw them",
                .note = "With the ink around them, dimmed.",
                .alt = "Each digit that was read, brought to the form of the training images.",
                .commands = {}};
  std::vector<Tile> tiles;
  for (int i = 0; i < count_of(steps.digits); ++i) {
    const ReadDigit& digit = at(reading.digits, i);
    tiles.push_back(grey_tile(at(steps.digits, i), kFormSide, kFormSide, digit.label));
    tiles.back().small = fmt::format("{:.1f} %", 100 * digit.confidence);
  }
  return image_grid(std::move(figure), tiles, {.columns = 10, .tile_px = 72, .gap_px = 16});
}

}  // namespace inkling
