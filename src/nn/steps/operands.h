// Internal to nn: what a product's operands are, f32 or pairs of bf16, and how images become them.
// f32 is read where it stands; bf16 is made from it, image by image, into the thread's scratch.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/index.h"
#include "nn/engine.h"
#include "nn/steps/step.h"

namespace inkling {

// Where to make operands: one of a thread's two scratch blocks.
struct ScratchPlace {
  int thread, block;
  kernels::Bf16Pair* of(const Context& context) const {
    return context.scratch->block(thread, block);
  }
};

template <typename Element>
struct Operands;

template <>
struct Operands<float> {
  static constexpr int kValues = 1;  // of k in an element
  static constexpr int kImages = 1;  // in an element of a weight gradient's operands
  static const kernels::BrgemmKernels& kernels(const Context& context) {
    return *context.kernels->brgemm;
  }
  static const kernels::BrgemmKernels& kernels(const Engine& engine) {
    return *engine.kernels().brgemm;
  }
  // Scratch that plain and across need for that many floats an image.
  static constexpr ptrdiff_t plain_size(ptrdiff_t) { return 0; }
  static constexpr ptrdiff_t across_size(int, ptrdiff_t) { return 0; }
  // n floats at p, as elements along k; n is a multiple of kValues.
  static const float* plain(const Context&, ScratchPlace, const float* p, ptrdiff_t) { return p; }
  // `images` runs of n floats, `stride` apart, as elements across images.
  static const float* across(const Context&, ScratchPlace, const float* p, ptrdiff_t, int,
                             ptrdiff_t) {
    return p;
  }
  static constexpr bool a_by_rows(const kernels::BrgemmKernels&) { return false; }
};

template <>
struct Operands<kernels::Bf16Pair> {
  static constexpr int kValues = 2;
  static constexpr int kImages = 2;
  static const kernels::Bf16Kernels& kernels(const Context& context) { return *context.bf16; }
  static const kernels::Bf16Kernels& kernels(const Engine& engine) { return *engine.bf16(); }
  static constexpr ptrdiff_t plain_size(ptrdiff_t n) { return n / 2; }
  static constexpr ptrdiff_t across_size(int images, ptrdiff_t n) {
    return ceil_div(images, 2) * n;
  }
  static const kernels::Bf16Pair* plain(const Context& context, ScratchPlace place, const float* p,
                                        ptrdiff_t n) {
    kernels::Bf16Pair* made = place.of(context);
    context.bf16->convert(p, n, made);
    return made;
  }
  // Images in twos, the last one with zeros where it is alone: run i of n elements holds images 2i
  // and 2i + 1. Runs stand `run` elements apart, filled up with zeros.
  static const kernels::Bf16Pair* across(const Context& context, ScratchPlace place, const float* p,
                                         ptrdiff_t stride, int images, ptrdiff_t n, ptrdiff_t run) {
    kernels::Bf16Pair* made = place.of(context);
    for (int image = 0; image < images; image += 2) {
      const float* first = p + image * stride;
      kernels::Bf16Pair* to = made + image / 2 * run;
      context.bf16->interleave(first, image + 1 < images ? first + stride : nullptr, n, to);
      std::fill(to + n, to + run, kernels::Bf16Pair{});
    }
    return made;
  }
  static const kernels::Bf16Pair* across(const Context& context, ScratchPlace place, const float* p,
                                         ptrdiff_t stride, int images, ptrdiff_t n) {
    return across(context, place, p, stride, images, n, n);
  }
  static bool a_by_rows(const kernels::Bf16Kernels& kernels) { return kernels.a_by_rows; }
};

}  // namespace inkling
