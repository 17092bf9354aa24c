// The figures of data_figures.h that show how an image becomes a network's input.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/index.h"
#include "data/augment/augment.h"
#include "data/batches.h"
#include "report/draw/image_grid.h"
#include "report/figures/data_figures.h"

namespace inkling {
namespace {

using Colour = std::array<double, 3>;

// Below zero towards blue, above towards orange, zero white: two colours everyone can distinguish.
Colour diverging(double value, double limit) {
  constexpr Colour kLow{0, 114, 178}, kMiddle{255, 255, 255}, kHigh{213, 94, 0};
  const double fraction = std::clamp(std::fabs(value) / limit, 0.0, 1.0);
  const Colour& end = value < 0 ? kLow : kHigh;
  Colour colour{};
  for (size_t c = 0; c < 3; ++c) colour[c] = kMiddle[c] + fraction * (end[c] - kMiddle[c]);
  return colour;
}

// Values printed as 0.0 with one decimal lose their sign.
double without_minus_zero(double value) { return std::fabs(value) < 0.05 ? 0 : value; }

void push_colour(std::vector<uint8_t>& rgb, const Colour& colour) {
  for (const double v : colour) rgb.push_back(grey_level(v));
}

// A window in the middle of the image, at most `side` pixels wide and high, printed as numbers.
struct Window {
  int x = 0, y = 0, width = 0, height = 0;
};

Window middle_of(const Dataset& dataset, int side) {
  Window window{.width = std::min(side, dataset.width), .height = std::min(side, dataset.height)};
  window.x = (dataset.width - window.width) / 2;
  window.y = (dataset.height - window.height) / 2;
  return window;
}

Tile picture_tile(const Picture& picture) {
  Tile tile{.width = picture.width, .height = picture.height};
  for (int p = 0; p < count_of(picture.pixels); p += picture.channels) {
    for (int c = 0; c < 3; ++c) {
      tile.rgb.push_back(at(picture.pixels, p + (picture.channels == 3 ? c : 0)));
    }
  }
  return tile;
}

}  // namespace

Figure preprocessing(const InspectedData& data, const Inspection& inspection) {
  constexpr int kPanel = 224, kGap = 28, kWindow = 8;  // px, px, pixels
  const Dataset& set = data.train;
  const PixelStatistics& statistics = inspection.train.quality.pixels;
  const std::array<float, 256> table = normalisation_table(statistics);
  const double limit = std::max(std::fabs(table[0]), std::fabs(table[255]));
  const Window window = middle_of(set, kWindow);
  constexpr uint32_t kImage = 0;
  const auto value = [&](int y, int x) -> double {  // of the first channel
    return table[at(set.image(kImage), (y * set.width + x) * set.channels)];
  };

  Tile normalised{.width = set.width, .height = set.height};
  for (int y = 0; y < set.height; ++y) {
    for (int x = 0; x < set.width; ++x) push_colour(normalised.rgb, diverging(value(y, x), limit));
  }
  Tile part{.width = window.width, .height = window.height};
  for (int y = 0; y < window.height; ++y) {
    for (int x = 0; x < window.width; ++x) {
      push_colour(part.rgb, diverging(value(window.y + y, window.x + x), limit));
    }
  }

  Figure figure{
      .name = "preprocessing",
      .title = "From the file to the network",
      .note = fmt::format("{}, training image {} (label {}); mean and deviation are the training "
                          "split's\nBlue: below 0, orange: above",
                          source_text(set.name), kImage, set.class_names[set.labels[kImage]]),
      .alt = "One image three times: as in the file, normalised, and a part of it as numbers"};
  figure.width = 3 * kPanel + 2 * kGap + 32;
  figure.height = kTitleHeight + 20 + kPanel + 26 + kNoteHeight + 13;
  figure.commands = pixel_canvas(figure.width, figure.height);
  const double top = kTitleHeight + 20;
  const std::array<std::string, 3> heads = {
      "raw: bytes 0 … 255", fmt::format("normalised: {:.2f} … {:.2f}", table[0], table[255]),
      "what the network sees"};
  const std::array<std::string, 3> feet = {
      fmt::format("{}x{}x{}", set.height, set.width, set.channels),
      fmt::format("(pixel/255 - {:.4f}) / {:.4f}", statistics.mean, statistics.divisor()),
      fmt::format("rows {} to {}, columns {} to {}", window.y, window.y + window.height - 1,
                  window.x, window.x + window.width - 1)};
  const std::array<const Tile, 3> panels = {tile_of(set, kImage), normalised, part};
  std::string plots, bytes;
  for (int p = 0; p < count_of(panels); ++p) {
    const double x = 16 + p * (kPanel + kGap);
    const InlineImage image = inline_image(at(panels, p), x, top, kPanel, kPanel);
    plots += (p == 0 ? "plot " : ", ") + image.element;
    bytes += image.data;
    figure.commands += fmt::format(
        "set label {} at {},{} left font ',11' textcolor rgb '{}'\n"
        "set label {} at {},{} left font ',9' textcolor rgb '{}'\n",
        plot_text(at(heads, p)), x, top - 10, kInk, plot_text(at(feet, p)), x, top + kPanel + 12,
        kQuiet);
  }
  // The window's frame on the whole image, and its numbers.
  const double scale_x = 1.0 * kPanel / set.width;
  const double scale_y = 1.0 * kPanel / set.height;
  const double left = 16 + kPanel + kGap + window.x * scale_x, upper = top + window.y * scale_y;
  figure.commands += fmt::format(
      "set object 1 rectangle from {:.1f},{:.1f} to {:.1f},{:.1f} front fillstyle empty border "
      "linecolor rgb 'black' linewidth 1.2\n",
      left, upper, left + window.width * scale_x, upper + window.height * scale_y);
  const double cell_x = 1.0 * kPanel / window.width;
  const double cell_y = 1.0 * kPanel / window.height;
  for (int y = 0; y < window.height; ++y) {
    for (int x = 0; x < window.width; ++x) {
      figure.commands += fmt::format(
          "set label '{:.1f}' at {:.1f},{:.1f} center front font ',8' textcolor rgb 'black'\n",
          without_minus_zero(value(window.y + y, window.x + x)),
          16 + 2 * (kPanel + kGap) + (x + 0.5) * cell_x, top + (y + 0.5) * cell_y);
    }
  }
  figure.commands += plots + "\n" + bytes;
  return figure;
}

Figure data_augmentation_examples(const InspectedData& data, Engine& engine, uint64_t seed) {
  constexpr int kVariants = 9, kImages = 3;
  std::vector<Tile> tiles;
  GridLayout layout{.columns = kVariants + 1, .tile_px = 56};
  layout.column_names = {"original"};
  for (int v = 1; v <= kVariants; ++v) layout.column_names.push_back(fmt::format("epoch {}", v));
  for (const char* preset : {"standard", "strong"}) {
    const size_t images = std::min<size_t>(kImages, data.train.size());
    for (uint32_t i = 0; i < images; ++i) {
      const AugmentExamples examples = augment_examples(augment_preset(preset), data.train, i,
                                                        kVariants, *engine.kernels().warp, seed);
      layout.row_names.emplace_back(i == 0 ? preset : "");
      tiles.push_back(picture_tile(examples.original));
      for (const Picture& variant : examples.variants) tiles.push_back(picture_tile(variant));
    }
  }
  return image_grid(
      {.name = "data_augmentation_examples",
       .title = "Augmented images",
       .note = fmt::format("{}, training split; each image as successive epochs see it, with the "
                           "presets of --augment",
                           source_text(data.train.name)),
       .alt = "Rows of one image followed by nine randomly deformed variants of it"},
      tiles, layout);
}

}  // namespace inkling
