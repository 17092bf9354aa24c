// A run evaluated, drawn and described: RUN/report.html and RUN/figures.
//
//   ReportResult written = write_report({.run = "runs/demo/cnn3"}, engine, observer);
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "data/split.h"
#include "eval/metrics/evaluation.h"
#include "jobs/observer.h"
#include "nn/engine.h"
#include "nn/model.h"

namespace inkling {

struct ReportRequest {
  std::filesystem::path run;         // for figures/ and report.html
  std::filesystem::path inspection;  // a folder of `inspect`; empty: RUN/../data, if it is one
  std::filesystem::path comparison;  // a folder of `compare`; empty: RUN/.., if it holds one
  std::string data_dir;
};

struct ReportResult {
  std::string model, split;
  Evaluation evaluation;
  std::filesystem::path page;
};

// Evaluates the run's present weights on its test set if metrics-test.json exists, else on the
// images it kept for validation. Throws Error naming the file if the run, its data or a folder that
// was named is missing or broken; (interrupted) once cancelled. Figures that cannot be drawn are a
// warning. Threads: observer.h.
ReportResult write_report(const ReportRequest& request, Engine& engine, JobObserver& observer);

// For a caller who has them: the run's model, what it was evaluated on and what it predicted there,
// its training file and how the run split it. All must outlive the call.
struct ReportMaterial {
  const Model& model;
  const Dataset& dataset;
  std::string split;  // of `dataset`: "test", "validation"
  Predictions predictions;
  const Dataset& training;
  const SplitIndices& cut;
  std::optional<Predictions> validation;  // to fit a temperature on; none: no temperature
};

ReportResult write_report(const ReportRequest& request, ReportMaterial material, Engine& engine,
                          JobObserver& observer);

}  // namespace inkling
