// The safetensors format (github.com/huggingface/safetensors): eight bytes little-endian with the
// header's length, a JSON header {"name": {"dtype", "shape", "data_offsets"}, "__metadata__"},
// padded with spaces to eight bytes, then the tensors' bytes without gaps. F32, F16, BF16 and I8:
// other dtypes are refused by name. Knows nothing of networks, and touches no file: the caller
// writes the bytes with write_file.
//
//   write_file(path, encode_safetensors(tensors, {{"model", "cnn3"}}));
//   Safetensors back = decode_safetensors(read_file(path), path.string());
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

enum class Dtype { kF32, kF16, kBf16, kI8 };
std::string_view dtype_name(Dtype dtype);  // "F32"

struct TensorData {
  std::string name;
  std::vector<int64_t> dims;  // row-major, each at least 0; none for a scalar
  std::vector<float> values;  // as many as the product of dims
  Dtype dtype = Dtype::kF32;  // in the file
};

struct Safetensors {
  std::vector<TensorData> tensors;  // in name order
  std::map<std::string, std::string> metadata;
};

// Tensors lie in the file in name order, whatever order they come in, so equal content gives equal
// bytes. Values become the nearest of their dtype. The caller owes distinct names, none
// "__metadata__", and values that fit dims; of I8 whole numbers from -128 to 127.
std::vector<uint8_t> encode_safetensors(std::span<const TensorData> tensors,
                                        const std::map<std::string, std::string>& metadata);

// Throws Error, naming `source`, if the length, the JSON, a dtype, a shape or an offset is wrong,
// if tensors overlap or leave gaps, or if bytes are missing or left over; nothing is allocated for
// a tensor before its place is known to be sound. Values may be any float, NaN included.
Safetensors decode_safetensors(std::span<const uint8_t> bytes, std::string_view source);

// As they lie in a file.
std::vector<const TensorData*> in_name_order(std::span<const TensorData> tensors);

}  // namespace inkling
