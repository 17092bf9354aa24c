// A dense layer: y = x W + b, on images of any shape read as one run of values.
#pragma once

#include <string_view>
#include <vector>

#include "nn/step.h"

namespace inkling {

// Shapes: x [N, in], y [N, units], weight [in, units], bias [units].
struct DenseOptions {
  TensorId x = -1, y = -1, grad_x = -1, grad_y = -1;
  bool accumulate_grad_x = false;
  bool bias_gradient = true;  // false under a batch norm, where it is zero whatever the weights
  bool relu = false;          // rectify the output (inference)
};

class DenseStep : public Step {
 public:
  DenseStep(const Layer& layer, const DenseOptions& options, const kernels::Variant& kernels,
            const TensorPlan& plan);

  void bind(const Tensor* tensors) override;
  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  // A run of inputs: adjacent in memory, small enough for its slice of the weights to stay in
  // cache.
  struct Block {
    int first = 0, count = 0;  // inputs
    ptrdiff_t x = 0, dx = 0;   // floats from an image's start
  };

  void input_gradient(const Context& context, const Block& block, float* packed) const;
  void weight_gradient(const Context& context, const Block& block) const;

  int inputs_, units_;
  int weight_, bias_;  // parameter slots
  DenseOptions options_;
  int panel_columns_;
  std::vector<Block> blocks_;
  AlignedBuffer<float> packed_;                     // weight for forward
  mutable AlignedBuffer<float> packed_transposed_;  // block by block, for the input's gradient
};

}  // namespace inkling
