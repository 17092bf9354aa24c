// A run judged, drawn and described: what `report` does, and `pipeline` at its end.
#pragma once

#include <filesystem>
#include <string>

#include "eval/metrics/evaluation.h"
#include "nn/engine.h"

namespace inkling {

struct ReportJob {
  std::filesystem::path run;         // gets figures/ and report.html
  std::filesystem::path inspection;  // a folder of `inspect`; empty: RUN/../data, if it is one
  std::filesystem::path comparison;  // a folder of `compare`; empty: RUN/.., if it holds one
  std::string data_dir;
};

struct ReportOutcome {
  std::string model, split;
  Evaluation evaluation;
  std::filesystem::path page;
};

// Judges the run on its test set where its metrics-test.json says it was read, else on the images
// it kept for validation, by its weights as they are now. Throws Error naming the file where the
// run, its data, or a folder that was named is not there or broken. Why there are no figures is
// said on stderr.
ReportOutcome run_report_job(const ReportJob& job, Engine& engine);

}  // namespace inkling
