#include "store/weights_hash.h"

#include "sys/hash.h"

namespace inkling {

std::string weights_sha256(std::span<const TensorData> tensors) {
  Sha256 hash;
  for (const TensorData* tensor : in_name_order(tensors)) {
    hash.update(tensor->values.data(), tensor->values.size() * sizeof(float));
  }
  return hash.hex();
}

}  // namespace inkling
