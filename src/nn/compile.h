// Internal to nn: from layers to steps. What is fused with what, which tensors exist and who writes
// a gradient first is settled here, once.
#pragma once

#include <memory>
#include <vector>

#include "nn/architecture/architecture.h"
#include "nn/engine.h"
#include "nn/mode.h"
#include "nn/steps/step.h"
#include "nn/tensor.h"

namespace inkling {

struct CompiledNetwork {
  TensorPlan plan;
  std::vector<std::unique_ptr<Step>> steps;  // in forward order
  TensorId input = -1, grad_input = -1;
  std::vector<TensorId> activations, grads;  // by layer; -1: not kept, not wanted
};

// The architecture must outlive the steps.
CompiledNetwork compile(const Architecture& net, Mode mode, int max_images, const Engine& engine);

// Tells all steps how memory is laid out; returns the scratch that suffices for each of them.
Scratch::Sizes bind_tensors(const std::vector<std::unique_ptr<Step>>& steps, const Tensor* tensors);

}  // namespace inkling
