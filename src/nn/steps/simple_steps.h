// The layers without a matrix product: rectifier, dropout, flatten, residual addition, pooling.
#pragma once

#include <cstdint>

#include "nn/steps/step.h"

namespace inkling {

// One input, one output, and their gradients; -1 where not wanted.
struct UnaryOptions {
  TensorId x = -1, y = -1, grad_x = -1, grad_y = -1;
  bool accumulate_grad_x = false;
};

class ReluStep : public Step {
 public:
  ReluStep(const Layer& layer, const UnaryOptions& options);
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  UnaryOptions options_;
};

// Inverted dropout (Srivastava et al. 2014): what is kept is scaled by 1 / (1 - rate), so inference
// does nothing. Whether element i of image n is kept hangs on (dropout key, layer, n, i) alone.
class DropoutStep : public Step {
 public:
  DropoutStep(const Layer& layer, const UnaryOptions& options, int salt);
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  void apply(const Context& context, TensorId from, TensorId to) const;
  UnaryOptions options_;
  uint32_t salt_, threshold_;
  float scale_;
};

// The key a layer of number `salt` uses in a step whose dropout key is `key`.
uint32_t dropout_layer_key(uint32_t key, uint32_t salt);
// The fraction `rate` of 2^32.
uint32_t dropout_threshold(double rate);

// Copies an image's rows into one run; only where a reader cannot read them as they are.
class FlattenStep : public Step {
 public:
  FlattenStep(const Layer& layer, const UnaryOptions& options);
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  UnaryOptions options_;
};

struct AddOptions {
  TensorId a = -1, b = -1, y = -1, grad_a = -1, grad_b = -1, grad_y = -1;
  bool accumulate_grad_a = false, accumulate_grad_b = false;
};

class AddStep : public Step {
 public:
  AddStep(const Layer& layer, const AddOptions& options);
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  AddOptions options_;
};

// Maximum, average and global average pooling.
class PoolStep : public Step {
 public:
  PoolStep(const Layer& layer, const UnaryOptions& options);
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  UnaryOptions options_;
  kernels::PoolRow row_;
  int out_height_, stride_;
  bool maximum_;
};

}  // namespace inkling
