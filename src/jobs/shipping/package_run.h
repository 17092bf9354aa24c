// A trained model packaged for others: a Hugging Face model repository (report/card/package.h).
//
//   package_run({.run = "runs/a", .out = "build/package"}, engine, observer);
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/formats/picture.h"
#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct PackageRequest {
  std::string run;  // as --model
  std::filesystem::path out;
  std::string title;              // of the card; empty: the run folder's name
  std::filesystem::path metrics;  // a metrics file of the model; empty: the run's
  std::string data_dir;
  std::optional<Picture> example;  // an image of the network's size; none: one of the run's data
};

struct PackageResult {
  std::vector<std::string> files;  // in the folder, sorted
  uintmax_t bytes = 0;             // of all
  std::string example_label;       // the class predicted of example.png
};

// Writes the folder as a whole: nothing is left of it if that fails. A package that is there is
// replaced. Results are the run's on its test set or, if that was not read, on its validation
// images. example.png is one of those images; if they are not at hand a digit of our own pen, or
// noise. Throws Error (usage) if the folder holds something else; Error as find_model and
// read_metrics do, and if the metrics are of other weights. Threads: observer.h.
PackageResult package_run(const PackageRequest& request, Engine& engine, JobObserver& observer);

}  // namespace inkling
