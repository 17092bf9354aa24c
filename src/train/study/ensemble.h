// Several trained models made one: a network that holds theirs side by side and answers with the
// mean of their probabilities, to be judged, packaged and served like any other.
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
// otherwise gets a layer in front that makes up for it. Throws Error (input) naming the member that
// reads other images or knows other classes than the first. At least one member.
Model make_ensemble(std::span<const EnsembleMember> members, const std::string& name);

// The note by which a model says what it was put together from: [{model, weights_sha256}].
inline constexpr const char* kMembersNote = "members";
std::string members_note(std::span<const EnsembleMember> members);

// The sources in that note; none of a model that was trained. Throws Error naming `source` where
// the note is not as members_note writes it.
std::vector<std::string> members_of(const Model& model, const std::string& source);

}  // namespace inkling
