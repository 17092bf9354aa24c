// An evaluation for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "eval/metrics/evaluation.h"

namespace inkling {

// Keys beside those of metrics_json: calibration {ece, ece_ci95, ece_null, ece_null95, brier,
// confidence, bins: [{n, lowest, highest, confidence, accuracy, accuracy_ci95}], temperature: null
// or {temperature, n, validation_loss_before, validation_loss_after, loss, ece, brier}} and
// selective {aurc, aurc_best, aurc_random, curve: [{coverage, risk, confidence}]}.
nlohmann::json evaluation_json(const Evaluation& evaluation);

}  // namespace inkling
