// Convolution, as batch-reduce products over rows of pixels. In channels-last memory the pixels
// under one kernel row are adjacent, so a tap row is one product with K = kernel * in channels, and
// a convolution is `kernel` of them, whatever the stride and however few the channels.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "nn/step.h"

namespace inkling {

// Shapes: x [N, H, W, Cin], y [N, Ho, Wo, Cout], weight [kernel, kernel, Cin, Cout], bias [Cout].
struct ConvOptions {
  TensorId x = -1, y = -1;
  TensorId grad_x = -1, grad_y = -1;  // -1: not wanted (inference; the first layer's input)
  bool accumulate_grad_x = false;     // another reader of x has already written it
  bool bias_gradient = true;    // false under a batch norm, where it is zero whatever the weights
  bool relu = false;            // rectify the output (inference)
  const Layer* fold = nullptr;  // inference: the batch norm to fold into weight and bias
};

class ConvStep : public Step {
 public:
  // Plans the borders its tensors need.
  ConvStep(const Layer& layer, const ConvOptions& options, int max_images,
           const kernels::Variant& kernels, TensorPlan& plan);

  void bind(const Tensor* tensors) override;
  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  // Input pixels (y, x) with y = row and x = column (mod stride) see the same taps.
  struct Phase {
    int row = 0, column = 0;
    int taps_y = 0, taps_x = 0;
    int first_y = 0, first_x = 0;        // dy pixel of the last tap for the phase's first pixel
    size_t packed = 0;                   // where its weights begin
    std::vector<ptrdiff_t> packed_rows;  // where each of its tap rows begins, from there
  };

  void plan_phases(TensorPlan& plan);
  void pack_transposed(const Context& context);
  void input_gradient(const Context& context, int begin, int end) const;
  void weight_gradient(const Context& context, int begin, int end, int piece) const;
  void sum_pieces(const Context& context) const;
  const float* folded_weight(const Context& context);

  int kernel_, stride_, in_channels_, out_channels_;
  Padding padding_;
  Shape in_, out_;
  int weight_, bias_;  // parameter slots
  ConvOptions options_;
  int max_images_;
  int panel_columns_;
  std::vector<Phase> phases_;
  // Offsets of the products' batches: tap rows of x, dy and the packed weight; (image, row) pairs.
  std::vector<ptrdiff_t> x_tap_rows_, dy_tap_rows_, packed_rows_, x_rows_, dy_rows_;
  AlignedBuffer<float> packed_;             // weight for forward
  AlignedBuffer<float> packed_transposed_;  // weight for the input's gradient, phase by phase
  AlignedBuffer<float> folded_;             // weight times batch norm's scale
  AlignedBuffer<float> folded_bias_;
  mutable AlignedBuffer<float> partial_;  // [pieces, weight + bias] gradients
};

}  // namespace inkling
