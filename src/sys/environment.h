// What the environment says of folders and switches. Any thread may call while none changes it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace inkling {

// "" where the variable is unset.
std::string environment(const char* name);
inline std::filesystem::path environment_path(const char* name) { return environment(name); }
// 1, on, yes, true in any case.
bool environment_switch(const char* name);

// The user's cache: $XDG_CACHE_HOME, else ~/.cache. Nothing without either variable. The folder may
// be missing.
std::optional<std::filesystem::path> user_cache();

// Where what Inkling fetches goes: `inkling` in the user's cache.
std::optional<std::filesystem::path> cache_folder();

}  // namespace inkling
