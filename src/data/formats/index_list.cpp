#include "data/formats/index_list.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "base/numbers.h"
#include "sys/file.h"

namespace inkling {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// For messages: a stranger's file may hold long lines, or no text at all.
std::string quoted(std::string_view word) {
  std::string text;
  for (const char c : word.substr(0, 40)) text += c >= 0x20 && c < 0x7f ? c : '?';
  return fmt::format("\"{}\"{}", text, word.size() > 40 ? "..." : "");
}

}  // namespace

std::vector<uint32_t> read_index_list(const std::filesystem::path& path, size_t images) {
  const std::string text = read_text_file(path);
  std::vector<uint32_t> indices;
  std::vector<size_t> line_of(images);  // 0: not named yet
  size_t line = 0;
  for (std::string_view rest = text; !rest.empty();) {
    ++line;
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view row = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string_view word = trimmed(row.substr(0, row.find('#')));
    if (word.empty()) continue;
    const auto index = parse_integer(word);
    if (!index || *index < 0 || std::cmp_greater_equal(*index, images)) {
      throw input_error("{}:{}: expected the index of an image, 0 to {}, found {}", path.string(),
                        line, images - 1, quoted(word));
    }
    size_t& before = at(line_of, *index);
    if (before != 0) {
      throw input_error("{}:{}: expected each index once, found {} of line {} again", path.string(),
                        line, *index, before);
    }
    before = line;
    indices.push_back(narrow<uint32_t>(*index));
  }
  return indices;
}

}  // namespace inkling
