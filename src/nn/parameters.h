// The numbers a network learns (and batch norm's moving statistics), in one array laid out by the
// architecture's slots. Any number of threads may read them while none writes.
#pragma once

#include <cstdint>
#include <span>

#include "base/aligned_buffer.h"
#include "base/index.h"
#include "nn/architecture/architecture.h"

namespace inkling {

class Parameters {
 public:
  // All zero. The architecture must outlive the object.
  explicit Parameters(const Architecture& net)
      : net_(&net), values_(net.parameter_floats + kOverread) {}

  // Convolutions: He et al. 2015 (normal, variance 2 / fan_in). Dense layers: uniform within
  // 1 / sqrt(fan_in), as PyTorch does; He's variance is six times that and, behind 6,272 inputs and
  // dropout, doubles cnn3's loss over the first 100 steps (docs/journal.md). The last layer: Glorot
  // and Bengio 2010 (uniform). Ones and zeros for the rest. Every slot has its own random stream.
  void initialise(uint64_t seed);

  const Architecture& architecture() const { return *net_; }
  std::span<float> all() const { return {values_.data(), net_->parameter_floats}; }
  std::span<float> trainable() const { return {values_.data(), net_->trainable_floats}; }
  std::span<float> slot(int index) const { return {data(index), at(net_->slots, index).size}; }
  // Null for -1: a layer without that slot.
  float* data(int index) const { return net_->find_slot(values_.data(), index); }

 private:
  static constexpr size_t kOverread = 64;  // kernels may read a panel's width past a row

  const Architecture* net_;
  AlignedBuffer<float> values_;
};

}  // namespace inkling
