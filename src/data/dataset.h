// A labelled set of images of one size, in memory, as bytes. Not where it came from (idx.h,
// sources.h) nor how a network sees it (batches.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace inkling {

struct Dataset {
  std::string name;                      // as the user called it: "mnist"
  int height = 0, width = 0;             // pixels
  int channels = 1;                      // 1 grey, 3 RGB
  int classes = 0;                       // labels are 0 … classes-1
  std::vector<uint8_t> images;           // [N, height, width, channels], 0 … 255
  std::vector<uint8_t> labels;           // [N]
  std::vector<std::string> class_names;  // [classes]; the numbers themselves where unnamed

  size_t size() const { return labels.size(); }
  size_t image_bytes() const { return size_t(height) * size_t(width) * size_t(channels); }
  std::span<const uint8_t> image(size_t index) const {
    return {images.data() + index * image_bytes(), image_bytes()};
  }
};

}  // namespace inkling
