// What follows a convolution in training, as one step: batch norm (or none), rectifier, and 2x2
// maximum pooling (or none). x is read three times in all and nothing between x and y is stored.
#pragma once

#include <memory>

#include "nn/steps/norm_statistics.h"
#include "nn/steps/step.h"

namespace inkling {

struct ActivateOptions {
  TensorId x = -1, y = -1, grad_x = -1, grad_y = -1;
  bool pool = false;  // 2x2 windows, 2 apart; x has even sides
  // Whoever made x has already put its sums into the statistics (a convolution's epilogue).
  bool sums_ready = false;
};

class ActivateStep : public Step {
 public:
  // statistics: null without a batch norm. x must have no other reader.
  ActivateStep(std::string_view name, const ActivateOptions& options, int channels,
               std::shared_ptr<NormStatistics> statistics);

  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  kernels::ActivateScale scale() const;
  void sum_gradients(const Context& context) const;

  ActivateOptions options_;
  int channels_;
  std::shared_ptr<NormStatistics> statistics_;
  AlignedBuffer<float> ones_, zeros_;  // the scale and shift of no batch norm
};

}  // namespace inkling
