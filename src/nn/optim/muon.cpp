#include "nn/optim/muon.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/index.h"
#include "base/to_float.h"

namespace inkling {
namespace {

constexpr float kA = 3.4445f, kB = -4.7750f, kC = 2.0315f;
constexpr int kSteps = 5;
constexpr int kBlockRows = 64;  // of a product, a piece of work
constexpr int kSlack = 64;      // kernels may read a panel's width past a row

void grow(AlignedBuffer<float>& buffer, ptrdiff_t size) {
  if (std::ssize(buffer) < size) buffer = AlignedBuffer<float>(size);
}

}  // namespace

// c [m, n] = a [m, k] b [k, n]; transposed: a is [k, m].
void Orthogonaliser::multiply(const float* a, bool transposed, const float* b, int m, int n, int k,
                              float* c) {
  const kernels::BrgemmKernels& brgemm = *engine_->kernels().brgemm;
  const int panel_columns = brgemm.panel_columns;
  const ptrdiff_t panel = ptrdiff_t{k} * panel_columns;
  grow(packed_, panel * ceil_div(n, panel_columns) + kSlack);
  brgemm.pack(b, n, 1, k, n, panel, packed_.data());
  engine_->pool().run(ceil_div(m, kBlockRows), [&](int block) {
    const int first = block * kBlockRows;
    kernels::BrgemmArgs args;
    args.a = transposed ? a + first : a + ptrdiff_t{first} * k;
    args.lda = transposed ? m : k;
    args.a_transposed = transposed;
    args.b = packed_.data();
    args.ldb = panel_columns;
    args.b_panel = panel;
    args.m = std::min(kBlockRows, m - first);
    args.n = n;
    args.k = k;
    args.c = c + ptrdiff_t{first} * n;
    args.ldc = n;
    brgemm.run(args);
  });
}

void Orthogonaliser::run(float* matrix, int rows, int columns) {
  // X is tall, so that X'X is the smaller of the two squares.
  const bool turned = rows < columns;
  const int tall = std::max(rows, columns), side = std::min(rows, columns);
  const ptrdiff_t size = ptrdiff_t{rows} * columns, gram_size = ptrdiff_t{side} * side;
  grow(x_, size + kSlack);
  grow(next_, size + kSlack);
  grow(gram_, gram_size + kSlack);
  grow(square_, gram_size + kSlack);
  const auto place = [&](ptrdiff_t i) {  // in X, of the matrix's i-th number
    return turned ? i % columns * rows + i / columns : i;
  };
  double squares = 0;
  for (ptrdiff_t i = 0; i < size; ++i) squares += double{matrix[i]} * double{matrix[i]};
  const float inverse = to_float(1 / (std::sqrt(squares) + 1e-7));
  for (ptrdiff_t i = 0; i < size; ++i) x_[place(i)] = inverse * matrix[i];
  for (int step = 0; step < kSteps; ++step) {
    multiply(x_.data(), true, x_.data(), side, side, tall, gram_.data());
    multiply(gram_.data(), false, gram_.data(), side, side, side, square_.data());
    for (ptrdiff_t i = 0; i < gram_size; ++i) square_[i] = kB * gram_[i] + kC * square_[i];
    for (int i = 0; i < side; ++i) square_[ptrdiff_t{i} * side + i] += kA;
    multiply(x_.data(), false, square_.data(), tall, side, side, next_.data());
    std::swap(x_, next_);
  }
  for (ptrdiff_t i = 0; i < size; ++i) matrix[i] = x_[place(i)];
}

}  // namespace inkling
