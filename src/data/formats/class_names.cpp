#include "data/formats/class_names.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/utf8.h"
#include "sys/file.h"

namespace inkling {
namespace {

constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxFileBytes = kMaxClasses * (kMaxNameBytes + 2);

void check_name(std::string_view name, const std::vector<std::string>& before,
                const std::string& where) {
  if (name.empty()) throw input_error("{}: expected a class name, found an empty line", where);
  if (name.size() > kMaxNameBytes) {
    throw input_error("{}: expected a class name of at most {} bytes, found {}", where,
                      kMaxNameBytes, name.size());
  }
  if (!is_utf8(name)) {
    throw input_error("{}: expected a class name in UTF-8, found other bytes", where);
  }
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(name.begin(), name.end(), is_control)) {
    throw input_error("{}: expected a class name, found a control character in it", where);
  }
  if (const auto same = std::find(before.begin(), before.end(), name); same != before.end()) {
    throw input_error(
        "{}: expected a name of its own for each class, found \"{}\" of line {} again", where, name,
        same - before.begin() + 1);
  }
}

}  // namespace

std::vector<std::string> read_class_names(const std::filesystem::path& path) {
  const std::string text = read_text_file(path, kMaxFileBytes);
  std::vector<std::string> names;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view name = rest.substr(0, end);
    if (name.ends_with('\r')) name.remove_suffix(1);
    check_name(name, names, fmt::format("{}:{}", path.string(), names.size() + 1));
    names.emplace_back(name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (names.empty() || names.size() > kMaxClasses) {
    throw input_error("{}: expected 1 to {} class names, found {}", path.string(), kMaxClasses,
                      names.size());
  }
  return names;
}

}  // namespace inkling
