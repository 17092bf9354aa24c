#include "eval/metrics/metrics_json.h"

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/index.h"
#include "eval/metrics/confused_pairs.h"

namespace inkling {
namespace {

nlohmann::json averages_json(const Averages& averages) {
  return {{"precision", averages.precision}, {"recall", averages.recall}, {"f1", averages.f1}};
}

}  // namespace

nlohmann::json interval_json(const Interval& interval) {
  return nlohmann::json::array({interval.low, interval.high});
}

Interval interval_of_json(const JsonValue& json) {
  const std::vector<double> ends = json.numbers(2);
  return {.low = ends[0], .high = ends[1]};
}

nlohmann::json metrics_json(const Metrics& metrics, std::span<const std::string> class_names) {
  INKLING_CHECK(class_names.size() == metrics.per_class.size());
  nlohmann::json per_class = nlohmann::json::array();
  for (size_t c = 0; c < class_names.size(); ++c) {
    const ClassMetrics& m = metrics.per_class[c];
    per_class.push_back({{"label", class_names[c]},
                         {"precision", m.precision},
                         {"recall", m.recall},
                         {"f1", m.f1},
                         {"support", m.support}});
  }
  nlohmann::json top_k;
  for (size_t k = 0; k < metrics.top_k.size(); ++k) top_k[std::to_string(k + 1)] = metrics.top_k[k];
  nlohmann::json confused = nlohmann::json::array();
  for (const ConfusedPair& pair : confused_pairs(metrics)) {
    if (confused.size() == kMostConfused) break;
    confused.push_back({{"labels", {at(class_names, pair.first), at(class_names, pair.second)}},
                        {"mistakes", pair.mistakes()},
                        {"first_as_second", pair.first_as_second},
                        {"second_as_first", pair.second_as_first}});
  }
  nlohmann::json json = {{"n", metrics.n},
                         {"accuracy", metrics.accuracy},
                         {"accuracy_ci95", interval_json(metrics.accuracy_ci95)},
                         {"loss", metrics.loss},
                         {"macro", averages_json(metrics.macro)},
                         {"weighted", averages_json(metrics.weighted)},
                         {"top_k", top_k},
                         {"per_class", per_class},
                         {"confusion", metrics.confusion},
                         {"most_confused", confused},
                         {"ece", metrics.ece}};
  if (metrics.refused) json["refused"] = *metrics.refused;
  return json;
}

}  // namespace inkling
