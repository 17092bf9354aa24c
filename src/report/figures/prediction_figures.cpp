// The figures of run_figures.h that show predictions.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "base/index.h"
#include "base/number_text.h"
#include "report/draw/image_grid.h"
#include "report/figures/run_figures.h"

namespace inkling {
namespace {

constexpr int kExampleRows = 3;

size_t examples_in(const GridLayout& layout) {
  return narrow<size_t>(kExampleRows * layout.columns);
}

// The probabilities of one image: [classes].
std::span<const float> row_of(const Predictions& predictions, size_t position, int classes) {
  const auto first = predictions.probabilities.begin() + narrow<ptrdiff_t>(position) * classes;
  return {first, first + classes};
}

std::string whole_percent(double confidence) {
  return confidence >= 0.9995 ? "100 %" : fmt::format("{:.1f} %", 100 * confidence);
}

// Mixes towards white: 0 white, 1 the colour.
std::string shade(int red, int green, int blue, double amount) {
  const auto mix = [&](int channel) { return std::lround(255 - amount * (255 - channel)); };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(red), mix(green), mix(blue));
}

}  // namespace

std::string EvaluatedRun::source() const {
  return fmt::format("{} on {}, {} {} images", model, source_text(dataset.name),
                     grouped(evaluation.predictions.labels.size()), split);
}

Prediction prediction_at(const EvaluatedRun& run, size_t position) {
  const Predictions& predictions = run.evaluation.predictions;
  const std::span<const float> row = row_of(predictions, position, run.evaluation.metrics.classes);
  const int predicted = predicted_class(row);
  return {.truth = predictions.labels[position],
          .predicted = predicted,
          .confidence = at(row, predicted),
          .index = predictions.indices[position]};
}

