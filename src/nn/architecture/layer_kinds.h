// Internal to nn: how a network file speaks of each kind of layer. What a kind does to shapes and
// which parameters it has is settled in architecture.cpp, what it compiles into in compile.cpp.
#pragma once

#include <string_view>

#include "nn/architecture/architecture.h"

namespace inkling {

struct LayerKindNames {
  LayerKind kind;
  std::string_view type;
  std::string_view stem;  // of the name of a layer without one: "conv1", "fc2"
};

// In the order of LayerKind.
inline constexpr LayerKindNames kLayerKinds[] = {
    {LayerKind::kConv, "conv", "conv"},
    {LayerKind::kBatchNorm, "batch_norm", "bn"},
    {LayerKind::kRelu, "relu", "relu"},
    {LayerKind::kMaxPool, "max_pool", "pool"},
    {LayerKind::kAveragePool, "average_pool", "pool"},
    {LayerKind::kGlobalAveragePool, "global_average_pool", "global_average_pool"},
    {LayerKind::kDense, "dense", "fc"},
    {LayerKind::kDropout, "dropout", "dropout"},
    {LayerKind::kFlatten, "flatten", "flatten"},
    {LayerKind::kAdd, "add", "add"},
    {LayerKind::kMixture, "mixture", "mixture"},
};

constexpr const LayerKindNames& names_of(LayerKind kind) {
  return kLayerKinds[static_cast<size_t>(kind)];
}

struct OnlyIfTrue {};  // the field is not written where it is false

// Calls fields(name, value...) for each field that a layer of the spec's kind has beside its type
// and name, in the order they are written. `Spec` is LayerSpec, const to write it.
template <typename Spec, typename Fields>
void visit_fields(Spec& spec, Fields&& fields) {
  if (spec.kind != LayerKind::kMixture) fields("from", spec.from);
  switch (spec.kind) {
    case LayerKind::kConv:
      fields("filters", spec.filters);
      fields("kernel", spec.kernel);
      fields("stride", spec.stride);
      fields("padding", spec.padding);
      fields("bias", spec.bias);
      return;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      fields("window", spec.window);
      fields("stride", spec.stride);
      return;
    case LayerKind::kDense:
      fields("units", spec.units);
      fields("bias", spec.bias);
      return;
    case LayerKind::kDropout:
      fields("rate", spec.rate);
      return;
    case LayerKind::kAdd:
      fields("with", spec.with);
      return;
    case LayerKind::kMixture:
      fields("of", spec.from, spec.with);
      fields("apart", spec.apart, OnlyIfTrue());
      return;
    case LayerKind::kBatchNorm:
    case LayerKind::kRelu:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kFlatten:
      return;
  }
}

}  // namespace inkling
