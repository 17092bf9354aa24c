// inspect.json: what `inkling inspect` writes (docs/formats.md), and what a report reads back of
// it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "eval/data_report/inspection.h"

namespace inkling {

inline constexpr const char* kInspectionFile = "inspect.json";

// Lists of images are cut at kMaxListed; counts are not.
inline constexpr size_t kMaxListed = 1000;
nlohmann::ordered_json inspection_json(const Inspection& inspection);

// What a report says of it.
struct InspectionRecord {
  std::string dataset;
  int64_t train_images = 0, test_images = 0;
  std::vector<Finding> findings;
  bool operator==(const InspectionRecord&) const = default;
};

// Throws Error (input) naming the file and, where it is not as inspection_json makes it, the key.
InspectionRecord read_inspection(const std::filesystem::path& path);

}  // namespace inkling
