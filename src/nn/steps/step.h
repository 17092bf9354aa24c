// One step of a compiled network: what a layer (or several, fused) does to a batch. Steps know
// tensors by id and are given the memory with every call: any number of threads may run the forward
// of steps compiled for inference at the same time, each with a context of its own. In training and
// probing steps keep sums and packed weights, and one context at a time goes through them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/index.h"
#include "base/threads.h"
#include "kernels/variant.h"
#include "nn/parameters.h"
#include "nn/tensor.h"

namespace inkling {

// Memory for operands made on the way, two blocks a thread. Its content lasts for one piece of
// work.
class Scratch {
 public:
  static constexpr int kBlocks = 2;
  using Sizes = std::array<ptrdiff_t, kBlocks>;  // in pairs of bf16, or floats

  Scratch(int threads, const Sizes& sizes);
  // The same memory as floats.
  float* floats(int thread, int index) { return reinterpret_cast<float*>(block(thread, index)); }
  kernels::Bf16Pair* block(int thread, int index) {
    return at(blocks_, thread * kBlocks + index).data();
  }

 private:
  std::vector<AlignedBuffer<kernels::Bf16Pair>> blocks_;
};

// What one call works on.
struct Context {
  int images = 0;                   // of this batch, at most what was planned
  const Tensor* tensors = nullptr;  // by TensorId
  const kernels::Variant* kernels = nullptr;
  const kernels::Bf16Kernels* bf16 = nullptr;  // for the steps compiled to use it
  ThreadPool* pool = nullptr;
  Scratch* scratch = nullptr;  // for the pool's threads
  const Parameters* parameters = nullptr;
  float* gradients = nullptr;  // laid out as the trainable parameters; null: not wanted
  uint32_t dropout_key = 0;    // of this training step
  bool split_image = false;    // a batch of one whose rows are shared out to the pool (inference)

  const Tensor& tensor(TensorId id) const { return tensors[id]; }
  // Where a parameter slot's gradient goes.
  float* gradient(int slot) const { return parameters->architecture().find_slot(gradients, slot); }
};

class Step {
 public:
  explicit Step(std::string_view name) : name_(name) {}
  virtual ~Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  const std::string& name() const { return name_; }

  // Told once how the memories are laid out (strides are the same in all of them).
  virtual void bind(const Tensor*) {}
  // What it wants of Scratch; asked after bind.
  virtual Scratch::Sizes scratch_sizes() const { return {}; }
  // Brings what depends on the parameters alone (packed weights, folded scales) up to date. Called
  // after every change of the parameters, before forward.
  virtual void prepare(const Context&) {}
  virtual void forward(const Context& context) const = 0;
  // From the gradient of the outputs to that of the inputs and of the parameters.
  virtual void backward(const Context&) const {}

 private:
  std::string name_;
};

// A batch is cut into at most this many pieces, by its size alone: what the pieces sum is combined
// in piece order, so results do not depend on the number of threads.
inline constexpr int kMaxPieces = 8;
inline constexpr int kImagesPerPiece = 8;  // at least, for fewer are not worth a thread

inline int pieces_of(int images) { return std::min(ceil_div(images, kImagesPerPiece), kMaxPieces); }
inline int piece_begin(int images, int piece) {
  return narrow<int>(int64_t{images} * piece / pieces_of(images));
}

// A piece of the batch in the hands of a thread.
struct ImagePiece {
  int begin, end;  // images
  int index;       // of the piece
  int thread;
};

// Calls body(ImagePiece), or body(begin, end, index), for each piece of the batch.
template <typename Body>
void for_image_pieces(const Context& context, Body&& body) {
  context.pool->run(pieces_of(context.images), [&](int index, int thread) {
    const ImagePiece piece{piece_begin(context.images, index),
                           piece_begin(context.images, index + 1), index, thread};
    if constexpr (std::is_invocable_v<Body&, const ImagePiece&>) {
      body(piece);
    } else {
      body(piece.begin, piece.end, piece.index);
    }
  });
}

// Rows [begin, end) of what a step makes of an image.
struct RowBand {
  int begin, end;
};

// Calls body(ImagePiece, RowBand) for each piece of the batch with all `rows`; for the image of a
// split one with the threads' shares of them.
template <typename Body>
void for_row_bands(const Context& context, int rows, Body&& body) {
  if (!context.split_image) {
    return for_image_pieces(context, [&](const ImagePiece& piece) { body(piece, {0, rows}); });
  }
  const int bands = std::min(rows, context.pool->threads());
  context.pool->run(bands, [&](int index, int thread) {
    body(ImagePiece{0, context.images, 0, thread},
         {rows * index / bands, rows * (index + 1) / bands});
  });
}

// A run of an image's pixels that is adjacent in every tensor asked about: the whole image, or a
// row of it where one of them has borders.
struct Run {
  int image, row, pixels;
  float* at(const Tensor& tensor) const { return tensor.row(image, row); }
};

// Calls body(run) for each run of the image common to the tensors, which have one shape.
template <typename Body, typename... Tensors>
void for_runs(int image, Body&& body, const Tensor& first, const Tensors&... rest) {
  if (first.dense_images() && (rest.dense_images() && ...)) {
    body(Run{image, 0, first.height * first.width});
    return;
  }
  for (int row = 0; row < first.height; ++row) {
    body(Run{image, row, first.width});
  }
}

// total[i] = sum over the batch's pieces of partial[piece * stride + i] for begin <= i < end, in
// the order of the pieces.
void sum_pieces(const Context& context, const float* partial, ptrdiff_t stride, ptrdiff_t begin,
                ptrdiff_t end, float* total);

}  // namespace inkling
