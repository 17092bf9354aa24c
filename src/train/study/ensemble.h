// Several trained models combined into one: a network that holds theirs side by side and predicts
// the mean of their probabilities, to be evaluated, packaged and served like any other.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "nn/model.h"

namespace inkling {

struct EnsembleMember {
  const Model* model = nullptr;
  std::string source;  // for messages
};

// Takes normalisation, class names and notes from the first member; a member that normalises pixels
// differently gets a layer in front that compensates. Throws Error (input) naming a member whose
// input or classes differ from the first's. At least one member.
Model make_ensemble(std::span<const EnsembleMember> members, const std::string& name);

// The note that lists the members of an ensemble: [{model, weights_sha256}].
inline constexpr const char* kMembersNote = "members";
std::string members_note(std::span<const EnsembleMember> members);

// The sources in that note; none for a model that was trained. Throws Error naming `source` if the
// note is not as members_note writes it.
std::vector<std::string> members_of(const Model& model, const std::string& source);

}  // namespace inkling
