#include "report/figures/insight_figures.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <tuple>
#include <utility>

#include "base/index.h"
#include "base/number_text.h"
#include "report/draw/heat_tile.h"
#include "report/draw/image_grid.h"

namespace inkling {
namespace {

// Corruptions from the mildest to the strongest, light to dark; distinguishable by brightness
// alone.
constexpr std::array<const char*, 5> kStrengths = {"#9ecae1", "#6baed6", "#4292c6", "#2171b5",
                                                   "#084594"};

struct CorruptionRow {
  std::string name;
  std::span<const double> accuracy;  // by strength
  double mean = 0;
};

// The worst first.
std::vector<CorruptionRow> corruption_rows(const Robustness& robustness) {
  std::vector<CorruptionRow> rows;
  for (const CorruptionAccuracy& each : robustness.corruptions) {
    CorruptionRow row{.name = std::string(corruption_name(each.corruption)),
                      .accuracy = each.accuracy,
                      .mean = each.mean};
    std::replace(row.name.begin(), row.name.end(), '_', ' ');
    rows.push_back(std::move(row));
  }
  std::ranges::sort(rows, [](const CorruptionRow& a, const CorruptionRow& b) {
    return std::tie(a.mean, a.name) < std::tie(b.mean, b.name);
  });
  return rows;
}

std::string images_text(const Robustness& robustness) {
  const int64_t n = robustness.n, of = robustness.of;
  return n < of ? fmt::format("{} of the {} images, the same fraction of every class", grouped(n),
                              grouped(of))
                : fmt::format("{} images", grouped(n));
}

struct Curve {
  std::string data;  // "x y" lines, then "e"
  const char* name;
};

template <typename Point>
Curve curve_of(const std::vector<Point>& points, double Point::*x, double Point::*y,
               const char* name) {
  std::string text;
  for (const Point& point : points) text += fmt::format("{} {}\n", point.*x, 100 * (point.*y));
  return {.data = text + "e\n", .name = name};
}

Curve curve_of(const std::vector<RobustnessPoint>& points, const char* name) {
  return curve_of(points, &RobustnessPoint::amount, &RobustnessPoint::accuracy, name);
}

// A quarter of the figure, column and row 0 or 1.
std::string quarter(int column, int row, const std::string& label, const Figure& figure,
                    const std::vector<Curve>& curves) {
  const double top = 1 - (kTitleHeight + 16.0) / figure.height;
  const double bottom = (kNoteHeight + 52.0) / figure.height;
  const double gap = 72.0 / figure.height, height = (top - bottom - gap) / 2;
  const double upper = top - row * (height + gap);
  std::string text = fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\n"
      "set bmargin at screen {}\nset xlabel {} textcolor rgb '{}'\n",
      column == 0 ? 0.085 : 0.585, column == 0 ? 0.475 : 0.975, upper, upper - height,
      plot_text(label), kInk);
  std::string plots, data;
  for (size_t c = 0; c < curves.size(); ++c) {
    plots += fmt::format(
        "{}'-' using 1:2 with linespoints linewidth 1.8 pointtype 7 pointsize 0.35 linecolor rgb "
        "'{}' title {}",
        c == 0 ? "plot " : ", ", kPalette[c], plot_text(curves[c].name));
    data += curves[c].data;
  }
  text += curves.size() > 1 ? "set key samplen 1 at graph 1, graph 1.02 right bottom horizontal\n"
                            : "unset key\n";
  return text + plots + "\n" + data + "unset label\n";
}

}  // namespace

Figure saliency_figure(const EvaluatedRun& run, const Insight& insight) {
  Figure figure{
      .name = "saliency",
      .title = "What its most confident mistakes are based on",
      .note = fmt::format("{}; orange supports the predicted class, blue opposes it", run.source()),
      .alt =
          "A row per mistake: the image, and where the network looked by saliency, "
          "Grad-CAM and occlusion"};
  std::vector<Tile> tiles;
  GridLayout layout{.tile_px = 96};
  for (size_t i = 0; i < insight.explanations.size(); ++i) {
    const size_t position = insight.mistakes[i].position;
    const uint32_t index = run.evaluation.predictions.indices[position];
    std::vector<Tile> row = explanation_tiles(tile_of(run.dataset, index), insight.explanations[i]);
    layout.columns = count_of(row);
    for (Tile& tile : row) {
      if (i == 0) layout.column_names.push_back(tile.caption);
      tile.caption.clear();
      tiles.push_back(std::move(tile));
    }
    const int predicted = prediction_at(run, position).predicted;
    layout.row_names.push_back(fmt::format("{} → {}",
                                           fitted(run.class_names[run.dataset.labels[index]], 56),
                                           fitted(at(run.class_names, predicted), 56)));
  }
  if (tiles.empty()) return sentence_figure(figure, "It made no mistake.");
  return image_grid(figure, tiles, layout);
}

