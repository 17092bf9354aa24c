// An ensemble's last layer: y = ln of the mean of its members' probabilities, so that the softmax
// of y is that mean and an ensemble is a network like any other.
#pragma once

#include <vector>

#include "nn/steps/step.h"

namespace inkling {

struct MixtureMember {
  TensorId x = -1, grad_x = -1;  // logits: [images, classes]
  bool accumulate_grad_x = false;
};

struct MixtureOptions {
  std::vector<MixtureMember> members;
  TensorId y = -1, grad_y = -1;
  bool apart = false;  // the members have losses of their own: backward passes on nothing
};

class MixtureStep : public Step {
 public:
  MixtureStep(const Layer& layer, MixtureOptions options);
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  MixtureOptions options_;
  float log_members_;  // ln of their number
};

}  // namespace inkling
