// Pictures inside a page, as data URIs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "report/draw/image_grid.h"

namespace inkling {

// Image `index` unchanged, as PNG: some 400 bytes for a digit of 28x28.
std::string picture_uri(const Dataset& dataset, uint32_t index);

// A tile of image_grid.h's, without its captions.
std::string tile_uri(const Tile& tile);

struct PagePicture {
  std::string uri, alt;
  int width = 0, height = 0;  // px; 0 if the file does not say
};

// A figure drawn by figure.h, with its description for people who cannot see it. Throws Error if
// the file cannot be read.
PagePicture read_svg(const std::filesystem::path& file);

}  // namespace inkling
