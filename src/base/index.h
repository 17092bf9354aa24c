// Indices and counts are signed at Inkling's interfaces and unsigned in the standard containers;
// here the two meet. `int` counts layers, classes, images, the pixels of a side; `ptrdiff_t` is for
// offsets and strides; `size_t` for the sizes of containers alone.
//
//   for (int i = 0; i < count_of(layers); ++i) use(at(layers, i));
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include "base/check.h"

namespace inkling {

// container[i], for an i that is signed and not negative.
template <typename Container>
constexpr decltype(auto) at(Container&& container, std::integral auto i) {
  return container[static_cast<size_t>(i)];
}

// The same number as another type of integer, which must be able to hold it.
template <std::integral To>
constexpr To narrow(std::integral auto n) {
  INKLING_CHECK(std::in_range<To>(n));
  return static_cast<To>(n);
}

// A container's size.
template <typename Container>
constexpr int count_of(const Container& container) {
  return narrow<int>(std::size(container));
}

// How many runs of `step` cover n: n / step, rounded up.
template <std::signed_integral T>
constexpr T ceil_div(T n, std::type_identity_t<T> step) {
  return (n + step - 1) / step;
}

}  // namespace inkling
