// Any bytes as a safetensors file. What is accepted can be encoded and decoded to the same tensors.
#include <cstddef>
#include <vector>

#include "expect.h"
#include "store/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inkling;
  fuzz::expect_value_or_error([&] {
    const Safetensors file = decode_safetensors({data, size}, "fuzz");
    const std::vector<uint8_t> bytes = encode_safetensors(file.tensors, file.metadata);
    const Safetensors again = decode_safetensors(bytes, "again");
    INKLING_CHECK(again.metadata == file.metadata);
    INKLING_CHECK(weights_sha256(again.tensors) == weights_sha256(file.tensors));
  });
  return 0;
}
