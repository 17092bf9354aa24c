// history.jsonl: an epoch's record (train/epoch_record.h) on each line.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "train/epoch_record.h"

namespace inkling {

std::string history_text(std::span<const EpochRecord> records);

// Throws Error (input) naming file, line and key.
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

}  // namespace inkling