Figure filters_figure(const EvaluatedRun& run, const Insight& insight) {
  constexpr size_t kMostFilters = 64;
  const Filters& filters = insight.filters;
  const size_t shown = std::min(filters.weights.size(), kMostFilters);
  const int pixels = filters.height * filters.width, channels = filters.channels;
  std::vector<Tile> tiles;
  for (size_t i = 0; i < shown; ++i) {
    Heatmap map{.height = filters.height, .width = filters.width};
    const float* weights = filters.weights[i].data();
    for (int p = 0; p < pixels; ++p) {
      float sum = 0;
      for (int c = 0; c < channels; ++c) sum += weights[p * channels + c];
      map.values.push_back(sum);
    }
    const Tile black{.width = filters.width,
                     .height = filters.height,
                     .rgb = std::vector<uint8_t>(map.values.size() * 3)};
    tiles.push_back(heat_tile(black, map));
  }
  Figure figure{
      .name = "filters",
      .title = "What the first layer looks for",
      .note = fmt::format("{}, {} of its {} {}{}\n"
                          "Orange: responds to light, blue: to dark; each scaled by itself",
                          run.source(), shown, filters.weights.size(),
                          filters.convolution ? "filters" : "units",
                          channels > 1 ? ", channels summed" : ""),
      .alt = fmt::format("The weights of {} filters of the first layer as small pictures", shown)};
  if (tiles.empty()) return sentence_figure(figure, "There is no layer with weights.");
  return image_grid(figure, tiles, {.columns = filters.convolution ? 8 : 5, .tile_px = 64});
}

Figure feature_map(const EvaluatedRun& run, const Insight& insight) {
  const Predictions& predictions = run.evaluation.predictions;
  const size_t classes = run.class_names.size();
  const size_t n = insight.map.points.size();
  Figure figure{
      .name = "feature_map",
      .title = "The classes in the feature space of the last layer",
      .note = fmt::format(
          "{}, the first {}; the two directions of largest variance ({:.0f} and "
          "{:.0f} % of it)\nA dot per image, class names at the class means; rings: "
          "mistakes",
          run.source(), n, 100 * insight.map.variance[0], 100 * insight.map.variance[1]),
      .alt = fmt::format("{} images as points in a plane, those of a class near each other", n),
      .width = 680,
      .height = 600};
  std::vector<std::string> of_class(classes);
  std::vector<std::array<double, 3>> middle(classes);  // x, y, count
  std::string rings;
  for (size_t i = 0; i < n; ++i) {
    const auto [x, y] = insight.map.points[i];
    const size_t label = predictions.labels[i];
    of_class[label] += fmt::format("{} {}\n", x, y);
    middle[label][0] += x;
    middle[label][1] += y;
    ++middle[label][2];
    if (!prediction_at(run, i).right()) {
      rings += fmt::format("{} {}\n", x, y);
    }
  }
  figure.commands =
      "unset key\nunset tics\nunset grid\nunset border\n"
      "set lmargin at screen 0.02\nset rmargin at screen 0.98\n"
      "set offsets graph 0.03, graph 0.03, graph 0.03, graph 0.03\n";
  std::string plots, data;
  for (size_t c = 0; c < classes; ++c) {
    if (of_class[c].empty()) continue;
    plots += fmt::format(
        "{}'-' using 1:2 with points pointtype {} pointsize 0.45 linecolor rgb '{}' notitle",
        plots.empty() ? "plot " : ", ", c < kPaletteSize ? 7 : 9, kPalette[c % kPaletteSize]);
    data += of_class[c] + "e\n";
    figure.commands +=
        fmt::format("set label {} at {},{} center front font ',20' textcolor rgb '{}'\n",
                    plot_text(run.class_names[c]), middle[c][0] / middle[c][2],
                    middle[c][1] / middle[c][2], kInk);
  }
  if (!rings.empty()) {
    plots += fmt::format(
        ", '-' using 1:2 with points pointtype 6 pointsize 1.2 linewidth 1.5 linecolor rgb '{}' "
        "notitle",
        kPalette[3]);
    data += rings + "e\n";
  }
  figure.commands += plots + "\n" + data;
  return figure;
}

