// A fingerprint of weights. Apart from safetensors.h because hashing is the operating system's
// library's.
#pragma once

#include <span>
#include <string>

#include "store/safetensors.h"

namespace inkling {

// SHA-256 (hex) of the tensors' little-endian bytes in name order, without names, shapes or header:
// two files with the same weights agree whatever their metadata say.
std::string weights_sha256(std::span<const TensorData> tensors);

}  // namespace inkling
