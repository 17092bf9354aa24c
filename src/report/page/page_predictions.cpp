// The page's confusion matrix, whose numbers open their images, and its mistakes.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "report/draw/heat_tile.h"
#include "report/page/page_pictures.h"
#include "report/page/page_sections.h"

namespace inkling {
namespace {

constexpr size_t kRightShown = 12;         // of a cell on the diagonal
constexpr size_t kCards = 24;              // mistakes with room of their own
constexpr size_t kPictureBytes = 5 << 20;  // of all the cells' images together, as text
constexpr int kMostClasses = 40;           // a larger matrix is no table for a page

using Cell = std::pair<int, int>;  // true class, given class

// Positions of the answers in each cell, the surest first.
std::map<Cell, std::vector<size_t>> cells_of(const EvaluatedRun& run) {
  std::map<Cell, std::vector<size_t>> cells;
  const Predictions& predictions = run.evaluation.predictions;
  for (const size_t i : mistakes_by_confidence(predictions, run.evaluation.metrics.classes)) {
    const Answered prediction = answered(run, i);
    cells[{prediction.truth, prediction.given}].push_back(i);
  }
  for (size_t i = 0; i < predictions.labels.size(); ++i) {
    const Answered prediction = answered(run, i);
    if (!prediction.right()) continue;
    std::vector<size_t>& cell = cells[{prediction.truth, prediction.given}];
    if (cell.size() < kRightShown) cell.push_back(i);
  }
  return cells;
}

std::string cell_id(const Cell& cell) { return fmt::format("cell-{}-{}", cell.first, cell.second); }

nlohmann::json image_of(const EvaluatedRun& run, size_t position) {
  const Answered prediction = answered(run, position);
  const std::string &truth = run.class_names[static_cast<size_t>(prediction.truth)],
                    &given = run.class_names[static_cast<size_t>(prediction.given)];
  const std::string where = where_text(run, prediction.index);
  return {{"src", picture_uri(run.dataset, prediction.index)},
          {"alt", prediction.right() ? fmt::format("{}, a {} read right", where, truth)
                                     : fmt::format("{}, a {} read as {}", where, truth, given)},
          {"confidence", confidence_text(prediction.confidence)},
          {"index", prediction.index}};
}

nlohmann::json panel_of(const EvaluatedRun& run, const Cell& cell,
                        const std::vector<size_t>& positions, size_t most) {
  const std::string &truth = run.class_names[static_cast<size_t>(cell.first)],
                    &given = run.class_names[static_cast<size_t>(cell.second)];
  const auto count = static_cast<size_t>(
      run.evaluation.metrics
          .confusion[static_cast<size_t>(cell.first)][static_cast<size_t>(cell.second)]);
  const bool right = cell.first == cell.second;
  const size_t shown = std::min(most, positions.size());
  nlohmann::json images = nlohmann::json::array();
  for (size_t i = 0; i < shown; ++i) images.push_back(image_of(run, positions[i]));
  const std::string what = shown == count ? counted(static_cast<int64_t>(count), "image", "images")
                                          : fmt::format("{} of {} images", shown, grouped(count));
  return {{"id", cell_id(cell)},
          {"title", right ? fmt::format("{} read as {}", truth, given)
                          : fmt::format("{} taken for {}", truth, given)},
          {"note", fmt::format("{}; below each: confidence and index{}", what,
                               right ? "" : ", the surest first")},
          {"images", images}};
}

// Every mistake, unless they would make a page nobody can load: then as many a cell as fit.
nlohmann::json panels_of(const EvaluatedRun& run,
                         const std::map<Cell, std::vector<size_t>>& cells) {
  for (size_t most = run.evaluation.predictions.labels.size();; most = most / 2 + 1) {
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

// By its share of the largest number of mistakes: four steps, by the square root.
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
        most = std::max(most, m.confusion[static_cast<size_t>(t)][static_cast<size_t>(g)]);
      }
    }
  }
  nlohmann::json rows = nlohmann::json::array();
  for (int t = 0; t < m.classes; ++t) {
    const std::string& truth = run.class_names[static_cast<size_t>(t)];
    nlohmann::json cells = nlohmann::json::array();
    for (int g = 0; g < m.classes; ++g) {
      const int64_t count = m.confusion[static_cast<size_t>(t)][static_cast<size_t>(g)];
      if (count == 0) {
        cells.push_back({{"level", ""}, {"count", "·"}});
        continue;
      }
      cells.push_back({{"level", t == g ? "right" : level_of(count, most)},
                       {"panel", true},
                       {"id", cell_id({t, g})},
                       {"count", std::to_string(count)},
                       {"label", fmt::format("{} read as {}: {}", truth,
                                             run.class_names[static_cast<size_t>(g)],
                                             counted(count, "image", "images"))}});
    }
    rows.push_back({{"name", truth}, {"cells", cells}});
  }
  return rows;
}

