// Pictures in, digits out: a trained model and all that stands between a picture in memory and what
// it says. Decoding is data/formats/picture.h.
//
//   const Reader reader(default_reader(), engine);
//   Reader::Workspace workspace = reader.workspace();
//   DigitPrediction seven = reader.predict(read_picture("seven.jpg"), workspace);
//   Reading amount = reader.read(read_picture("cheque.png"), workspace);
//
// Any number of threads may use one reader, each with a workspace of its own.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "data/augment/warper.h"
#include "data/dataset.h"
#include "data/formats/picture.h"
#include "nn/classifier.h"
#include "nn/engine.h"
#include "nn/model.h"
#include "recognize/ink.h"
#include "recognize/locator.h"
#include "recognize/network_input.h"
#include "recognize/reading.h"
#include "recognize/strip.h"

namespace inkling {

struct ReaderOptions {
  InputForm form = InputForm::kAsTrained;
  // A model with a reject class refuses a digit less probable than this.
  double least_confidence = 0.45;
  // Rows are read with the built-in locator's help, where the model's classes are the digits.
  bool locate = true;
};

// What a picture went through on its way to a prediction or a reading, to be shown.
struct ReadingSteps {
  Picture grey;
  Ink ink;                                   // without ruled lines
  std::vector<Ink> atoms;                    // of read: by row
  std::vector<RowStrip> strips;              // of read with a locator: by row
  std::optional<Dataset> input;              // of predict: the image the network saw
  std::vector<std::vector<uint8_t>> digits;  // of read: [28, 28] each, what it saw of each digit
};

class Reader {
 public:
  // The engine must outlive the reader. Throws Error (input) naming the network if it is to find
  // ink but does not take images of 28x28x1.
  Reader(Model model, Engine& engine, const ReaderOptions& options = {});

  // What one thread computes in. Fits the reader that made it alone.
  class Workspace {
    friend class Reader;
    explicit Workspace(Classifier::Workspace network) : network_(std::move(network)) {}

    Classifier::Workspace network_;
    std::optional<Locator::Workspace> locator_;
    std::vector<float> images_, probabilities_;
  };
  Workspace workspace() const;

  // The one digit in a picture: the mean over several views if the model predicts so. `steps`, if
  // any, is filled. Throws Error (input) if the network predicts NaN.
  DigitPrediction predict(Picture picture, Workspace& workspace,
                          ReadingSteps* steps = nullptr) const;

  // Every digit in a picture, from one view each. Throws Error as above, or if the network takes
  // pictures whole.
  Reading read(const Picture& picture, Workspace& workspace, ReadingSteps* steps = nullptr) const;

  const Model& model() const { return model_; }
  const Classifier& classifier() const { return classifier_; }
  // Or takes pictures whole.
  bool reads_ink() const { return finds_ink_; }

 private:
  struct CutRow;

  // The picture's ink, cut into rows and those into arcs.
  std::vector<CutRow> cut_rows(const Ink& ink, Workspace& workspace) const;
  // Unless it is null, `sheet` receives the box of what may be a sheet of paper, in pixels.
  Reading read_grey(const Picture& grey, Workspace& workspace, std::optional<PixelBox>* sheet,
                    ReadingSteps* steps) const;
  // [classes]: of one image, the mean over its views.
  std::vector<float> probabilities_of(const Dataset& image, Workspace& workspace) const;
  // workspace.images_ -> workspace.probabilities_, [n, classes].
  void classify(int n, Workspace& workspace) const;

  Model model_;
  ReaderOptions options_;
  bool finds_ink_;
  const kernels::WarpKernels* warp_;
  Classifier classifier_;
  std::optional<Locator> locator_;
  std::array<float, 256> level_;  // a grey level, normalised
};

}  // namespace inkling
