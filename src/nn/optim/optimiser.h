// From gradients to new parameters: one sweep over the trainable array, split among the threads.
// The sum over a gradient (clipping) is taken in fixed runs, so threads do not show. One thread at
// a time may call, and none while another job of the engine's pool runs.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/aligned_buffer.h"
#include "nn/engine.h"
#include "nn/parameters.h"

namespace inkling {

struct OptimiserOptions {
  std::string name = "adam";                          // one of optimiser_names()
  double momentum = 0.9;                              // sgd, muon
  bool nesterov = false;                              // sgd, muon
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // adam, adamw, and beside muon
  // Of the weights of convolutions and dense layers alone: biases and batch norm never shrink.
  // adamw, muon: weights lose lr * weight_decay of themselves a step (Loshchilov and Hutter 2019);
  // sgd, adam: L2, weight_decay * w is added to the gradient.
  double weight_decay = 0;
  double adam_share = 0.1;  // muon: fraction of lr for what AdamW moves beside it
  double clip = 0;          // largest norm of the whole gradient, 0: any (Pascanu et al. 2013)
};

// "sgd", "adam" (Kingma and Ba 2015), "adamw", "muon" (muon.h; AdamW for biases, batch norm and the
// layers that give logits).
std::span<const std::string_view> optimiser_names();

class Orthogonaliser;

class Optimiser {
 public:
  // Throws Error (usage) for an unknown name. The engine and the architecture must outlive it.
  Optimiser(const OptimiserOptions& options, const Architecture& net, Engine& engine);
  ~Optimiser();

  // gradients: [trainable_floats], as the trainable parameters are laid out.
  void step(double lr, const float* gradients, Parameters& parameters);

  // What it carries from step to step beside their number: [trainable_floats] each, to be saved and
  // filled again.
  std::vector<std::span<float>> state() const;
  int64_t steps() const { return steps_; }
  void set_steps(int64_t steps) { steps_ = steps; }

 private:
  enum class Rule { kSgd, kAdam, kMuon };
  // Adjacent floats that are treated alike: at most kRun of them, or a whole matrix for Muon.
  struct Run {
    ptrdiff_t begin = 0, size = 0;
    Rule rule = Rule::kAdam;
    bool decays = false;
    int rows = 0, columns = 0;  // of a matrix
  };

  void plan_runs(const Architecture& net);
  float clipping(const float* gradients);
  void orthogonal_step(const Run& run, double lr, float scale, const float* gradients,
                       float* weights);

  OptimiserOptions options_;
  Engine* engine_;
  int64_t steps_ = 0;
  std::vector<Run> runs_, matrices_;
  std::vector<double> squares_;     // [runs and matrices] of a gradient
  AlignedBuffer<float> first_;      // adam: mean of gradients; sgd, muon: velocity
  AlignedBuffer<float> second_;     // adam: mean of their squares
  AlignedBuffer<float> direction_;  // muon: a matrix's
  std::unique_ptr<Orthogonaliser> orthogonaliser_;
};

}  // namespace inkling
