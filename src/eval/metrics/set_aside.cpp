#include "eval/metrics/set_aside.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/index.h"

namespace inkling {

nlohmann::json set_aside_json(const SetAside& aside) {
  return {{"file", aside.file}, {"n", aside.n}};
}

SetAside set_aside_of_json(const JsonValue& json) {
  return {.file = json["file"].text(), .n = narrow<size_t>(json["n"].integer(0, INT32_MAX))};
}

std::string set_aside_text(const SetAside& aside) {
  return fmt::format("{} more set aside by {}: not evaluated", aside.n, aside.file);
}

}  // namespace inkling
