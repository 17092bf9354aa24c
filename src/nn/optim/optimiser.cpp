#include "nn/optim/optimiser.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/index.h"
#include "base/suggest.h"
#include "base/to_float.h"
#include "nn/optim/muon.h"

namespace inkling {
namespace {

constexpr ptrdiff_t kRun = 16384;  // floats: four arrays of this length fit a second-level cache

// The slots of the weights that make logits.
std::vector<int> logit_weights(const Architecture& net) {
  std::vector<int> weights;
  for (const int layer : net.logit_layers()) {
    weights.push_back(at(net.layers, layer).weight);
  }
  return weights;
}

}  // namespace

Optimiser::Optimiser(const OptimiserOptions& options, const Architecture& net, Engine& engine)
    : options_(options),
      engine_(&engine),
      first_(net.trainable_floats),
      second_(options.name == "sgd" ? 0 : net.trainable_floats) {
  const auto names = optimiser_names();
  if (std::ranges::find(names, options.name) == names.end()) {
    throw usage_error("optimiser: expected {}; found \"{}\"{}", fmt::join(names, ", "),
                      options.name, did_you_mean(options.name, names));
  }
  plan_runs(net);
  squares_.resize(runs_.size() + matrices_.size());
  if (matrices_.empty()) return;
  ptrdiff_t largest = 0;
  for (const Run& run : matrices_) largest = std::max(largest, run.size);
  direction_ = AlignedBuffer<float>(largest);
  orthogonaliser_ = std::make_unique<Orthogonaliser>(engine);
}

Optimiser::~Optimiser() = default;

// Slots lie one behind the other; neighbours that are treated alike become one run, cut at kRun.
void Optimiser::plan_runs(const Architecture& net) {
  const bool muon = options_.name == "muon";
  const std::vector<int> last = logit_weights(net);
  std::vector<int> slots;  // the trainable ones, as they lie
  for (int i = 0; i < count_of(net.slots); ++i) {
    if (at(net.slots, i).trainable) slots.push_back(i);
  }
  for (size_t i = 0; i < slots.size(); ++i) {
    const ParameterSlot& slot = at(net.slots, slots[i]);
    const size_t end =
        i + 1 < slots.size() ? at(net.slots, slots[i + 1]).offset : net.trainable_floats;
    const bool is_matrix = slot.dims.size() >= 2;
    Run run{.begin = narrow<ptrdiff_t>(slot.offset),
            .size = narrow<ptrdiff_t>(end - slot.offset),
            .rule = options_.name == "sgd" ? Rule::kSgd : Rule::kAdam,
            .decays = is_matrix && options_.weight_decay > 0};
    if (muon && is_matrix && std::ranges::find(last, slots[i]) == last.end()) {
      run.rule = Rule::kMuon;
      run.size = narrow<ptrdiff_t>(slot.size);
      run.columns = slot.dims.back();
      run.rows = narrow<int>(run.size / run.columns);
      matrices_.push_back(run);
    } else if (!runs_.empty() && runs_.back().begin + runs_.back().size == run.begin &&
               runs_.back().decays == run.decays) {
      runs_.back().size += run.size;
    } else {
      runs_.push_back(run);
    }
  }
  std::vector<Run> cut;
  for (Run run : runs_) {
    for (const ptrdiff_t end = run.begin + run.size; run.begin < end; run.begin += kRun) {
      run.size = std::min(kRun, end - run.begin);
      cut.push_back(run);
    }
  }
  runs_ = std::move(cut);
}

// What the gradient is multiplied by so that its norm is at most options.clip.
float Optimiser::clipping(const float* gradients) {
  if (options_.clip == 0) return 1.0f;
  const int runs = count_of(runs_);
  engine_->pool().run(count_of(squares_), [&](int i) {
    const Run& run = i < runs ? at(runs_, i) : at(matrices_, i - runs);
    double sum = 0;
    for (ptrdiff_t k = run.begin; k < run.begin + run.size; ++k) {
      sum += double{gradients[k]} * double{gradients[k]};
    }
    at(squares_, i) = sum;
  });
  const double norm = std::sqrt(std::accumulate(squares_.begin(), squares_.end(), 0.0));
  return norm > options_.clip ? to_float(options_.clip / norm) : 1.0f;
}

void Optimiser::step(double lr, const float* gradients, Parameters& parameters) {
  ++steps_;
  const double t = static_cast<double>(steps_);
  const double correction = std::sqrt(1.0 - std::pow(options_.beta2, t));
  const double decay = options_.weight_decay;
  const double adam_lr = options_.name == "muon" ? lr * options_.adam_share : lr;
  const bool decoupled = options_.name == "adamw" || options_.name == "muon";
  const float scale = clipping(gradients);
  const std::span<float> weights = parameters.trainable();
  const kernels::OptimiseKernels& kernels = *engine_->kernels().optimise;
  engine_->pool().run(count_of(runs_), [&](int index) {
    const Run& run = at(runs_, index);
    const float* g = gradients + run.begin;
    float* const w = weights.data() + run.begin;
    const double lost = run.decays ? decay : 0;
    if (run.rule == Rule::kSgd) {
      const kernels::SgdStep sgd = {.lr = to_float(lr),
                                    .momentum = to_float(options_.momentum),
                                    .nesterov = options_.nesterov,
                                    .l2 = to_float(lost),
                                    .scale = scale};
      kernels.sgd(sgd, g, run.size, &first_[run.begin], w);
    } else {
      const kernels::AdamStep adam = {
          .beta1 = to_float(options_.beta1),
          .beta2 = to_float(options_.beta2),
          .step = to_float(adam_lr * correction / (1.0 - std::pow(options_.beta1, t))),
          .epsilon = to_float(options_.epsilon * correction),
          .decay = to_float(decoupled ? adam_lr * lost : 0),
          .l2 = to_float(decoupled ? 0 : lost),
          .scale = scale};
      kernels.adam(adam, g, run.size, &first_[run.begin], &second_[run.begin], w);
    }
  });
  for (const Run& run : matrices_) orthogonal_step(run, lr, scale, gradients, weights.data());
}

void Optimiser::orthogonal_step(const Run& run, double lr, float scale, const float* gradients,
                                float* weights) {
  const float momentum = to_float(options_.momentum), rest = 1.0f - momentum;
  for (ptrdiff_t i = 0; i < run.size; ++i) {
    const float g = scale * gradients[run.begin + i];
    float& velocity = first_[run.begin + i];
    velocity = momentum * velocity + rest * g;
    direction_[i] = options_.nesterov ? rest * g + momentum * velocity : velocity;
  }
  orthogonaliser_->run(direction_.data(), run.rows, run.columns);
  // Wide layers move further: a row of the transposed matrix is an output.
  const double stretch = std::sqrt(std::max(1.0, 1.0 * run.columns / run.rows));
  const float change = to_float(lr * stretch);
  const float kept = to_float(1.0 - lr * (run.decays ? options_.weight_decay : 0));
  for (ptrdiff_t i = 0; i < run.size; ++i) {
    weights[run.begin + i] = kept * weights[run.begin + i] - change * direction_[i];
  }
}

std::vector<std::span<float>> Optimiser::state() const {
  std::vector<std::span<float>> all{{first_.data(), first_.size()}};
  if (second_.size() > 0) all.emplace_back(second_.data(), second_.size());
  return all;
}

}  // namespace inkling
