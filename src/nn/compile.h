// Internal to nn: from layers to steps. What is fused with what, which tensors exist and who writes
// a gradient first is settled here, once.
#pragma once

#include <memory>
#include <vector>

#include "nn/architecture.h"
#include "nn/network.h"
#include "nn/step.h"

namespace inkling {

struct CompiledNetwork {
  TensorPlan plan;
  std::vector<std::unique_ptr<Step>> steps;  // in forward order
  TensorId input = -1, grad_input = -1;
  std::vector<TensorId> activations, grads;  // by layer; -1: no gradient wanted
};

CompiledNetwork compile(const Architecture& net, Mode mode, int max_images,
                        const kernels::Variant& kernels);
CompiledNetwork compile_inference(const Architecture& net, int max_images,
                                  const kernels::Variant& kernels);

}  // namespace inkling
