#include "nn/optim/schedule.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/suggest.h"

namespace inkling {
namespace {

constexpr std::string_view kNames[] = {"constant", "linear",      "cosine",
                                       "step",     "exponential", "one-cycle"};

// From `from` to `to` along half a cosine, at in [0, 1].
double half_cosine(double from, double to, double at) {
  return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * at));
}

}  // namespace

std::span<const std::string_view> schedule_names() { return kNames; }

double schedule_factor(const ScheduleOptions& options, const TrainingLength& length, int64_t step) {
  const double epoch_steps = static_cast<double>(length.steps_an_epoch);
  const double warmup_steps = options.warmup * epoch_steps;
  const double now = static_cast<double>(step);
  if (now < warmup_steps) return std::min(1.0, (now + 1) / warmup_steps);
  const double epochs = (now - warmup_steps) / epoch_steps;  // into the schedule proper
  const double progress = (now - warmup_steps) / (epoch_steps * length.epochs - warmup_steps);
  if (options.name == "constant") return 1.0;
  if (options.name == "linear") return 1.0 - progress;
  if (options.name == "cosine") return half_cosine(1.0, 0.0, progress);
  if (options.name == "step") return std::pow(options.gamma, std::floor(epochs / options.every));
  if (options.name == "exponential") return std::pow(options.gamma, epochs);
  if (options.name == "one-cycle") {
    return progress < options.rise ? half_cosine(options.start, 1.0, progress / options.rise)
                                   : half_cosine(1.0, options.start * 1e-4,
                                                 (progress - options.rise) / (1.0 - options.rise));
  }
  throw usage_error("schedule: expected {}; found \"{}\"{}", fmt::join(kNames, ", "), options.name,
                    did_you_mean(options.name, kNames));
}

}  // namespace inkling
