// Where the digits of a row are and what they are, without cutting it first: a small network looks
// at a window wherever it may stand and says which digit has its middle there, if any. It sees what
// cutting destroys; how the row divides it does not know (lattice.h).
//
//   const Locator locator(default_locator(), engine);
//   const Locations found = locator.locate(strip_of(ink, row), workspace);
//   found.at_x(x)[7];   // log-probability of a 7 whose middle is near the strip's x
//
// Any number of threads may use one locator, each with a workspace of its own.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "nn/classifier.h"
#include "nn/engine.h"
#include "nn/model.h"
#include "recognize/strip.h"

namespace inkling {

// A class for each digit and then one for a place that is no digit's middle.
inline constexpr int kLocatorClasses = 11, kBetween = 10;

struct Locations {
  static constexpr int kApart = 4;  // pixels of the strip from one place to the next

  std::vector<float> log_probabilities;  // [places, kLocatorClasses]; a place's middle is at
                                         // kStripHeight / 2 + kApart * place
  // [kLocatorClasses]: of the place nearest to the strip's x.
  std::span<const float> at_x(double x) const;
};

class Locator {
 public:
  // The engine must outlive the locator. Throws Error (input) if the model is no network for
  // windows of 32x32x1 that slides by kApart pixels and has kLocatorClasses classes.
  Locator(const Model& model, Engine& engine);

  // What one thread computes in.
  class Workspace {
    friend class Locator;
    explicit Workspace(Classifier::Workspace network) : network_(std::move(network)) {}

    Classifier::Workspace network_;
    std::vector<float> tiles_, softmax_;
  };
  Workspace workspace() const { return Workspace(classifier_.workspace()); }

  Locations locate(const RowStrip& strip, Workspace& workspace) const;

 private:
  std::shared_ptr<const Architecture> net_;  // the network slid over a tile of the strip
  Classifier classifier_;
  std::array<float, 256> level_;  // a grey level, normalised
};

}  // namespace inkling
