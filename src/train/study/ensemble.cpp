#include "train/study/ensemble.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"
#include "base/json.h"
#include "data/pixel_statistics.h"
#include "nn/steps/norm_statistics.h"
#include "store/model_format.h"
#include "store/weights_hash.h"

namespace inkling {
namespace {

void expect_alike(const EnsembleMember& first, const EnsembleMember& other) {
  const Model &a = *first.model, &b = *other.model;
  if (a.net->input != b.net->input) {
    throw input_error("{}: expected a network that reads images of {} as {} does, found {}",
                      other.source, to_string(a.net->input), first.source, to_string(b.net->input));
  }
  if (a.class_names != b.class_names) {
    throw input_error("{}: expected the classes of {}, {}, found {}", other.source, first.source,
                      fmt::join(a.class_names, " "), fmt::join(b.class_names, " "));
  }
}

bool normalise_alike(const Model& a, const Model& b) { return a.normalisation == b.normalisation; }

// "m2.": before the names of the second member's layers.
std::string prefix_of(size_t member) { return fmt::format("m{}.", member + 1); }

// The layers of a member, reading from one another under their new names, and the first from
// `begin`.
void append_layers(const Architecture& net, const std::string& prefix, const std::string& begin,
                   std::vector<LayerSpec>& specs) {
  const auto name_of = [&](int layer) {
    return layer < 0 ? begin : prefix + at(net.layers, layer).spec.name;
  };
  for (const Layer& layer : net.layers) {
    LayerSpec spec = layer.spec;
    spec.name = prefix + layer.spec.name;
    spec.from = name_of(layer.input);
    spec.apart = false;  // no longer the end of a network
    spec.with.clear();
    for (const int other : layer.others) spec.with.push_back(name_of(other));
    specs.push_back(std::move(spec));
  }
}

std::string adapter_of(size_t member) { return prefix_of(member) + "pixels"; }

Architecture architecture_of(std::span<const EnsembleMember> members, const std::string& name) {
  const Model& first = *members[0].model;
  std::vector<LayerSpec> specs;
  LayerSpec mean{.kind = LayerKind::kMixture, .name = "mean"};
  for (size_t i = 0; i < members.size(); ++i) {
    const Model& model = *members[i].model;
    std::string begin = "input";
    if (!normalise_alike(model, first)) {
      begin = adapter_of(i);
      specs.push_back({.kind = LayerKind::kBatchNorm, .name = begin, .from = "input"});
    }
    append_layers(*model.net, prefix_of(i), begin, specs);
    (i == 0 ? mean.from : mean.with.emplace_back()) = specs.back().name;
  }
  specs.push_back(std::move(mean));
  const std::string text = architecture_text(name, first.net->input, first.net->classes, specs);
  return parse_architecture(text, name);
}

std::span<float> slot_named(const Model& model, const std::string& name) {
  const std::vector<ParameterSlot>& slots = model.net->slots;
  const auto slot = std::ranges::find(slots, name, &ParameterSlot::name);
  INKLING_CHECK(slot != slots.end());
  return model.parameters.slot(narrow<int>(slot - slots.begin()));
}

void take_member(const Model& member, size_t index, Model& ensemble) {
  const std::vector<ParameterSlot>& slots = member.net->slots;
  for (int i = 0; i < count_of(slots); ++i) {
    std::ranges::copy(member.parameters.slot(i),
                      slot_named(ensemble, prefix_of(index) + at(slots, i).name).begin());
  }
  if (normalise_alike(member, ensemble)) return;
  // Batch norm as a scale and a shift: from the ensemble's pixels to the member's.
  const Renormalisation pixels = renormalisation(ensemble.normalisation, member.normalisation);
  const std::string adapter = adapter_of(index);
  std::ranges::fill(slot_named(ensemble, adapter + ".weight"),
                    static_cast<float>(pixels.scale * std::sqrt(1 + kBatchNormEpsilon)));
  std::ranges::fill(slot_named(ensemble, adapter + ".bias"), static_cast<float>(pixels.offset));
  std::ranges::fill(slot_named(ensemble, adapter + ".running_var"), 1.0f);
}

}  // namespace

Model make_ensemble(std::span<const EnsembleMember> members, const std::string& name) {
  for (const EnsembleMember& member : members) expect_alike(members[0], member);
  const Model& first = *members[0].model;
  Model ensemble(architecture_of(members, name), first.normalisation);
  ensemble.class_names = first.class_names;
  ensemble.notes = first.notes;
  for (size_t i = 0; i < members.size(); ++i) take_member(*members[i].model, i, ensemble);
  return ensemble;
}

std::string members_note(std::span<const EnsembleMember> members) {
  nlohmann::json list = nlohmann::json::array();
  for (const EnsembleMember& member : members) {
    const Model& model = *member.model;
    list.push_back({{"model", member.source},
                    {"weights_sha256", weights_sha256(tensors_of(*model.net, model.parameters))}});
  }
  return json_text(list);
}

std::vector<std::string> members_of(const Model& model, const std::string& source) {
  const auto note = model.notes.find(kMembersNote);
  if (note == model.notes.end()) return {};
  const std::string where = fmt::format("{}: note \"{}\"", source, kMembersNote);
  const nlohmann::json document = parse_json(note->second, where);
  std::vector<std::string> members;
  for (const JsonValue& member : JsonValue(document, where).list()) {
    members.push_back(member["model"].text());
  }
  return members;
}

}  // namespace inkling
