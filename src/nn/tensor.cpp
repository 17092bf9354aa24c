#include "nn/tensor.h"

#include <algorithm>

namespace inkling {
namespace {

constexpr int kLineFloats = 16;  // 64 bytes
// A panel of B is at most 32 columns wide and a register tile at most 64.
constexpr int kOverread = 64;

}  // namespace

TensorId TensorPlan::add(const Shape& shape) {
  planned_.push_back({shape, {}});
  return count_of(planned_) - 1;
}

void TensorPlan::widen(TensorId id, const Padding& border) {
  Padding& have = at(planned_, id).border;
  have = {std::max(have.top, border.top), std::max(have.bottom, border.bottom),
          std::max(have.left, border.left), std::max(have.right, border.right)};
}

TensorPlan::Memory TensorPlan::allocate(int images) const {
  Memory memory;
  int64_t total = 0;  // 32 bits may not hold it
  std::vector<int64_t> first_pixels;
  for (const Planned& plan : planned_) {
    const Padding& border = plan.border;
    Tensor tensor;
    tensor.height = plan.shape.height;
    tensor.width = plan.shape.width;
    tensor.channels = plan.shape.channels;
    tensor.row_stride = ptrdiff_t{border.left + tensor.width + border.right} * tensor.channels;
    tensor.image_stride = (border.top + tensor.height + border.bottom) * tensor.row_stride;
    first_pixels.push_back(total + border.top * tensor.row_stride + border.left * tensor.channels);
    total += ceil_div(images * int64_t{tensor.image_stride}, kLineFloats) * kLineFloats + kOverread;
    memory.tensors.push_back(tensor);
  }
  memory.block = AlignedBuffer<float>(total);
  for (size_t i = 0; i < planned_.size(); ++i) {
    memory.tensors[i].data = &memory.block[first_pixels[i]];
  }
  return memory;
}

}  // namespace inkling
