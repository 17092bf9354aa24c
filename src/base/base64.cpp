#include "base/base64.h"

#include <algorithm>
#include <string_view>

namespace inkling {

std::string base64(std::span<const uint8_t> bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t n = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = uint32_t{bytes[i]} << 16;
    if (n > 1) group |= uint32_t{bytes[i + 1]} << 8;
    if (n > 2) group |= bytes[i + 2];
    for (size_t letter = 0; letter < 4; ++letter) {
      text += letter <= n ? kLetters[(group >> (18 - 6 * letter)) & 63] : '=';
    }
  }
  return text;
}

}  // namespace inkling
