#include "eval/metrics_json.h"

#include <nlohmann/json.hpp>

#include "base/check.h"

namespace inkling {

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
  return {{"n", metrics.n},
          {"accuracy", metrics.accuracy},
          {"accuracy_ci95",
           nlohmann::json::array({metrics.accuracy_ci95.low, metrics.accuracy_ci95.high})},
          {"loss", metrics.loss},
          {"macro",
           {{"precision", metrics.macro.precision},
            {"recall", metrics.macro.recall},
            {"f1", metrics.macro.f1}}},
          {"per_class", per_class},
          {"confusion", metrics.confusion},
          {"ece", metrics.ece}};
}

}  // namespace inkling
