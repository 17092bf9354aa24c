// An epoch's record as JSON: a line of history.jsonl, and what checkpoints remember of it.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json.h"
#include "train/checkpoint.h"

namespace inkling {

// JSON has no NaN: what was not measured is null.
nlohmann::ordered_json epoch_json(const EpochRecord& record);

// Throws Error naming the key that is missing or no number.
EpochRecord epoch_of_json(const JsonValue& line);

// history.jsonl: a line a record. Reading throws Error naming file, line and key.
std::string history_text(std::span<const EpochRecord> records);
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

}  // namespace inkling
