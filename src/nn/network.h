// A compiled network for training and probing: an architecture turned into steps over planned
// memory. Not for inference, which is classifier.h's.
//
//   Network network(architecture, Mode::kTrain, 128, engine);
//   fill(network.input());                       // batches.h
//   network.forward(parameters, images, key);
//   LossResult loss = network.loss(labels);
//   network.backward(parameters);
//   optimiser.step(lr, network.gradients(), parameters);
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/index.h"
#include "nn/architecture/architecture.h"
#include "nn/engine.h"
#include "nn/mode.h"
#include "nn/optim/loss.h"
#include "nn/parameters.h"
#include "nn/steps/step.h"
#include "nn/tensor.h"

namespace inkling {

// What one step took in each direction, and the products it did (0 for steps that do none).
struct StepTime {
  std::string name;
  double forward_s = 0, backward_s = 0;          // forward includes packing the weights
  double forward_flops = 0, backward_flops = 0;  // of the batch
};

// A whole batch goes through each step, which splits it among the
// threads. A step allocates nothing. One thread at a time may call, and none while another job of
// the engine's pool runs.
class Network {
 public:
  // kTrain or kProbe. The architecture and the engine must outlive the network.
  Network(const Architecture& net, Mode mode, int max_images, Engine& engine);

  // Where a batch is written: [max_images, H, W, C] f32, normalised pixels.
  const Tensor& input() const { return at(memory_.tensors, input_); }
  // Runs the first `images` images. Batch norm's moving statistics in `parameters` move (training).
  void forward(Parameters& parameters, int images, uint32_t dropout_key = 0);
  // Logits with a loss of their own, and d / d(logits), at which backward begins.
  struct Head {
    const Tensor *logits, *gradient;
  };
  // The members of a mixture that learn apart (training); none of other networks, whose only loss
  // is that of the logits.
  std::span<const Head> heads_apart() const { return heads_apart_; }
  // The output of a layer for the last batch. Probing keeps all of them; training, which fuses
  // layers, the logits at least.
  const Tensor& activation(int layer) const;
  const Tensor& logits() const { return activation(count_of(net_->layers) - 1); }
  // Loss of the last batch, one label an image; sets the gradients backward starts from.
  LossResult loss(std::span<const uint8_t> labels, float smoothing = 0);
  // d(mean loss) / d(parameters), laid out as the trainable parameters.
  void backward(Parameters& parameters);
  const float* gradients() const { return gradients_.data(); }
  // Forward and backward on what the input holds, step by step with a clock: medians of `repeats`.
  std::vector<StepTime> time_steps(Parameters& parameters, std::span<const uint8_t> labels,
                                   int repeats);
  // d(loss) / d(input), after backward (probing).
  const Tensor& input_gradient() const;
  // d / d(a layer's output), after backward (probing).
  const Tensor& gradient(int layer) const;
  // d / d(logits): what backward starts from; writable, for other losses.
  const Tensor& logits_gradient() const;

 private:
  void find_heads_apart();
  const Tensor& tensor(const std::vector<TensorId>& ids, int layer) const;
  Context context(const Parameters& parameters, int images, uint32_t dropout_key);

  const Architecture* net_;
  Mode mode_;
  Engine* engine_;
  std::vector<std::unique_ptr<Step>> steps_;
  TensorId input_ = -1, grad_input_ = -1;
  std::vector<TensorId> activations_, grads_;  // by layer
  TensorPlan::Memory memory_;
  std::vector<Head> heads_apart_;
  std::unique_ptr<Scratch> scratch_;
  AlignedBuffer<float> gradients_;
  int images_ = 0;
  uint32_t dropout_key_ = 0;
};

}  // namespace inkling
