#include "data/synth/synth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

// Streams of the random numbers (base/random.h): nothing but the seed is shared between them.
constexpr uint64_t kOrderStream = 0x5e01, kInkStream = 0x5e02, kEdgeStream = 0x5e03;

constexpr size_t kImagesAPiece = 64;

// MNIST's side of the box, 20 of 28 pixels, on a canvas of any size.
int box_side(int height, int width) {
  return narrow<int>(std::lround(std::min(height, width) * 20 / 28.0));
}

// One direction of an image: where its ink begins and ends and has its middle.
struct InkSpan {
  int first = 0, last = -1;  // pixels with any ink
  double centre = 0;         // of mass; pixel i reaches from i to i + 1
};

// ink: the sum of each row, or of each column. The caller owes some ink.
InkSpan span_of(std::span<const double> ink) {
  InkSpan span;
  double mass = 0, moment = 0;
  for (int i = 0; i < count_of(ink); ++i) {
    const double here = at(ink, i);
    if (here == 0) continue;
    if (mass == 0) span.first = i;
    span.last = i;
    mass += here;
    moment += here * (i + 0.5);
  }
  INKLING_CHECK(mass > 0);
  span.centre = moment / mass;
  return span;
}

// How many pixels to move ink so that its centre of mass comes nearest to the middle, on MNIST's
// half pixel beyond it (the mean over its 60,000 training images lies at 14.5 of 28), while all of
// it stays within the extent.
int centring_move(const InkSpan& ink, int extent) {
  const int move = narrow<int>(std::lround(extent / 2 + 0.5 - ink.centre));
  return std::clamp(move, -ink.first, extent - 1 - ink.last);
}

}  // namespace

int synthetic_digit_at(uint64_t seed, uint64_t index) {
  std::array<int, 10> order{};
  std::iota(order.begin(), order.end(), 0);
  Random random(seed, kOrderStream, index / 10);
  random.shuffle(std::span<int>(order));
  return order[index % 10];
}

PenDrawing synthesise_drawing(int digit, uint64_t seed, uint64_t index, const HandStyle& style) {
  Random random(seed, kInkStream, index);
  return write_digit(digit, pick_form(digit, random), style, random);
}

InkCanvas mnist_form(const PenDrawing& drawing, int height, int width, double softness) {
  INKLING_CHECK(softness > 0 && softness <= 4);
  const int side = box_side(height, width);
  const double soft = softness * side / 20;
  const InkBox ink = ink_box(drawing);
  // Half the soft edge lies around the ink's box; the shorter side stands in the middle.
  const double scale = (side - soft) / std::max(ink.width(), ink.height());
  const auto begin = [&](double low, double extent) {
    return soft / 2 - scale * low + std::floor((side - soft - scale * extent) / 2);
  };
  InkCanvas box(side, side);
  draw_ink(drawing,
           {.scale = scale,
            .left = begin(ink.left, ink.width()),
            .top = begin(ink.top, ink.height()),
            .softness = soft},
           box);

  std::vector<double> rows(narrow<size_t>(side)), columns = rows;
  const uint8_t* pixel = box.pixels.data();
  for (double& row : rows) {
    for (double& column : columns) {
      row += *pixel;
      column += *pixel++;
    }
  }
  const InkSpan across = span_of(columns), down = span_of(rows);
  const int move_x = centring_move(across, width), move_y = centring_move(down, height);
  InkCanvas canvas(height, width);
  for (int y = down.first; y <= down.last; ++y) {
    std::copy_n(box.pixels.begin() + y * side + across.first, across.last - across.first + 1,
                canvas.pixels.begin() + (y + move_y) * width + across.first + move_x);
  }
  return canvas;
}

Dataset synthesise_digits(size_t count, uint64_t seed, const SynthOptions& options,
                          uint64_t first_index, ThreadPool* pool) {
  INKLING_CHECK(options.height >= kMinSynthSide && options.height <= kMaxSynthSide);
  INKLING_CHECK(options.width >= kMinSynthSide && options.width <= kMaxSynthSide);
  Dataset dataset;
  dataset.name = kSyntheticName;
  dataset.height = options.height;
  dataset.width = options.width;
  dataset.classes = 10;
  for (int digit = 0; digit < 10; ++digit) dataset.class_names.push_back(std::to_string(digit));
  INKLING_CHECK(count > 0 && count <= kMaxSynthBytes / dataset.image_size());
  std::vector<uint8_t>& bytes = dataset.bytes();
  bytes.resize(count * dataset.image_size());
  dataset.labels.resize(count);

  auto draw_piece = [&](int piece) {
    const size_t begin = narrow<size_t>(piece) * kImagesAPiece;
    for (size_t i = begin; i < std::min(begin + kImagesAPiece, count); ++i) {
      const uint64_t index = first_index + i;
      const int digit = synthetic_digit_at(seed, index);
      Random edge(seed, kEdgeStream, index);
      const InkCanvas canvas = mnist_form(synthesise_drawing(digit, seed, index, options.style),
                                          options.height, options.width, edge.uniform(0.7, 1.2));
      std::copy(canvas.pixels.begin(), canvas.pixels.end(),
                bytes.data() + i * canvas.pixels.size());
      dataset.labels[i] = narrow<uint8_t>(digit);
    }
  };
  const int pieces = narrow<int>((count + kImagesAPiece - 1) / kImagesAPiece);
  if (pool != nullptr) {
    pool->run(pieces, draw_piece);
  } else {
    for (int piece = 0; piece < pieces; ++piece) draw_piece(piece);
  }
  return dataset;
}

}  // namespace inkling
