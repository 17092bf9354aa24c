// The page's confusion matrix, whose numbers open their images, and its mistakes.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/index.h"
#include "base/number_text.h"
#include "report/draw/heat_tile.h"
#include "report/page/page_pictures.h"
#include "report/page/page_sections.h"

namespace inkling {
namespace {

constexpr size_t kRightShown = 12;         // of a cell on the diagonal
constexpr size_t kCards = 24;              // mistakes shown as cards
constexpr size_t kPictureBytes = 5 << 20;  // of all the cells' images together, as text
constexpr int kMostMatrixClasses = 40;     // a larger matrix does not fit a page

using Cell = std::pair<int, int>;  // true class, predicted class

// Positions of the predictions in each cell, most confident mistakes first.
std::map<Cell, std::vector<size_t>> cells_of(const EvaluatedRun& run) {
  std::map<Cell, std::vector<size_t>> cells;
  const Predictions& predictions = run.evaluation.predictions;
  for (const size_t i : mistakes_by_confidence(predictions, run.evaluation.metrics.classes)) {
    const Prediction prediction = prediction_at(run, i);
    cells[{prediction.truth, prediction.predicted}].push_back(i);
  }
  for (size_t i = 0; i < predictions.labels.size(); ++i) {
    const Prediction prediction = prediction_at(run, i);
    if (!prediction.right()) continue;
    std::vector<size_t>& cell = cells[{prediction.truth, prediction.predicted}];
    if (cell.size() < kRightShown) cell.push_back(i);
  }
  return cells;
}

std::string cell_id(const Cell& cell) { return fmt::format("cell-{}-{}", cell.first, cell.second); }

nlohmann::json image_of(const EvaluatedRun& run, size_t position) {
  const Prediction prediction = prediction_at(run, position);
  const std::string &truth = at(run.class_names, prediction.truth),
                    &predicted = at(run.class_names, prediction.predicted);
  const std::string where = where_text(run, prediction.index);
  return {{"src", picture_uri(run.dataset, prediction.index)},
          {"alt", prediction.right()
                      ? fmt::format("{}, a {} classified correctly", where, truth)
                      : fmt::format("{}, a {} classified as {}", where, truth, predicted)},
          {"confidence", confidence_text(prediction.confidence)},
          {"index", prediction.index}};
}

nlohmann::json panel_of(const EvaluatedRun& run, const Cell& cell,
                        const std::vector<size_t>& positions, int most) {
  const std::string &truth = at(run.class_names, cell.first),
                    &predicted = at(run.class_names, cell.second);
  const int64_t count = at(at(run.evaluation.metrics.confusion, cell.first), cell.second);
  const bool right = cell.first == cell.second;
  const int shown = std::min(most, count_of(positions));
  nlohmann::json images = nlohmann::json::array();
  for (int i = 0; i < shown; ++i) images.push_back(image_of(run, at(positions, i)));
  const std::string what = shown == count ? counted(count, "image", "images")
                                          : fmt::format("{} of {} images", shown, grouped(count));
  return {{"id", cell_id(cell)},
          {"title", right ? fmt::format("{} classified as {}", truth, predicted)
                          : fmt::format("{} mistaken for {}", truth, predicted)},
          {"note", fmt::format("{}; below each: confidence and index{}", what,
                               right ? "" : ", most confident first")},
          {"images", images}};
}

// Every mistake, unless the page would be too large to load: then as many per cell as fit.
nlohmann::json panels_of(const EvaluatedRun& run,
                         const std::map<Cell, std::vector<size_t>>& cells) {
  for (int most = count_of(run.evaluation.predictions.labels);; most = most / 2 + 1) {
    nlohmann::json panels = nlohmann::json::array();
    size_t bytes = 0;
    for (const auto& [cell, positions] : cells) {
      panels.push_back(panel_of(run, cell, positions, most));
      for (const nlohmann::json& image : panels.back()["images"]) {
        bytes += image["src"].get_ref<const std::string&>().size();
      }
      if (bytes > kPictureBytes && most > 2) break;
    }
    if (bytes <= kPictureBytes || most <= 2) return panels;
  }
}

// By the fraction of the largest number of mistakes: four levels, by the square root.
const char* level_of(int64_t count, int64_t most) {
  const double fraction = static_cast<double>(count) / static_cast<double>(most);
  return fraction > 0.56 ? "l4" : fraction > 0.25 ? "l3" : fraction > 0.06 ? "l2" : "l1";
}

nlohmann::json rows_of(const EvaluatedRun& run) {
  const Metrics& m = run.evaluation.metrics;
  int most = 1;
  for (int t = 0; t < m.classes; ++t) {
    for (int g = 0; g < m.classes; ++g) {
      if (t != g) {
        most = std::max(most, at(at(m.confusion, t), g));
      }
    }
  }
  nlohmann::json rows = nlohmann::json::array();
  for (int t = 0; t < m.classes; ++t) {
    const std::string& truth = at(run.class_names, t);
    nlohmann::json cells = nlohmann::json::array();
    for (int g = 0; g < m.classes; ++g) {
      const int64_t count = at(at(m.confusion, t), g);
      if (count == 0) {
        cells.push_back({{"level", ""}, {"count", "·"}});
        continue;
      }
      cells.push_back(
          {{"level", t == g ? "right" : level_of(count, most)},
           {"panel", true},
           {"id", cell_id({t, g})},
           {"count", std::to_string(count)},
           {"label", fmt::format("{} classified as {}: {}", truth, at(run.class_names, g),
                                 counted(count, "image", "images"))}});
    }
    rows.push_back({{"name", truth}, {"cells", cells}});
  }
  return rows;
}

// Where the network looked, and the most similar training images. `which` counts insight's
// mistakes.
void add_insight(const RunReport& report, size_t which, nlohmann::json& card) {
  if (which >= report.insight->mistakes.size()) return;
  const ExplainedMistake& mistake = report.insight->mistakes[which];
  const uint32_t index = report.evaluated.evaluation.predictions.indices[mistake.position];
  card["saliency"] = {
      {"src", tile_uri(heat_tile(tile_of(report.evaluated.dataset, index), mistake.saliency))},
      {"alt",
       "where the network looked: the stronger the orange, the more a change there would matter"}};
  if (!report.training || mistake.neighbours.empty()) return;
  nlohmann::json images = nlohmann::json::array();
  for (const uint32_t neighbour : mistake.neighbours) {
    const uint8_t label = report.training->labels[neighbour];
    const std::string& name = report.evaluated.class_names[label];
    images.push_back({{"src", picture_uri(*report.training, neighbour)},
                      {"alt", fmt::format("training image {}, a {}", neighbour, name)},
                      {"label", name}});
  }
  card["neighbours"] = {{"text", "nearest training images"}, {"images", images}};
}

std::string looked_text(const RunReport& report) {
  if (!report.insight) return "";
  return fmt::format(
      " Beside each, where the network looked; below, the nearest of {} training images in the "
      "feature space of its last layer, with their labels.",
      grouped(report.insight->among));
}

std::string four_digits(double value) { return fmt::format("{:.4f}", value); }

}  // namespace

nlohmann::json confusion_section(const RunReport& report) {
  const EvaluatedRun& run = report.evaluated;
  const Metrics& m = run.evaluation.metrics;
  if (m.classes > kMostMatrixClasses) return nullptr;
  nlohmann::json columns = nlohmann::json::array(), classes = nlohmann::json::array();
  for (size_t c = 0; c < run.class_names.size(); ++c) {
    const ClassMetrics& of_class = m.per_class[c];
    columns.push_back({{"name", run.class_names[c]}});
    classes.push_back({{"name", run.class_names[c]},
                       {"support", grouped(of_class.support)},
                       {"precision", four_digits(of_class.precision)},
                       {"recall", four_digits(of_class.recall)},
                       {"f1", four_digits(of_class.f1)}});
  }
  return {{"text", fmt::format("All {} are here: choose a number to see its images.",
                               counted(m.n - m.correct, "mistake", "mistakes"))},
          {"columns", columns},
          {"rows", rows_of(run)},
          {"classes", classes},
          {"n", grouped(m.n)},
          {"precision", four_digits(m.macro.precision)},
          {"recall", four_digits(m.macro.recall)},
          {"f1", four_digits(m.macro.f1)},
          {"panels", panels_of(run, cells_of(run))}};
}

nlohmann::json mistakes_section(const RunReport& report) {
  const EvaluatedRun& run = report.evaluated;
  const std::vector<size_t> mistakes =
      mistakes_by_confidence(run.evaluation.predictions, run.evaluation.metrics.classes);
  if (mistakes.empty()) return nullptr;
  nlohmann::json cards = nlohmann::json::array();
  for (const size_t position : std::span(mistakes).first(std::min(kCards, mistakes.size()))) {
    const Prediction prediction = prediction_at(run, position);
    nlohmann::json card = image_of(run, position);
    card["truth"] = at(run.class_names, prediction.truth);
    card["predicted"] = at(run.class_names, prediction.predicted);
    card["where"] = where_text(run, prediction.index);
    if (report.insight) add_insight(report, cards.size(), card);
    cards.push_back(std::move(card));
  }
  const std::string which = mistakes.size() > kCards ? fmt::format("The {} most confident of {}.",
                                                                   kCards, grouped(mistakes.size()))
                                                     : "All of them, most confident first.";
  return {{"text", which +
                       " Some are the network's fault, some images nobody could read, and some "
                       "labels may be wrong." +
                       looked_text(report)},
          {"cards", cards}};
}

}  // namespace inkling
