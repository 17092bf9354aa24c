// Metrics for programs: the keys of metrics.json that follow from Metrics alone. The caller adds
// dataset, split, parameters and the rest.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "eval/metrics.h"

namespace inkling {

// {n, accuracy, accuracy_ci95: [low, high], loss, macro: {precision, recall, f1},
//  per_class: [{label, precision, recall, f1, support}], confusion: [[…]], ece}
nlohmann::json metrics_json(const Metrics& metrics, std::span<const std::string> class_names);

}  // namespace inkling
