// From images to a report: inspect the data, train the baseline and the networks, evaluate them on
// the test set, compare them, report on the one chosen on validation images and package it. Each
// file is read once and each model evaluated once per split; each part passes its results to the
// next.
//
//   PipelineResult made = run_pipeline({.out = "runs/demo"}, engine, observer);
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eval/compare/comparison.h"
#include "eval/data_report/inspection.h"
#include "jobs/evaluation/write_report.h"
#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct PipelineRequest {
  std::string dataset;  // empty: mnist, or synthetic digits if it cannot be fetched
  std::string data_dir;
  std::filesystem::path out;  // folder for the runs
  bool quick = false;         // fewer epochs on 12,000 images
  uint64_t seed = 1;
};

struct PipelineModel {
  std::string title;  // "cnn3 + standard"
  double val_accuracy = 0;
};

struct PipelineResult {
  bool synthetic = false;  // drawn by Inkling itself
  size_t test_images = 0;
  std::vector<PipelineModel> models;  // the baseline first
  size_t best = 0;                    // index of the best on validation images
  Inspection inspection;
  Comparison comparison;          // its models are in the same order
  ReportResult report;            // of the best
  std::filesystem::path package;  // of the best, for the Hugging Face Hub
};

// The observer receives the training images and the inspection as soon as they exist. Throws Error
// as the parts do; (interrupted) once cancelled. Threads: observer.h.
PipelineResult run_pipeline(const PipelineRequest& request, Engine& engine, JobObserver& observer);

}  // namespace inkling
