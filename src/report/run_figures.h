// What a run looks like: how its training went and what its network said of the judged images. Each
// takes what was measured and returns a figure for a FigureSheet (figure.h).
//
// training_curves, confusion_matrix, misclassified_examples, predictions, reliability,
// risk_coverage, model_comparison.
#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"
#include "eval/comparison.h"
#include "eval/evaluation.h"
#include "report/figure.h"
#include "train/trainer.h"

namespace inkling {

// What is drawn must outlive the drawing's making, not the figure.
struct JudgedRun {
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
Figure confusion_matrix(const JudgedRun& run);
// The surest mistakes. Without any it says so.
Figure misclassified_examples(const JudgedRun& run);
// The first images of the split, right or wrong.
Figure predictions(const JudgedRun& run);
Figure reliability(const JudgedRun& run);
Figure risk_coverage(const JudgedRun& run);
Figure model_comparison(const Comparison& comparison);

// Positions among the answers of the mistakes, the surest first.
std::vector<size_t> mistakes_by_confidence(const Answers& answers, int classes);

}  // namespace inkling
