// The engine's figures on this machine, from random images: every step of a training step, training
// and inference as a whole, and the fraction of what the cores can do at most.
#pragma once

#include <string>
#include <vector>

#include "nn/engine.h"
#include "nn/network.h"

namespace inkling {

struct BenchRequest {
  std::string model = "cnn3";  // zoo name, network file or trained model
  int batch = 128;             // images of a training step
  double seconds = 2;          // of each measurement, about
};

struct Latency {
  double median_s = 0, p99_s = 0;  // of one image
};

struct BenchResult {
  double peak_flops = 0;        // a second: multiplications and additions on registers alone
  std::vector<StepTime> steps;  // of one training step
  double training_step_s = 0;   // median
  double training_flops = 0;    // of one training step
  double inference_s = 0;       // median, of kInferenceBatch images
  Latency one_core, all_cores;
};

inline constexpr int kInferenceBatch = 256;

// Throws Error as find_architecture.
BenchResult bench_engine(const BenchRequest& request, Engine& engine);

}  // namespace inkling
