#include "nn/optim/muon.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace inkling {
namespace {

constexpr float kA = 3.4445f, kB = -4.7750f, kC = 2.0315f;
constexpr int kSteps = 5;
constexpr int kBlockRows = 64;  // of a product, a piece of work
constexpr size_t kSlack = 64;   // kernels may read a panel's width past a row
constexpr ptrdiff_t kNoOffset[] = {0};

int ceil_div(int a, int b) { return (a + b - 1) / b; }

void grow(AlignedBuffer<float>& buffer, size_t size) {
  if (buffer.size() < size) buffer = AlignedBuffer<float>(size);
}

}  // namespace

// c [m, n] = a [m, k] b [k, n]; transposed: a is [k, m].
void Orthogonaliser::multiply(const float* a, bool transposed, const float* b, int m, int n, int k,
                              float* c) {
  const kernels::BrgemmKernels& brgemm = *engine_->kernels().brgemm;
  const int panel_columns = brgemm.panel_columns;
  const ptrdiff_t panel = static_cast<ptrdiff_t>(k) * panel_columns;
  grow(packed_, static_cast<size_t>(panel * ceil_div(n, panel_columns)) + kSlack);
  brgemm.pack(b, n, 1, k, n, panel, packed_.data());
  engine_->pool().run(ceil_div(m, kBlockRows), [&](int block) {
    const int first = block * kBlockRows;
    kernels::BrgemmArgs args;
    args.a = transposed ? a + first : a + static_cast<ptrdiff_t>(first) * k;
    args.a_offsets = args.b_offsets = kNoOffset;
    args.lda = transposed ? m : k;
    args.a_transposed = transposed;
    args.b = packed_.data();
    args.ldb = panel_columns;
    args.b_panel = panel;
    args.count = 1;
    args.m = std::min(kBlockRows, m - first);
    args.n = n;
    args.k = k;
    args.c = c + static_cast<ptrdiff_t>(first) * n;
    args.ldc = n;
    brgemm.run(args);
  });
}

void Orthogonaliser::run(float* matrix, int rows, int columns) {
  // X is tall, so that X'X is the smaller of the two squares.
  const bool turned = rows < columns;
  const int tall = std::max(rows, columns), side = std::min(rows, columns);
  const size_t size = static_cast<size_t>(rows) * static_cast<size_t>(columns);
  const size_t gram_size = static_cast<size_t>(side) * static_cast<size_t>(side);
  grow(x_, size + kSlack);
  grow(next_, size + kSlack);
  grow(gram_, gram_size + kSlack);
  grow(square_, gram_size + kSlack);
  const auto place = [&](size_t i) {  // in X, of the matrix's i-th number
    const size_t width = static_cast<size_t>(columns);
    return turned ? i % width * static_cast<size_t>(rows) + i / width : i;
  };
  double squares = 0;
  for (size_t i = 0; i < size; ++i) {
    squares += static_cast<double>(matrix[i]) * static_cast<double>(matrix[i]);
  }
  const float inverse = static_cast<float>(1 / (std::sqrt(squares) + 1e-7));
  for (size_t i = 0; i < size; ++i) x_[place(i)] = inverse * matrix[i];
  for (int step = 0; step < kSteps; ++step) {
    multiply(x_.data(), true, x_.data(), side, side, tall, gram_.data());
    multiply(gram_.data(), false, gram_.data(), side, side, side, square_.data());
    for (size_t i = 0; i < gram_size; ++i) square_[i] = kB * gram_[i] + kC * square_[i];
    for (int i = 0; i < side; ++i) square_[static_cast<size_t>(i * side + i)] += kA;
    multiply(x_.data(), false, square_.data(), tall, side, side, next_.data());
    std::swap(x_, next_);
  }
  for (size_t i = 0; i < size; ++i) matrix[i] = x_[place(i)];
}

}  // namespace inkling
