// Several trained models made one: a network that holds theirs side by side and answers with the
// mean of their probabilities, to be judged, packaged and served like any other.
#pragma once

#include <span>
#include <string>

#include "nn/model.h"

namespace inkling {

struct EnsembleMember {
  const Model* model = nullptr;
  std::string source;  // for messages
};

// Takes normalisation, class names and notes from the first member; a member that normalises pixels
// otherwise gets a layer in front that makes up for it. Throws Error (input) naming the member that
// reads other images or knows other classes than the first. At least one member.
Model make_ensemble(std::span<const EnsembleMember> members, const std::string& name);

}  // namespace inkling
