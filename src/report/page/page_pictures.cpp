#include "report/page/page_pictures.h"

#include <charconv>
#include <span>
#include <string_view>

#include "base/base64.h"
#include "data/formats/picture.h"
#include "sys/file.h"

namespace inkling {
namespace {

int extent(std::string_view svg, std::string_view attribute) {
  const size_t at = svg.find(attribute);
  int px = 0;
  if (at != std::string_view::npos) {
    std::from_chars(svg.data() + at + attribute.size(), svg.data() + svg.size(), px);
  }
  return px;
}

// The text between two marks, with XML's escapes undone.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t begin = text.find(before), end = text.find(after);
  if (begin == std::string_view::npos || end == std::string_view::npos) return "";
  std::string found(text.substr(begin + before.size(), end - begin - before.size()));
  for (const auto& [escape, letter] : {std::pair("&lt;", "<"), {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (size_t at = 0; (at = found.find(escape, at)) != std::string::npos; ++at) {
      found.replace(at, std::string_view(escape).size(), letter);
    }
  }
  return found;
}

}  // namespace

std::string picture_uri(const Dataset& dataset, uint32_t index) {
  return "data:image/png;base64," + base64(encode_png({.width = dataset.width,
                                                       .height = dataset.height,
                                                       .channels = dataset.channels,
                                                       .pixels = image_in_bytes(dataset, index)}));
}

std::string tile_uri(const Tile& tile) {
  return "data:image/png;base64," +
         base64(encode_png(
             {.width = tile.width, .height = tile.height, .channels = 3, .pixels = tile.rgb}));
}

PagePicture read_svg(const std::filesystem::path& file) {
  const std::string svg = read_text_file(file);
  const auto* bytes = reinterpret_cast<const uint8_t*>(svg.data());
  return {.uri = "data:image/svg+xml;base64," + base64(std::span(bytes, svg.size())),
          .alt = between(svg, "<desc>", "</desc>"),
          .width = extent(svg, "width=\""),
          .height = extent(svg, "height=\"")};
}

}  // namespace inkling
