#include "report/figures/data_figures.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "base/index.h"
#include "base/number_text.h"
#include "report/draw/charts.h"
#include "report/draw/image_grid.h"

namespace inkling {
namespace {

constexpr int kClassesShown = 26;  // shown, letters included

const Dataset& set_of(const InspectedData& data, uint32_t set) {
  return set == 0 ? data.train : data.test;
}

}  // namespace

Figure sample_digits(const InspectedData& data) {
  constexpr int kEach = 10;
  const int classes = std::min(data.train.classes, kClassesShown);
  GridLayout layout{.columns = kEach, .tile_px = 48};
  std::vector<Tile> tiles;
  for (int c = 0; c < classes; ++c) {
    const size_t begin = tiles.size();
    for (uint32_t i = 0; i < data.train.size() && tiles.size() < begin + kEach; ++i) {
      if (data.train.labels[i] == c) tiles.push_back(tile_of(data.train, i));
    }
    if (tiles.size() == begin) continue;  // a class without images
    layout.row_names.push_back(at(data.train.class_names, c));
    tiles.resize(begin + kEach);
  }
  return image_grid(
      {.name = "sample_digits",
       .title = "The first ten of each class",
       .note = fmt::format("{}, training split, in the order of the file",
                           source_text(data.train.name)),
       .alt = fmt::format("A grid of {} classes with ten sample images each, from the "
                          "training split of {}",
                          classes, source_text(data.train.name))},
      tiles, layout);
}

Figure class_distribution(const Inspection& inspection) {
  std::vector<Series> series;
  for (const auto& [name, split] :
       {std::pair("training", &inspection.train), std::pair("test", &inspection.test)}) {
    Series bars{.name = fmt::format("{}, {} images", name, grouped(split->quality.n))};
    for (const int64_t count : split->quality.per_class) {
      bars.y.push_back(100.0 * static_cast<double>(count) /
                       static_cast<double>(std::max<int64_t>(split->quality.n, 1)));
    }
    series.push_back(std::move(bars));
  }
  const ChiSquareTest& balance = inspection.balance;
  return bar_chart(
      {.name = "class_distribution",
       .title = "Frequency of each class",
       .note = fmt::format("{}\nTraining against equal frequencies: chi-square {:.1f}, p = {:.2g}; "
                           "training against test: chi-square {:.1f}, p = {:.2g}",
                           source_text(inspection.dataset), balance.chi2, balance.p,
                           inspection.train_to_test.labels.chi2, inspection.train_to_test.labels.p),
       .alt =
           fmt::format("Bars: fraction of each of {} classes in the training and test splits of {}",
                       inspection.class_names.size(), source_text(inspection.dataset))},
      inspection.class_names, series, {.x = "class", .y = "fraction of the split, %"});
}

Figure mean_digits(const InspectedData& data, const Inspection& inspection) {
  std::vector<Tile> tiles;
  for (size_t c = 0; c < inspection.class_names.size(); ++c) {
    const std::vector<double>& mean = inspection.train.quality.class_means[c];
    Tile tile =
        tile_of(mean.empty() ? std::vector<double>(data.train.image_size()) : mean, data.train);
    tile.caption = fitted(inspection.class_names[c], 90);
    tiles.push_back(std::move(tile));
  }
  return image_grid(
      {.name = "mean_digits",
       .title = "The mean image of each class",
       .note = fmt::format(
           "{}, training split; a sharp mean means a class that is always written alike",
           source_text(inspection.dataset)),
       .alt = fmt::format("The mean training image of each of {} classes", tiles.size())},
      tiles, {.columns = std::min(5, count_of(tiles)), .tile_px = 96});
}

Figure pixel_histogram(const Inspection& inspection) {
  std::vector<Series> series;
  for (const auto& [name, split] :
       {std::pair("training", &inspection.train), std::pair("test", &inspection.test)}) {
    const auto& histogram = split->quality.histogram;
    const double total = std::accumulate(histogram.begin(), histogram.end(), 0.0);
    Series line{.name = name};
    for (int v = 0; v < count_of(histogram); ++v) {
      const double fraction = 100.0 * static_cast<double>(at(histogram, v)) / std::max(total, 1.0);
      line.x.push_back(v);
      line.y.push_back(fraction > 0 ? fraction : std::nan(""));
    }
    series.push_back(std::move(line));
  }
  const PixelStatistics& train = inspection.train.quality.pixels;
  const PixelStatistics& test = inspection.test.quality.pixels;
  Figure figure{.name = "pixel_histogram",
                .title = "Pixel brightness",
                .note = fmt::format(
                    "{}\nOf pixel/255: training mean {:.4f}, deviation {:.4f}; test mean "
                    "{:.4f}, deviation {:.4f}",
                    source_text(inspection.dataset), train.mean, train.sd, test.mean, test.sd),
                .alt = fmt::format(
                    "Fraction of pixels by brightness from 0 to 255, training and test splits of "
                    "{}, logarithmic",
                    source_text(inspection.dataset))};
  figure.commands = "set xtics 0,32,255 add (255)\n";
  return line_chart(figure, series,
                    {.x = "pixel value", .y = "fraction of pixels, %", .log_y = true});
}

Figure outliers_figure(const InspectedData& data, const Inspection& inspection) {
  Figure figure{
      .name = "outliers",
      .title = "The images least like their class",
      .note = fmt::format("{}, {} of training and {} of test beyond z = {}; by class, farthest "
                          "first; below each: split, index\n"
                          "z: robust, of the Mahalanobis distance between coarse images, within "
                          "class and split",
                          source_text(inspection.dataset), inspection.train.outliers.size(),
                          inspection.test.outliers.size(), kOutlierZ),
      .alt = "Rows of the images farthest from the rest of their class"};
  std::vector<Tile> tiles;
  GridLayout layout = captioned_layout({});
  for (int c = 0; c < std::min(kClassesShown, count_of(inspection.class_names)); ++c) {
    std::vector<std::pair<uint32_t, Outlier>> of_class;  // set, outlier
    for (uint32_t set = 0; set < 2; ++set) {
      for (const Outlier& o : (set == 0 ? inspection.train : inspection.test).outliers) {
        if (o.label == c) of_class.emplace_back(set, o);
      }
    }
    if (of_class.empty()) continue;
    std::stable_sort(of_class.begin(), of_class.end(),
                     [](const auto& a, const auto& b) { return a.second.z > b.second.z; });
    layout.row_names.push_back(at(inspection.class_names, c));
    const size_t begin = tiles.size();
    for (const auto& [set, outlier] :
         std::span(of_class).first(std::min(narrow<size_t>(layout.columns), of_class.size()))) {
      Tile tile = tile_of(set_of(data, set), outlier.index);
      tile.caption = fmt::format("z {:.0f}", outlier.z);
      tile.small = fmt::format("{} {}", set == 0 ? "train" : "test", outlier.index);
      tiles.push_back(std::move(tile));
    }
    tiles.resize(begin + narrow<size_t>(layout.columns));
  }
  if (tiles.empty()) return sentence_figure(figure, "No image is that far from its class.");
  return image_grid(figure, tiles, layout);
}

Figure suspect_labels(const InspectedData& data, const Inspection& inspection) {
  GridLayout layout = captioned_layout(inspection.class_names);
  Figure figure{
      .name = "suspect_labels",
      .title = "Labels that are probably wrong",
      .note = fmt::format("{}, the {} most certain of each split; below each: label given → "
                          "suggested, index, p(suggested) - p(given)\n"
                          "Orange: off the diagonal of the confident joint (Northcutt et "
                          "al. 2021); by models not trained on the image",
                          source_text(inspection.dataset), 2 * layout.columns),
      .alt =
          "Rows of images whose label is contradicted by models not trained on "
          "them, with the label given and the one suggested"};
  std::vector<Tile> tiles;
  for (uint32_t set = 0; set < 2; ++set) {
    const SplitInspection& split = set == 0 ? inspection.train : inspection.test;
    if (!split.suspects || split.suspects->suspects.empty()) continue;
    const std::vector<Suspect>& all = split.suspects->suspects;
    const int begin = count_of(tiles);
    for (const Suspect& suspect :
         std::span(all).first(std::min(all.size(), narrow<size_t>(2 * layout.columns)))) {
      Tile tile = tile_of(set_of(data, set), suspect.index);
      tile.caption = fmt::format("{} → {}", fitted(inspection.class_names[suspect.given], 56),
                                 fitted(inspection.class_names[suspect.suggested], 56));
      tile.caption_colour = suspect.confident ? kMark : kInk;
      tile.small = fmt::format("{}  {:.2f}", suspect.index, suspect.score);
      tiles.push_back(std::move(tile));
    }
    const int rows = ceil_div(count_of(tiles) - begin, layout.columns);
    tiles.resize(narrow<size_t>(begin + rows * layout.columns));
    for (int r = 0; r < rows; ++r) {
      layout.row_names.emplace_back(r > 0 ? "" : set == 0 ? "train" : "test");
    }
  }
  if (tiles.empty()) return sentence_figure(figure, "No label is contradicted.");
  return image_grid(figure, tiles, layout);
}

void add_data_figures(const InspectedData& data, const Inspection& inspection, Engine& engine,
                      FigureSheet& sheet) {
  sheet.add(sample_digits(data));
  sheet.add(class_distribution(inspection));
  sheet.add(mean_digits(data, inspection));
  sheet.add(pixel_histogram(inspection));
  sheet.add(outliers_figure(data, inspection));
  if (inspection.train.suspects) {
    sheet.add(suspect_labels(data, inspection));
  } else {
    sheet.leave_out("suspect_labels");
  }
  sheet.add(preprocessing(data, inspection));
  sheet.add(data_augmentation_examples(data, engine, 1));
}

}  // namespace inkling
