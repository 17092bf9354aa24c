// One step of a compiled network: what a layer (or several, fused) does to a batch. Steps know
// tensors by id and are given the memory with every call, so that several threads can run the same
// steps on memories of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/threads.h"
#include "kernels/variant.h"
#include "nn/parameters.h"
#include "nn/tensor.h"

namespace inkling {

// What one call works on.
struct Context {
  int images = 0;                   // of this batch, at most what was planned
  const Tensor* tensors = nullptr;  // by TensorId
  const kernels::Variant* kernels = nullptr;
  ThreadPool* pool = nullptr;
  const Parameters* parameters = nullptr;
  float* gradients = nullptr;  // laid out as the trainable parameters; null: not wanted
  uint32_t dropout_key = 0;    // of this training step

  const Tensor& tensor(TensorId id) const { return tensors[id]; }
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

inline int pieces_of(int images) {
  const int worth = (images + kImagesPerPiece - 1) / kImagesPerPiece;
  return worth < kMaxPieces ? worth : kMaxPieces;
}
inline int piece_begin(int images, int piece) {
  return static_cast<int>(static_cast<int64_t>(images) * piece / pieces_of(images));
}

// Calls body(begin, end, piece) for each piece of the batch.
template <typename Body>
void for_image_pieces(const Context& context, Body&& body) {
  context.pool->run(pieces_of(context.images), [&](int piece) {
    body(piece_begin(context.images, piece), piece_begin(context.images, piece + 1), piece);
  });
}

}  // namespace inkling
