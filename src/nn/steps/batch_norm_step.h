// Batch normalisation (Ioffe and Szegedy 2015) over images and pixels, channel by channel, by
// itself. Followed by a rectifier in training it becomes an ActivateStep.
#pragma once

#include "nn/steps/norm_statistics.h"
#include "nn/steps/step.h"

namespace inkling {

struct BatchNormOptions {
  TensorId x = -1, y = -1, grad_x = -1, grad_y = -1;
  bool accumulate_grad_x = false;
  // Normalise by the moving statistics and leave them alone (inference, probing) instead of by the
  // batch's.
  bool frozen = false;
};

class BatchNormStep : public Step {
 public:
  BatchNormStep(const Layer& layer, const BatchNormOptions& options, int max_images);

  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  BatchNormOptions options_;
  mutable NormStatistics statistics_;
};

}  // namespace inkling
