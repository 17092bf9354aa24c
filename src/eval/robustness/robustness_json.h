// Robustness as the key of that name in a metrics file.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json.h"
#include "eval/robustness/robustness.h"

namespace inkling {

// {style: "MNIST-C-style", n, of, seed, clean, clean_ci95, mean_corrupted, corruptions: {name: [by
// strength]}, rotation, shift_x, shift_y, scale: [{amount, accuracy}], fgsm: [{epsilon, accuracy,
// random_accuracy}], seconds}
nlohmann::json robustness_json(const Robustness& robustness);

// What robustness_json made of it. Throws Error naming the key that is not as that writes it.
Robustness robustness_of_json(const JsonValue& json);

}  // namespace inkling
