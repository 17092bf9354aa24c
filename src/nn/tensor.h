// Activations and their gradients in memory: a batch of channels-last images, each with a border of
// zeros wide enough for every convolution that reads it, so that no kernel ever asks whether a
// pixel exists. All tensors of a network are planned first and then live in one block. A plan that
// is finished may give memory to any number of threads.
#pragma once

#include <cstddef>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/index.h"
#include "nn/architecture/architecture.h"

namespace inkling {

// x: [N, height, width, channels] f32. Pixels of a row are adjacent; rows and images are strided by
// the border between them.
struct Tensor {
  float* data = nullptr;                       // pixel (0, 0) of image 0, behind the border
  ptrdiff_t image_stride = 0, row_stride = 0;  // floats
  int height = 1, width = 1, channels = 1;

  float* image(int n) const { return data + n * image_stride; }
  float* row(int n, int y) const { return data + n * image_stride + y * row_stride; }
  int row_floats() const { return width * channels; }
  // Whether an image is one run of height * width * channels floats.
  bool dense_images() const { return row_stride == row_floats(); }
};

using TensorId = int;

class TensorPlan {
 public:
  TensorId add(const Shape& shape);
  // Asks for at least this border around the tensor's images.
  void widen(TensorId id, const Padding& border);
  const Shape& shape(TensorId id) const { return at(planned_, id).shape; }

  // One allocation of `images` images of each tensor, all zero. Kernels may read a panel's width
  // past any tensor's end.
  struct Memory {
    AlignedBuffer<float> block;
    std::vector<Tensor> tensors;  // by TensorId
  };
  Memory allocate(int images) const;

 private:
  struct Planned {
    Shape shape;
    Padding border;
  };
  std::vector<Planned> planned_;
};

}  // namespace inkling
