#include "nn/optim/muon.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/optim/optimiser.h"
#include "support/networks.h"
#include "support/variants.h"

namespace inkling {
namespace {

using Matrix = std::vector<double>;  // row-major

Matrix product(const Matrix& a, const Matrix& b, size_t m, size_t n, size_t k) {
  Matrix c(m * n);
  for (size_t i = 0; i < m; ++i) {
    for (size_t j = 0; j < n; ++j) {
      for (size_t l = 0; l < k; ++l) c[i * n + j] += a[i * k + l] * b[l * n + j];
    }
  }
  return c;
}

Matrix transposed(const Matrix& a, size_t rows, size_t columns) {
  Matrix t(a.size());
  for (size_t i = 0; i < a.size(); ++i) t[i % columns * rows + i / columns] = a[i];
  return t;
}

// Jordan's zeropower_via_newtonschulz5, in double: A = X X', B = b A + c A A, X <- a X + B X.
Matrix newton_schulz(Matrix x, size_t rows, size_t columns) {
  double squares = 0;
  for (const double v : x) squares += v * v;
  for (double& v : x) v /= std::sqrt(squares) + 1e-7;
  for (int step = 0; step < 5; ++step) {
    const Matrix a = product(x, transposed(x, rows, columns), rows, rows, columns);
    Matrix b = product(a, a, rows, rows, rows);
    for (size_t i = 0; i < b.size(); ++i) b[i] = -4.7750 * a[i] + 2.0315 * b[i];
    const Matrix bx = product(b, x, rows, columns, rows);
    for (size_t i = 0; i < x.size(); ++i) x[i] = 3.4445 * x[i] + bx[i];
  }
  return x;
}

std::vector<float> random_matrix(size_t size, uint64_t seed) {
  Random random(seed);
  std::vector<float> values(size);
  for (float& v : values) v = static_cast<float>(random.normal());
  return values;
}

class Muon : public VariantTest {};

TEST_P(Muon, IsJordansIterationWhateverTheShape) {
  Engine engine({.isa = std::string(variant().name), .threads = 2});
  Orthogonaliser orthogonaliser(engine);
  const std::pair<int, int> shapes[] = {{9, 4}, {4, 9}, {1, 5}, {7, 7}, {150, 33}, {33, 150}};
  for (const auto& [rows, columns] : shapes) {
    const size_t size = static_cast<size_t>(rows * columns);
    std::vector<float> found = random_matrix(size, size);
    const Matrix wanted = newton_schulz(Matrix(found.begin(), found.end()),
                                        static_cast<size_t>(rows), static_cast<size_t>(columns));
    orthogonaliser.run(found.data(), rows, columns);
    for (size_t i = 0; i < size; ++i) ASSERT_NEAR(found[i], wanted[i], 2e-5) << rows << columns;
  }
}

INKLING_FOR_ALL_VARIANTS(Muon);

TEST(Muon, ZeroStaysZero) {
  Engine engine({.threads = 1});
  std::vector<float> zeros(12);
  Orthogonaliser(engine).run(zeros.data(), 3, 4);
  for (const float v : zeros) EXPECT_EQ(v, 0);
}

TEST(Muon, StepsMatricesOrthogonallyAndTheRestByAdamW) {
  const Architecture net = parse_architecture(
      "input = [1, 1, 6]\nclasses = 3\nlayers = [{type=\"dense\", units=24}, "
      "{type=\"dense\", units=3}]",
      "net");
  Engine engine({.threads = 1});
  Parameters parameters(net);
  randomise(parameters, 1);
  const std::vector<float> before(parameters.all().begin(), parameters.all().end());
  const std::vector<float> gradients = random_matrix(net.trainable_floats, 2);
  Optimiser optimiser(
      {.name = "muon", .momentum = 0.95, .nesterov = true, .weight_decay = 0.5, .adam_share = 0.25},
      net, engine);
  optimiser.step(0.1, gradients.data(), parameters);
  ASSERT_EQ(net.slots[0].dims, (std::vector<int>{6, 24}));
  for (size_t s = 0; s < net.slots.size(); ++s) {
    const ParameterSlot& slot = net.slots[s];
    const float* g = &gradients[slot.offset];
    // The first step's velocity is 0.05 g; orthogonalising forgets the factor.
    const Matrix direction =
        s == 0 ? newton_schulz(Matrix(g, g + slot.size), 6, 24) : Matrix(slot.size);
    const bool decays = slot.dims.size() >= 2;
    for (size_t i = 0; i < slot.size; ++i) {
      const double w = before[slot.offset + i];
      const double wanted =
          s == 0 ? w * (1 - 0.1 * 0.5) - 0.1 * std::sqrt(24 / 6.0) * direction[i]
                 : w * (1 - 0.025 * (decays ? 0.5 : 0)) - 0.025 * (g[i] > 0 ? 1 : -1);
      ASSERT_NEAR(parameters.all()[slot.offset + i], wanted, 2e-5) << slot.name;
    }
  }
}

}  // namespace
}  // namespace inkling
