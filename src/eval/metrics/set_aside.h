// Images that a list excludes from an evaluation, in text and JSON. Not the excluding
// (jobs/evaluated_images.h).
#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/json.h"

namespace inkling {

struct SetAside {
  std::string file;  // the list
  size_t n = 0;      // of the images that would have been evaluated
  bool operator==(const SetAside&) const = default;
};

// {file, n}
nlohmann::json set_aside_json(const SetAside& aside);
SetAside set_aside_of_json(const JsonValue& json);

// "15 more set aside by FILE: not evaluated"
std::string set_aside_text(const SetAside& aside);

}  // namespace inkling
