// Models side by side on the same images: what each does and costs, and for each two of them
// whether the difference is more than chance. Not how they are found and timed
// (jobs/compare_models.h).
//
//   Comparison c = compare({{.name = "runs/a", ...}, {.name = "runs/b", ...}}, "mnist", "test");
//   c.pairs[0].p;   // exact McNemar
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "eval/metrics/metrics.h"
#include "eval/metrics/set_aside.h"
#include "eval/predict.h"

namespace inkling {

struct ComparedModel {
  std::string name;   // as the user called it: "runs/a"
  std::string model;  // the network's name
  size_t views = 1;   // of an image, behind each prediction (predict.h)
  size_t parameters = 0;
  double flops = 0;                     // of one image
  std::optional<double> train_seconds;  // where its run says
  double latency_s = 0;                 // median of one image on one thread
  Predictions predictions;              // on the same images as all others'
  Metrics metrics;

  int prediction(size_t at) const;  // the class it names at a position of them
};

struct PairedDifference {
  size_t first = 0, second = 0;  // models
  int64_t only_first_right = 0, only_second_right = 0;
  double p = 1;                     // mcnemar.h
  double p_holm = 1;                // the same, adjusted for the number of pairs (Holm 1979)
  std::vector<uint32_t> differing;  // positions in the predictions at which they differ
};

struct Comparison {
  std::string dataset, split;
  std::optional<SetAside> aside;        // images of them that were not evaluated
  std::vector<ComparedModel> models;    // as given
  std::vector<PairedDifference> pairs;  // (0, 1), (0, 2), ... (1, 2), ...
};

// The caller owes predictions on the same images, with the same classes.
Comparison compare(std::vector<ComparedModel> models, std::string dataset, std::string split,
                   std::optional<SetAside> aside = {});

}  // namespace inkling
