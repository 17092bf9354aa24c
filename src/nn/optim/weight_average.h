// An exponential moving average of all parameters, batch norm's statistics with them: often better
// than the last weights, and smooth from epoch to epoch. One thread at a time may call, and none
// while another job of the engine's pool runs.
#pragma once

#include <cstdint>

#include "nn/engine.h"
#include "nn/parameters.h"

namespace inkling {

class WeightAverage {
 public:
  // decay in (0, 1). The engine and the architecture must outlive it.
  WeightAverage(double decay, const Architecture& net, Engine& engine)
      : decay_(decay), engine_(&engine), average_(net) {}

  // After the `step`-th step (from 1): average = d average + (1 - d) parameters, where d is the
  // decay or, early, (1 + step) / (10 + step), as TensorFlow's ExponentialMovingAverage has it; the
  // first step's are taken over whole. Threads do not show.
  void update(int64_t step, const Parameters& parameters);

  Parameters& parameters() { return average_; }
  const Parameters& parameters() const { return average_; }

 private:
  double decay_;
  Engine* engine_;
  Parameters average_;
};

}  // namespace inkling
