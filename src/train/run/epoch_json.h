// An epoch's record as JSON: a line of history.jsonl, and what checkpoints remember of it.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "train/checkpoint.h"

namespace inkling {

// JSON has no NaN: what was not measured is null.
nlohmann::ordered_json epoch_json(const EpochRecord& record);

// Throws Error naming `source` where a key is missing or no number.
EpochRecord epoch_of_json(const nlohmann::json& line, std::string_view source);

}  // namespace inkling