Figure robustness_figure(const Robustness& robustness, const std::string& source) {
  const std::vector<CorruptionRow> rows = corruption_rows(robustness);
  const double clean = 100 * robustness.clean;
  const double mean = 100 * robustness.mean_corrupted;
  Figure figure{
      .name = "robustness",
      .title = fmt::format("{:.1f} % accuracy on corrupted images, {:.1f} % on the originals", mean,
                           clean),
      .note = fmt::format(
          "{}; {}\nFifteen corruptions in the style of MNIST-C at five strengths, darker is "
          "stronger; dotted: the originals",
          source, images_text(robustness)),
      .alt = fmt::format(
          "Accuracy under each of {} corruptions at five strengths, the worst first:", rows.size()),
      .width = 720,
      .height = kTitleHeight + 24 * count_of(rows) + 110};
  std::string ticks;
  std::vector<std::string> by_strength(kStrengths.size());
  double least = 100;
  for (size_t r = 0; r < rows.size(); ++r) {
    ticks += fmt::format("{}{} {}", r == 0 ? "" : ", ", plot_text(rows[r].name), r);
    figure.alt +=
        fmt::format("{} {} {:.0f} %", r == 0 ? "" : ",", rows[r].name, 100 * rows[r].mean);
    for (size_t s = 0; s < std::min(kStrengths.size(), rows[r].accuracy.size()); ++s) {
      by_strength[s] += fmt::format("{} {}\n", 100 * rows[r].accuracy[s], r);
      least = std::min(least, 100 * rows[r].accuracy[s]);
    }
  }
  figure.commands = fmt::format(
      "set lmargin at screen {}\nset xlabel 'accuracy, %' textcolor rgb '{}'\nunset key\n"
      "set xrange [{}:101]\nset yrange [{}:-0.7]\nset ytics ({}) scale 0\nunset grid\n"
      "set grid xtics ytics linecolor rgb '{}' linewidth 0.5 dashtype 3\n"
      "set arrow 1 from first {}, graph 0 to first {}, graph 1 nohead linecolor rgb '{}' dashtype "
      "3 linewidth 1.5 back\n",
      116.0 / figure.width, kInk, std::floor(least / 10) * 10, count_of(rows) - 0.3, ticks, kQuiet,
      clean, clean, kQuiet);
  std::string plots, data;
  for (size_t s = 0; s < kStrengths.size(); ++s) {
    plots += fmt::format(
        "{}'-' using 1:2 with points pointtype 7 pointsize 0.75 linecolor rgb "
        "'{}' notitle",
        s == 0 ? "plot " : ", ", kStrengths[s]);
    data += by_strength[s] + "e\n";
  }
  figure.commands += plots + "\n" + data;
  return figure;
}

Figure robustness_curves(const Robustness& robustness, const std::string& source) {
  Figure figure{.name = "robustness_curves",
                .title = "Rotated, shifted, scaled, attacked: accuracy in %",
                .note = fmt::format("{}; {}\nFGSM: every pixel changed by that fraction of white, "
                                    "knowing weights and label; beside it, changed at random",
                                    source, images_text(robustness)),
                .alt =
                    "Four curves of accuracy: over rotation, shift, scale, and the strength of "
                    "an FGSM attack",
                .width = 760,
                .height = 520};
  std::string& text = figure.commands;
  text = "set multiplot\nset yrange [0:102]\nset ytics 25\n";
  text += quarter(0, 0, "rotation, degrees", figure, {curve_of(robustness.rotation, "")});
  text +=
      quarter(1, 0, "shift, pixels", figure,
              {curve_of(robustness.shift_x, "to the right"), curve_of(robustness.shift_y, "down")});
  text += quarter(0, 1, "scale", figure, {curve_of(robustness.scale, "")});
  text += quarter(
      1, 1, "change per pixel, fraction of white", figure,
      {curve_of(robustness.fgsm, &FgsmPoint::epsilon, &FgsmPoint::accuracy, "FGSM"),
       curve_of(robustness.fgsm, &FgsmPoint::epsilon, &FgsmPoint::random_accuracy, "random")});
  text += "unset multiplot\n";
  return figure;
}

void add_robustness_figures(const Robustness* robustness, const std::string& source,
                            FigureSheet& sheet) {
  if (robustness != nullptr) {
    sheet.add(robustness_figure(*robustness, source));
    sheet.add(robustness_curves(*robustness, source));
  } else {
    sheet.leave_out("robustness");
    sheet.leave_out("robustness_curves");
  }
}

}  // namespace inkling
