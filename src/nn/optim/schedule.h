// How the learning rate moves over a training. Any thread may call.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace inkling {

struct ScheduleOptions {
  std::string name = "constant";  // one of schedule_names()
  double warmup = 0;              // epochs of climbing in a line before it, 0: none
  double every = 10;              // step: epochs between drops
  double gamma = 0.1;             // step: factor of a drop; exponential: factor of an epoch
  double rise = 0.3;              // one-cycle: share of the training spent climbing
  double start = 0.04;            // one-cycle: share of the peak it begins at
};

// constant; linear and cosine (Loshchilov and Hutter 2017) fall to 0; step; exponential; one-cycle
// (Smith and Topin 2018, as PyTorch's OneCycleLR with its cosines): half a cosine from `start` up
// to 1, half a cosine down to start / 10,000.
std::span<const std::string_view> schedule_names();

struct TrainingLength {
  int64_t steps_an_epoch = 1;
  int epochs = 1;
};

// The share of the peak learning rate at `step` (from 0). Warm-up gives (step + 1) / its steps; the
// schedule proper then runs over what is left as if the training began there. Throws Error (usage)
// for an unknown name.
double schedule_factor(const ScheduleOptions& options, const TrainingLength& length, int64_t step);

}  // namespace inkling
