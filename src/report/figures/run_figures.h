// The figures of a run: its training and its network's predictions on the images evaluated. Each
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

// What it refers to must outlive the making of a figure, not the figure.
struct EvaluatedRun {
  const std::string& model;  // "cnn3"
  const Dataset& dataset;    // holds the images evaluated
  const std::string& split;  // "validation", "test"
  const Evaluation& evaluation;
  const std::vector<std::string>& class_names;  // [classes] of the model

  std::string source() const;  // for notes: "cnn3 on mnist, 10,000 test images"
};

// Accuracy, loss and learning rate by epoch. best_epoch 0: not marked.
Figure training_curves(const std::vector<EpochRecord>& history, int best_epoch,
                       const std::string& source);
Figure confusion_matrix(const EvaluatedRun& run);
// The most confident mistakes; without any, a sentence.
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

// One prediction of the run.
struct Prediction {
  int truth = 0, predicted = 0;  // classes
  double confidence = 0;
  uint32_t index = 0;  // in the dataset
  bool right() const { return truth == predicted; }
};
Prediction prediction_at(const EvaluatedRun& run, size_t position);

// Positions of the mistakes among the predictions, most confident first.
std::vector<size_t> mistakes_by_confidence(const Predictions& predictions, int classes);

}  // namespace inkling
