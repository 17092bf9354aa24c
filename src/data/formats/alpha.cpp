#include "data/formats/alpha.h"

#include "base/index.h"

namespace inkling {

Picture blended(const uint8_t* rgba, int width, int height, std::ptrdiff_t stride) {
  uint64_t light = 0, cover = 0;
  for (int y = 0; y < height; ++y) {
    const uint8_t* pixel = rgba + y * stride;
    for (int x = 0; x < width; ++x, pixel += 4) {
      light += pixel[3] * ((299u * pixel[0] + 587u * pixel[1] + 114u * pixel[2]) / 1000u);
      cover += pixel[3];
    }
  }
  const unsigned ground = light > 127 * cover ? 0 : 255;
  Picture picture{.width = width, .height = height, .channels = 3, .pixels = {}};
  picture.pixels.resize(narrow<size_t>(std::ptrdiff_t{3} * width * height));
  uint8_t* out = picture.pixels.data();
  for (int y = 0; y < height; ++y) {
    const uint8_t* pixel = rgba + y * stride;
    for (int x = 0; x < width; ++x, pixel += 4) {
      const unsigned alpha = pixel[3];
      picture.had_alpha |= alpha != 255;
      for (int c = 0; c < 3; ++c) {
        *out++ = static_cast<uint8_t>((pixel[c] * alpha + ground * (255 - alpha) + 127) / 255);
      }
    }
  }
  return picture;
}

}  // namespace inkling
