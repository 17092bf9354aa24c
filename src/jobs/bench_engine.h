// The engine's speed on this machine, measured on random images: every step of a training step,
// training and inference as a whole, and the fraction of the cores' peak that they reach.
#pragma once

#include <string>
#include <vector>

#include "jobs/observer.h"
#include "nn/engine.h"
#include "nn/network.h"

namespace inkling {

struct BenchRequest {
  std::string model = "cnn3";  // zoo name, network file or trained model
  int batch = 128;             // images per training step
  double seconds = 2;          // per measurement, about
};

struct Latency {
  double median_s = 0, p99_s = 0;  // of one image
};

struct BenchResult {
  double peak_flops = 0;        // per second: multiplications and additions in registers alone
  std::vector<StepTime> steps;  // of one training step
  double training_step_s = 0;   // median
  double training_flops = 0;    // of one training step
  double inference_s = 0;       // median, of kInferenceBatch images
  Latency one_core, all_cores;
};

inline constexpr int kInferenceBatch = 256;

// Throws Error as find_architecture does; (interrupted) once cancelled. Threads: observer.h.
BenchResult bench_engine(const BenchRequest& request, Engine& engine, JobObserver& observer);

}  // namespace inkling
