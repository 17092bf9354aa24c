// Internal to nn: the gradient of a convolution's weights and bias,
//
//   dW[ky][kx, in][out] = sum over images, rows, pixels of x[.. + ky, .. + kx, in] * dy[.., out].
//
// Each piece of the batch sums into a place of its own; sum_pieces adds them in a fixed order.
//
// Where the product takes A transposed, x is read as it lies, a tap row (all kx) at once: m =
// kernel
// * in channels, k = the pixels of a row. Where it wants A by rows (tiles), x is transposed once
// for all taps, [channel][pixel], and k runs over the whole image: between its rows stand pixels of
// the border, whose dy is zero.
#pragma once

#include <vector>

#include "nn/steps/convolution.h"
#include "nn/steps/operands.h"

namespace inkling {

template <typename Element>
class ConvWeightGradient {
 public:
  ConvWeightGradient(const Layer& layer, const ConvOptions& options, int max_images,
                     const Engine& engine);

  void bind(const Tensor* tensors);
  Scratch::Sizes scratch_sizes() const;
  // What the images of a piece contribute; pieces may run side by side.
  void add_piece(const Context& context, const ImagePiece& piece) const;
  // Into context.gradients.
  void sum_pieces(const Context& context) const;

 private:
  using Operand = Operands<Element>;
  using Args = kernels::BrgemmArgsOf<Element>;

  // The offsets of one tap row's batch: pairs of rows of x and dy, image by image. Rows of x that
  // lie in the border are left out.
  struct TapRow {
    std::vector<ptrdiff_t> x, dy;
    int rows = 0;  // of an image
  };

  void plan_rows(const Tensor& x, const Tensor& dy);
  void plan_images(const Tensor& x, const Tensor& dy);
  void plan_block();
  void rows_gradient(const Context& context, const Element* x, Args args, int groups,
                     float* weights) const;
  void images_gradient(const Context& context, const Element* x, Args args, int groups,
                       float* weights) const;
  const Element* make_x(const Context& context, int thread, int first, int images) const;
  void bias_gradient(const Context& context, const ImagePiece& piece, float* bias) const;
  int weights() const;
  ptrdiff_t partial_floats() const { return ptrdiff_t{weights()} + layer_.out.channels; }

  Layer layer_;
  ConvOptions options_;
  int max_images_, panel_columns_;
  bool by_rows_;                            // A is to be given by rows, and the images allow it
  int block_ = 1;                           // images swept at once
  ptrdiff_t x_run_ = 0, dy_run_ = 0;        // elements of an image, or of two in pairs
  ptrdiff_t x_floats_ = 0, dy_floats_ = 0;  // of an image that are read
  ptrdiff_t x_stride_ = 0;                  // by rows: pixels kept of a channel
  ptrdiff_t x_row_ = 0;                     // of a tap row: floats of x, or pixels by rows
  std::vector<TapRow> tap_rows_;
  mutable AlignedBuffer<float> partial_;  // [pieces, weights + bias]
};

}  // namespace inkling
