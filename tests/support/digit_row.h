// A picture of digits that our own pen wrote.
#pragma once

#include <cstdint>
#include <string>

#include "base/index.h"
#include "data/formats/picture.h"
#include "data/synth/synth.h"

namespace inkling {

// Digits in a row on white, each `size` pixels high, dark ink.
inline Picture row_of(const std::string& digits, int size, uint64_t seed = 5) {
  const int step = size * 5 / 4;
  InkCanvas canvas(size * 2, step * count_of(digits) + size);
  for (int i = 0; i < count_of(digits); ++i) {
    const PenDrawing drawing = synthesise_drawing(at(digits, i) - '0', seed, narrow<uint64_t>(i));
    const InkBox box = ink_box(drawing);
    const double scale = size / box.height();
    draw_ink(drawing,
             {.scale = scale,
              .left = size / 2 + i * step - box.left * scale,
              .top = size / 2 - box.top * scale,
              .softness = 1.5},
             canvas);
  }
  Picture picture{.width = canvas.width, .height = canvas.height, .channels = 1, .pixels = {}};
  for (const uint8_t ink : canvas.pixels) {
    picture.pixels.push_back(narrow<uint8_t>(250 - ink * 3 / 4));
  }
  return picture;
}

}  // namespace inkling
