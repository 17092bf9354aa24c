#include "nn/tensor.h"

#include <algorithm>

namespace inkling {
namespace {

constexpr size_t kLineFloats = 16;  // 64 bytes
// A panel of B is at most 32 columns wide and a register tile at most 64.
constexpr size_t kOverread = 64;

size_t round_up(size_t n) { return (n + kLineFloats - 1) / kLineFloats * kLineFloats; }

}  // namespace

TensorId TensorPlan::add(const Shape& shape) {
  planned_.push_back({shape, {}});
  return static_cast<TensorId>(planned_.size()) - 1;
}

void TensorPlan::widen(TensorId id, const Padding& border) {
  Padding& have = planned_[static_cast<size_t>(id)].border;
  have = {std::max(have.top, border.top), std::max(have.bottom, border.bottom),
          std::max(have.left, border.left), std::max(have.right, border.right)};
}

TensorPlan::Memory TensorPlan::allocate(int images) const {
  Memory memory;
  size_t total = 0;
  std::vector<size_t> first_pixel;
  for (const Planned& plan : planned_) {
    const Padding& border = plan.border;
    Tensor tensor;
    tensor.height = plan.shape.height;
    tensor.width = plan.shape.width;
    tensor.channels = plan.shape.channels;
    tensor.row_stride =
        static_cast<ptrdiff_t>(border.left + tensor.width + border.right) * tensor.channels;
    tensor.image_stride = (border.top + tensor.height + border.bottom) * tensor.row_stride;
    first_pixel.push_back(total + static_cast<size_t>(border.top * tensor.row_stride +
                                                      border.left * tensor.channels));
    total += round_up(static_cast<size_t>(images) * static_cast<size_t>(tensor.image_stride)) +
             kOverread;
    memory.tensors.push_back(tensor);
  }
  memory.block = AlignedBuffer<float>(total);
  for (size_t i = 0; i < planned_.size(); ++i) {
    memory.tensors[i].data = memory.block.data() + first_pixel[i];
  }
  return memory;
}

}  // namespace inkling
