#include "nn/tensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace inkling {
namespace {

TEST(TensorPlan, BorderIsTheWidestAskedForAndItsStridesFollow) {
  TensorPlan plan;
  const TensorId id = plan.add({4, 5, 3});
  plan.widen(id, {.top = 1, .left = 2});
  plan.widen(id, {.top = 0, .bottom = 3, .left = 1, .right = 1});
  const TensorPlan::Memory memory = plan.allocate(2);
  const Tensor& tensor = memory.tensors[0];
  EXPECT_EQ(tensor.row_stride, (2 + 5 + 1) * 3);
  EXPECT_EQ(tensor.image_stride, (1 + 4 + 3) * tensor.row_stride);
  EXPECT_EQ(tensor.data - memory.block.data(), tensor.row_stride + 2 * 3);
  EXPECT_FALSE(tensor.dense_images());
}

TEST(TensorPlan, TensorsBeginOnCacheLinesAndAreDenseWithoutBorder) {
  TensorPlan plan;
  for (const int channels : {1, 7, 32}) plan.add({3, 3, channels});
  const TensorPlan::Memory memory = plan.allocate(5);
  for (const Tensor& tensor : memory.tensors) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.data) % 64, 0u);
    EXPECT_TRUE(tensor.dense_images());
    EXPECT_EQ(tensor.image_stride, 9 * tensor.channels);
  }
}

TEST(TensorPlan, EverythingIsZeroAndFillingAnImageLeavesItsBorder) {
  TensorPlan plan;
  plan.add({2, 2, 1});
  plan.widen(0, {1, 1, 1, 1});
  const TensorPlan::Memory memory = plan.allocate(3);
  EXPECT_TRUE(
      std::all_of(memory.block.begin(), memory.block.end(), [](float v) { return v == 0; }));
  const Tensor& tensor = memory.tensors[0];
  for (int n = 0; n < 3; ++n) {
    for (int y = 0; y < 2; ++y) std::fill_n(tensor.row(n, y), tensor.row_floats(), 1.0f);
  }
  EXPECT_EQ(std::count(memory.block.begin(), memory.block.end(), 1.0f), 3 * 2 * 2);
  for (int n = 0; n < 3; ++n) {
    for (int x = -1; x < 3; ++x) {
      EXPECT_EQ(tensor.row(n, -1)[x], 0);
      EXPECT_EQ(tensor.row(n, 2)[x], 0);
    }
    for (int y = 0; y < 2; ++y) {
      EXPECT_EQ(tensor.row(n, y)[-1], 0);
      EXPECT_EQ(tensor.row(n, y)[2], 0);
    }
  }
}

TEST(TensorPlan, TensorsDoNotOverlapAndAPanelMayBeReadPastEach) {
  TensorPlan plan;
  for (int i = 0; i < 4; ++i) plan.add({3, 2, i + 1});
  plan.widen(1, {2, 2, 2, 2});
  const TensorPlan::Memory memory = plan.allocate(3);
  for (size_t i = 0; i < 4; ++i) {
    const Tensor& tensor = memory.tensors[i];
    const float* end = tensor.image(2) + 2 * tensor.row_stride + tensor.row_floats();
    EXPECT_GE(memory.block.end() - end, 64);
    if (i < 3) {
      EXPECT_GE(memory.tensors[i + 1].data - end, 64);
    }
  }
}

}  // namespace
}  // namespace inkling