std::vector<size_t> mistakes_by_confidence(const Predictions& predictions, int classes) {
  std::vector<std::pair<float, size_t>> mistakes;
  for (size_t i = 0; i < predictions.labels.size(); ++i) {
    const std::span<const float> row = row_of(predictions, i, classes);
    const int predicted = predicted_class(row);
    if (predicted != predictions.labels[i]) {
      mistakes.emplace_back(at(row, predicted), i);
    }
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<size_t> positions;
  for (const auto& [confidence, position] : mistakes) positions.push_back(position);
  return positions;
}

Figure confusion_matrix(const EvaluatedRun& run) {
  const Metrics& metrics = run.evaluation.metrics;
  const int classes = metrics.classes;
  const int longest = longest_of(run.class_names);
  const int cell = classes <= 12 ? 46 : std::max(10, 560 / classes);
  const bool counts = cell >= 26;
  const int left = 52 + 7 * longest;
  const int head = longest > 3 ? 14 + 6 * longest : 22;
  const int top = kTitleHeight + 22 + head;
  Figure figure{
      .name = "confusion_matrix",
      .title = fmt::format("{} of {} images classified correctly", grouped(metrics.correct),
                           grouped(metrics.n)),
      .note = fmt::format("{}\nRows: the true class; columns: the predicted class", run.source()),
      .alt = fmt::format("Confusion matrix of {} classes: {} correct, {} mistakes", classes,
                         metrics.correct, metrics.n - metrics.correct)};
  figure.width = std::max(left + classes * cell + 24, 480);
  figure.height = top + classes * cell + 16 + kNoteHeight + 13;
  std::string& text = figure.commands;
  text = pixel_canvas(figure.width, figure.height);
  const auto label = [&](const std::string& name, double x, double y, const char* how, int size,
                         const char* colour) {
    text += fmt::format("set label {} at {:.1f},{:.1f} {} front font ',{}' textcolor rgb '{}'\n",
                        plot_text(name), x, y, how, size, colour);
  };
  int most = 1;
  for (int t = 0; t < classes; ++t) {
    for (int g = 0; g < classes; ++g) {
      if (t != g) most = std::max(most, at(at(metrics.confusion, t), g));
    }
  }
  label("predicted", left + classes * cell / 2.0, kTitleHeight + 6, "center", 10, kQuiet);
  label("true", 22, top + classes * cell / 2.0, "center rotate by 90", 10, kQuiet);
  int object = 1;
  for (int t = 0; t < classes; ++t) {
    const double y = top + t * cell;
    label(at(run.class_names, t), left - 10, y + cell / 2.0, "right", 11, kInk);
    label(at(run.class_names, t), left + (t + 0.5) * cell, top - 12,
          longest > 3 ? "left rotate by 60" : "center", 11, kInk);
    for (int g = 0; g < classes; ++g) {
      const int64_t count = at(at(metrics.confusion, t), g);
      const double x = left + g * cell;
      if (count == 0) {
        if (counts) label("·", x + cell / 2.0, y + cell / 2.0, "center", 10, kQuiet);
        continue;
      }
      const double fraction = static_cast<double>(count) / static_cast<double>(most);
      const std::string colour =
          t == g ? shade(0, 114, 178, 0.28) : shade(213, 94, 0, 0.12 + 0.6 * std::sqrt(fraction));
      text += fmt::format(
          "set object {} rectangle from {},{} to {},{} back fillstyle solid 1 noborder "
          "fillcolor rgb '{}'\n",
          object++, x + 1, y + 1, x + cell - 1, y + cell - 1, colour);
      if (counts) {
        label(std::to_string(count), x + cell / 2.0, y + cell / 2.0, "center", 10, "black");
      }
    }
  }
  text += "plot NaN notitle\n";
  return figure;
}

void add_prediction_figures(const EvaluatedRun& run, FigureSheet& sheet) {
  sheet.add(confusion_matrix(run));
  sheet.add(misclassified_examples(run));
  sheet.add(predictions(run));
  sheet.add(reliability(run));
  sheet.add(risk_coverage(run));
}

Figure misclassified_examples(const EvaluatedRun& run) {
  const std::vector<size_t> mistakes =
      mistakes_by_confidence(run.evaluation.predictions, run.evaluation.metrics.classes);
  const GridLayout layout = captioned_layout(run.class_names);
  const size_t shown = std::min(mistakes.size(), examples_in(layout));
  Figure figure{.name = "misclassified_examples",
                .title = "The most confident mistakes",
                .note = fmt::format("{}; {} of {} mistakes; below each: true → predicted, index, "
                                    "confidence",
                                    run.source(), shown, mistakes.size()),
                .alt = fmt::format("The {} mistakes of highest confidence:", shown)};
  std::vector<Tile> tiles;
  for (const size_t position : std::span(mistakes).first(shown)) {
    const Prediction prediction = prediction_at(run, position);
    const std::string &truth = at(run.class_names, prediction.truth),
                      &predicted = at(run.class_names, prediction.predicted);
    Tile tile = tile_of(run.dataset, prediction.index);
    tile.caption = fmt::format("{} → {}", fitted(truth, 56), fitted(predicted, 56));
    tile.small = fmt::format("{}  {:.0f} %", prediction.index, 100 * prediction.confidence);
    tiles.push_back(std::move(tile));
    figure.alt += fmt::format("{} {} read as {}", tiles.size() == 1 ? "" : ",", truth, predicted);
  }
  if (tiles.empty()) return sentence_figure(figure, "It made no mistake.");
  return image_grid(figure, tiles, layout);
}

Figure predictions(const EvaluatedRun& run) {
  const Predictions& predictions = run.evaluation.predictions;
  const GridLayout layout = captioned_layout(run.class_names);
  const size_t shown = std::min(predictions.labels.size(), examples_in(layout));
  std::vector<Tile> tiles;
  int correct = 0;
  for (size_t i = 0; i < shown; ++i) {
    const Prediction prediction = prediction_at(run, i);
    Tile tile = tile_of(run.dataset, prediction.index);
    const bool right = prediction.right();
    correct += right;
    tile.caption =
        fmt::format("{}  {}", fitted(at(run.class_names, prediction.predicted), layout.tile_px),
                    whole_percent(prediction.confidence));
    if (!right) tile.caption_colour = kMark;
    tile.small = fmt::format("true {}", at(run.class_names, prediction.truth));
    tiles.push_back(std::move(tile));
  }
  return image_grid(
      {.name = "predictions",
       .title = "Predictions",
       .note = fmt::format("{}; the first {}; below each: the predicted class, orange if "
                           "wrong, its confidence, and the true class",
                           run.source(), shown),
       .alt =
           fmt::format("The first {} images with the predicted and the true class of each; {} are "
                       "correct",
                       shown, correct)},
      tiles, layout);
}

}  // namespace inkling