// Where it looked, and what it had seen that is most like it. `which` counts insight's mistakes.
void add_insight(const RunReport& report, size_t which, nlohmann::json& card) {
  if (which >= report.insight->mistakes.size()) return;
  const ExplainedMistake& mistake = report.insight->mistakes[which];
  const uint32_t index = report.evaluated.evaluation.predictions.indices[mistake.position];
  card["saliency"] = {
      {"src", tile_uri(heat_tile(tile_of(report.evaluated.dataset, index), mistake.saliency))},
      {"alt", "where it looked: the stronger the orange, the more a change there would matter"}};
  if (!report.training || mistake.neighbours.empty()) return;
  nlohmann::json images = nlohmann::json::array();
  for (const uint32_t neighbour : mistake.neighbours) {
    const uint8_t label = report.training->labels[neighbour];
    const std::string& name = report.evaluated.class_names[label];
    images.push_back({{"src", picture_uri(*report.training, neighbour)},
                      {"alt", fmt::format("training image {}, a {}", neighbour, name)},
                      {"label", name}});
  }
  card["neighbours"] = {{"text", "nearest of what it learned from"}, {"images", images}};
}

std::string looked_text(const RunReport& report) {
  if (!report.insight) return "";
  return fmt::format(
      " Beside each, where it looked; below, the nearest of {} training images in what its last "
      "layer sees, with their labels.",
      grouped(report.insight->among));
}

std::string four_digits(double value) { return fmt::format("{:.4f}", value); }

}  // namespace

nlohmann::json confusion_section(const RunReport& report) {
  const EvaluatedRun& run = report.evaluated;
  const Metrics& m = run.evaluation.metrics;
  if (m.classes > kMostClasses) return nullptr;
  nlohmann::json columns = nlohmann::json::array(), classes = nlohmann::json::array();
  for (size_t c = 0; c < run.class_names.size(); ++c) {
    const ClassMetrics& of_class = m.per_class[c];
    columns.push_back({{"name", run.class_names[c]}});
    classes.push_back({{"name", run.class_names[c]},
                       {"support", grouped(static_cast<size_t>(of_class.support))},
                       {"precision", four_digits(of_class.precision)},
                       {"recall", four_digits(of_class.recall)},
                       {"f1", four_digits(of_class.f1)}});
  }
  return {{"text", fmt::format("All {} behind their numbers: choose one to see the images.",
                               counted(m.n - m.correct, "mistake", "mistakes"))},
          {"columns", columns},
          {"rows", rows_of(run)},
          {"classes", classes},
          {"n", grouped(static_cast<size_t>(m.n))},
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
    const Answered prediction = answered(run, position);
    nlohmann::json card = image_of(run, position);
    card["truth"] = run.class_names[static_cast<size_t>(prediction.truth)];
    card["given"] = run.class_names[static_cast<size_t>(prediction.given)];
    card["where"] = where_text(run, prediction.index);
    if (report.insight) add_insight(report, cards.size(), card);
    cards.push_back(std::move(card));
  }
  const std::string which =
      mistakes.size() > kCards
          ? fmt::format("The {} it was surest of, of {}.", kCards, grouped(mistakes.size()))
          : "All of them, the surest first.";
  return {{"text", which +
                       " Some are the network's fault; some nobody could read, and of some "
                       "the label itself may be wrong." +
                       looked_text(report)},
          {"cards", cards}};
}

}  // namespace inkling
