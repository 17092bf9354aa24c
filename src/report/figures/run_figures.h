// What a run looks like: how its training went and what its network said of the judged images. Each
// takes what was measured and returns a figure for a FigureSheet (figure.h).
//
// training_curves, confusion_matrix, misclassified_examples, predictions, reliability,
// risk_coverage, model_comparison.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "eval/compare/comparison.h"
#include "eval/metrics/evaluation.h"
#include "report/draw/figure.h"
#include "train/trainer.h"

namespace inkling {

// What is drawn must outlive the drawing's making, not the figure.
struct EvaluatedRun {
  const std::string& model;  // "cnn3"
  const Dataset& dataset;    // the images judged are some of it
  const std::string& split;  // "validation", "test"
  const Evaluation& evaluation;
  const std::vector<std::string>& class_names;  // [classes] of the model

  std::string source() const;  // for notes: "cnn3 on mnist, 10,000 test images"
};

// Accuracy, loss and learning rate by epoch. best_epoch 0: not marked.
Figure training_curves(const std::vector<EpochRecord>& history, int best_epoch,
                       const std::string& source);
Figure confusion_matrix(const EvaluatedRun& run);
// The surest mistakes. Without any it says so.
Figure misclassified_examples(const EvaluatedRun& run);
// The first images of the split, right or wrong.
Figure predictions(const EvaluatedRun& run);
Figure reliability(const EvaluatedRun& run);
Figure risk_coverage(const EvaluatedRun& run);
// The last five.
void add_prediction_figures(const EvaluatedRun& run, FigureSheet& sheet);

Figure model_comparison(const Comparison& comparison);

// A run by the name of its folder: "cnn3" of runs/demo/cnn3 and of
// runs/demo/cnn3/model.safetensors.
std::string run_title(const std::filesystem::path& run);

// One answer of the judged run, in words and numbers.
struct Answered {
  int truth = 0, given = 0;
  double confidence = 0;
  uint32_t index = 0;  // in the data set
  bool right() const { return truth == given; }
};
Answered answered(const EvaluatedRun& run, size_t position);

// Positions among the answers of the mistakes, the surest first.
std::vector<size_t> mistakes_by_confidence(const Predictions& predictions, int classes);

}  // namespace inkling
