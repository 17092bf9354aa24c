#include "nn/optim/optimiser.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/suggest.h"
#include "nn/optim/muon.h"

namespace inkling {
namespace {

constexpr size_t kRun = 16384;  // floats: four arrays of this length fit a second-level cache

// The slots of the weights that make logits.
std::vector<int> logit_weights(const Architecture& net) {
  std::vector<int> weights;
  for (const int layer : net.logit_layers()) {
    weights.push_back(net.layers[static_cast<size_t>(layer)].weight);
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
  size_t largest = 0;
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
  for (size_t i = 0; i < net.slots.size(); ++i) {
    if (net.slots[i].trainable) slots.push_back(static_cast<int>(i));
  }
  const auto slot_at = [&](int index) -> const ParameterSlot& {
    return net.slots[static_cast<size_t>(index)];
  };
  for (size_t i = 0; i < slots.size(); ++i) {
    const ParameterSlot& slot = slot_at(slots[i]);
    const size_t end = i + 1 < slots.size() ? slot_at(slots[i + 1]).offset : net.trainable_floats;
    const bool is_matrix = slot.dims.size() >= 2;
    Run run{.begin = slot.offset,
            .size = end - slot.offset,
            .rule = options_.name == "sgd" ? Rule::kSgd : Rule::kAdam,
            .decays = is_matrix && options_.weight_decay > 0};
    if (muon && is_matrix && std::ranges::find(last, slots[i]) == last.end()) {
      run.rule = Rule::kMuon;
      run.size = slot.size;
      run.columns = slot.dims.back();
      run.rows = static_cast<int>(slot.size) / run.columns;
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
    for (const size_t end = run.begin + run.size; run.begin < end; run.begin += kRun) {
      run.size = std::min(kRun, end - run.begin);
      cut.push_back(run);
    }
  }
  runs_ = std::move(cut);
}

// What the gradient is multiplied by so that its norm is at most options.clip.
float Optimiser::clipping(const float* gradients) {
  if (options_.clip == 0) return 1.0f;
  engine_->pool().run(static_cast<int>(squares_.size()), [&](int i) {
    const size_t at = static_cast<size_t>(i);
    const Run& run = at < runs_.size() ? runs_[at] : matrices_[at - runs_.size()];
    double sum = 0;
    for (size_t k = run.begin; k < run.begin + run.size; ++k) {
      sum += static_cast<double>(gradients[k]) * static_cast<double>(gradients[k]);
    }
    squares_[at] = sum;
  });
  const double norm = std::sqrt(std::accumulate(squares_.begin(), squares_.end(), 0.0));
  return norm > options_.clip ? static_cast<float>(options_.clip / norm) : 1.0f;
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
  engine_->pool().run(static_cast<int>(runs_.size()), [&](int index) {
    const Run& run = runs_[static_cast<size_t>(index)];
    const size_t at = run.begin;
    const double lost = run.decays ? decay : 0;
    if (run.rule == Rule::kSgd) {
      const kernels::SgdStep sgd = {.lr = static_cast<float>(lr),
                                    .momentum = static_cast<float>(options_.momentum),
                                    .nesterov = options_.nesterov,
                                    .l2 = static_cast<float>(lost),
                                    .scale = scale};
      kernels.sgd(sgd, gradients + at, run.size, &first_[at], &weights[at]);
    } else {
      const kernels::AdamStep adam = {
          .beta1 = static_cast<float>(options_.beta1),
          .beta2 = static_cast<float>(options_.beta2),
          .step = static_cast<float>(adam_lr * correction / (1.0 - std::pow(options_.beta1, t))),
          .epsilon = static_cast<float>(options_.epsilon * correction),
          .decay = static_cast<float>(decoupled ? adam_lr * lost : 0),
          .l2 = static_cast<float>(decoupled ? 0 : lost),
          .scale = scale};
      kernels.adam(adam, gradients + at, run.size, &first_[at], &second_[at], &weights[at]);
    }
  });
  for (const Run& run : matrices_) orthogonal_step(run, lr, scale, gradients, weights.data());
}

void Optimiser::orthogonal_step(const Run& run, double lr, float scale, const float* gradients,
                                float* weights) {
  const float momentum = static_cast<float>(options_.momentum), rest = 1.0f - momentum;
  for (size_t i = 0; i < run.size; ++i) {
    const float g = scale * gradients[run.begin + i];
    float& velocity = first_[run.begin + i];
    velocity = momentum * velocity + rest * g;
    direction_[i] = options_.nesterov ? rest * g + momentum * velocity : velocity;
  }
  orthogonaliser_->run(direction_.data(), run.rows, run.columns);
  // Wide layers move further: a row of the transposed matrix is an output.
  const double stretch = std::sqrt(std::max(1.0, static_cast<double>(run.columns) / run.rows));
  const float change = static_cast<float>(lr * stretch);
  const float kept = static_cast<float>(1.0 - lr * (run.decays ? options_.weight_decay : 0));
  for (size_t i = 0; i < run.size; ++i) {
    weights[run.begin + i] = kept * weights[run.begin + i] - change * direction_[i];
  }
}

std::vector<std::span<float>> Optimiser::state() const {
  std::vector<std::span<float>> all{{first_.data(), first_.size()}};
  if (second_.size() > 0) all.emplace_back(second_.data(), second_.size());
  return all;
}

}  // namespace inkling
