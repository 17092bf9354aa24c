#include "eval/metrics/evaluation_json.h"

#include <nlohmann/json.hpp>

#include "eval/metrics/metrics_json.h"

namespace inkling {
namespace {

nlohmann::json bins_json(const std::vector<CalibrationBin>& bins) {
  nlohmann::json list = nlohmann::json::array();
  for (const CalibrationBin& bin : bins) {
    list.push_back({{"n", bin.n},
                    {"lowest", bin.lowest},
                    {"highest", bin.highest},
                    {"confidence", bin.confidence},
                    {"accuracy", bin.accuracy},
                    {"accuracy_ci95", interval_json(bin.accuracy_ci95)}});
  }
  return list;
}

nlohmann::json temperature_json(const std::optional<ScaledByTemperature>& scaled) {
  if (!scaled) return nullptr;
  return {{"temperature", scaled->fit.temperature},
          {"n", scaled->fit.n},
          {"validation_loss_before", scaled->fit.loss_before},
          {"validation_loss_after", scaled->fit.loss_after},
          {"loss", scaled->effect.loss},
          {"ece", scaled->effect.ece},
          {"brier", scaled->effect.brier}};
}

}  // namespace

nlohmann::json evaluation_json(const Evaluation& evaluation) {
  const Calibration& calibration = evaluation.calibration;
  const Selective& selective = evaluation.selective;
  nlohmann::json curve = nlohmann::json::array();
  for (const RiskPoint& point : selective.curve) {
    curve.push_back(
        {{"coverage", point.coverage}, {"risk", point.risk}, {"confidence", point.confidence}});
  }
  return {{"calibration",
           {{"ece", calibration.ece},
            {"ece_ci95", interval_json(calibration.ece_ci95)},
            {"ece_null", calibration.ece_null},
            {"ece_null95", interval_json(calibration.ece_null95)},
            {"brier", calibration.brier},
            {"confidence", calibration.confidence},
            {"bins", bins_json(calibration.bins)},
            {"temperature", temperature_json(evaluation.temperature)}}},
          {"selective",
           {{"aurc", selective.aurc},
            {"aurc_best", selective.aurc_best},
            {"aurc_random", selective.aurc_random},
            {"curve", curve}}}};
}

}  // namespace inkling
