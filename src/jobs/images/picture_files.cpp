#include "jobs/images/picture_files.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/error.h"
#include "sys/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

bool is_named_as_picture(const fs::path& path) {
  constexpr std::array<std::string_view, 13> kEndings = {".png", ".jpg", ".jpeg", ".jpe",  ".bmp",
                                                         ".gif", ".tif", ".tiff", ".webp", ".pnm",
                                                         ".pbm", ".pgm", ".ppm"};
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::ranges::find(kEndings, ending) != kEndings.end();
}

std::vector<std::string> pictures_below(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code code;
  fs::recursive_directory_iterator entries(folder, code);
  for (; !code && entries != fs::recursive_directory_iterator(); entries.increment(code)) {
    const fs::path& path = entries->path();
    std::error_code ignored;
    if (path.filename().string().starts_with('.')) {
      if (entries->is_directory(ignored)) entries.disable_recursion_pending();
      continue;
    }
    if (entries->is_regular_file(ignored) && is_named_as_picture(path)) {
      found.push_back(path.string());
    }
  }
  if (code || found.empty()) return {folder.string()};  // reading it says what is wrong
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> matches_of(const std::string& pattern) {
  glob_t matches{};
  std::vector<std::string> found;
  if (glob(pattern.c_str(), 0, nullptr, &matches) == 0) {
    found.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  }
  globfree(&matches);
  if (found.empty()) return {pattern};
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::vector<std::string> picture_files(std::span<const std::string> names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code ignored;
    if (fs::is_directory(name, ignored)) {
      const std::vector<std::string> below = pictures_below(name);
      files.insert(files.end(), below.begin(), below.end());
    } else if (name.find_first_of("*?[") != std::string::npos && !fs::exists(name, ignored)) {
      const std::vector<std::string> matched = matches_of(name);
      files.insert(files.end(), matched.begin(), matched.end());
    } else {
      files.push_back(name);
    }
  }
  return files;
}

Picture read_picture_or_input(const std::string& file, const DecodeOptions& options) {
  if (file == kStandardInput) {
    return decode_picture(read_stdin(kMaxPictureBytes), "standard input", options);
  }
  std::error_code code;
  if (fs::is_directory(file, code)) {
    throw input_error("{}: expected pictures (.png, .jpg, ...) in the folder, found none", file);
  }
  return read_picture(file, options);
}

}  // namespace inkling
