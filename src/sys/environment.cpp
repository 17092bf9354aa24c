#include "sys/environment.h"

#include <algorithm>
#include <cstdlib>

namespace inkling {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool environment_switch(const char* name) {
  std::string value = environment(name);
  for (char& c : value) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return value == "1" || value == "on" || value == "yes" || value == "true";
}

std::optional<std::filesystem::path> user_cache() {
  if (const auto cache = environment_path("XDG_CACHE_HOME"); !cache.empty()) return cache;
  if (const auto home = environment_path("HOME"); !home.empty()) return home / ".cache";
  return std::nullopt;
}

std::optional<std::filesystem::path> cache_folder() {
  const auto cache = user_cache();
  if (!cache) return std::nullopt;
  return *cache / "inkling";
}

}  // namespace inkling
