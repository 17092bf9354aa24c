// Any bytes as a safetensors file, and as a model: what is accepted can be encoded and decoded to
// the same tensors.
#include <cstddef>
#include <cstring>
#include <vector>

#include "expect.h"
#include "store/model_format.h"

namespace {

using inkling::TensorData;

// Bit by bit, for a tensor may hold NaN.
bool same(const std::vector<TensorData>& a, const std::vector<TensorData>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t bytes = a[i].values.size() * sizeof(float);
    if (a[i].name != b[i].name || a[i].dims != b[i].dims) return false;
    if (bytes > 0 && std::memcmp(a[i].values.data(), b[i].values.data(), bytes) != 0) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inkling;
  fuzz::expect_value_or_error([&] {
    const Safetensors file = decode_safetensors({data, size}, "fuzz");
    const std::vector<uint8_t> bytes = encode_safetensors(file.tensors, file.metadata);
    const Safetensors again = decode_safetensors(bytes, "again");
    INKLING_CHECK(again.metadata == file.metadata);
    INKLING_CHECK(same(again.tensors, file.tensors));
    const Model model = load_model({data, size}, "fuzz");
    const Model back = load_model(encode_model(model), "back");
    INKLING_CHECK(
        same(tensors_of(*back.net, back.parameters), tensors_of(*model.net, model.parameters)));
  });
  return 0;
}
