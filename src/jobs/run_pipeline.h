// From images to a report: inspect the data, train the baseline and the networks, evaluate them on
// the test set, compare them, and describe the one validation chose. Each file is read once and
// each model evaluated once a split; what one part has found is handed to the next.
//
//   PipelineResult made = run_pipeline({.out = "runs/demo"}, engine, observer);
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eval/compare/comparison.h"
#include "eval/data_report/inspection.h"
#include "jobs/observer.h"
#include "jobs/write_report.h"
#include "nn/engine.h"

namespace inkling {

struct PipelineRequest {
  std::string dataset;  // empty: mnist, or synthetic digits where it cannot be had
  std::string data_dir;
  std::filesystem::path out;  // folder of the runs
  bool quick = false;         // fewer epochs on 12,000 images
  uint64_t seed = 1;
};

struct PipelineModel {
  std::string title;  // "cnn3 + standard"
  double val_accuracy = 0;
};

struct PipelineResult {
  bool synthetic = false;  // the images were drawn by Inkling itself
  size_t test_images = 0;
  std::vector<PipelineModel> models;  // the baseline first
  size_t best = 0;                    // of them, by validation
  Inspection inspection;
  Comparison comparison;  // its models are in the same order
  ReportResult report;    // of the best
};

// The observer is told of the training images and of the inspection when they are there. Throws
// Error as the parts do; (interrupted) once cancelled.
PipelineResult run_pipeline(const PipelineRequest& request, Engine& engine, JobObserver& observer);

}  // namespace inkling
