#include "nn/optim/loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "support/networks.h"

namespace inkling {
namespace {

// Logits and their gradient, [images, classes].
struct Rows {
  explicit Rows(const std::vector<std::vector<float>>& logits_of) {
    TensorPlan plan;
    for (int i = 0; i < 2; ++i) {
      plan.add({.channels = static_cast<int>(logits_of.front().size())});
    }
    memory = plan.allocate(static_cast<int>(logits_of.size()));
    std::vector<float> flat;
    for (const auto& row : logits_of) flat.insert(flat.end(), row.begin(), row.end());
    fill(logits(), flat);
  }
  const Tensor& logits() const { return memory.tensors[0]; }
  const Tensor& gradient() const { return memory.tensors[1]; }
  LossResult loss(std::vector<uint8_t> labels, float smoothing = 0) const {
    return softmax_cross_entropy(logits(), labels, gradient(), smoothing);
  }

  TensorPlan::Memory memory;
};

TEST(SoftmaxCrossEntropy, IsTheOneByHand) {
  // Softmax of (0, ln 2, ln 5) is (1, 2, 5) / 8.
  const Rows rows({{0, std::log(2.0f), std::log(5.0f)}, {1, 1, 1}});
  const LossResult loss = rows.loss({1, 2});
  EXPECT_NEAR(loss.sum, std::log(8.0 / 2) + std::log(3.0), 1e-6);
  EXPECT_EQ(loss.correct, 0);
}

TEST(SoftmaxCrossEntropy, GradientIsSoftmaxLessTheLabelOverTheImages) {
  const Rows rows({{0, std::log(2.0f), std::log(5.0f)}, {1, 1, 1}});
  rows.loss({1, 2});
  const std::vector<double> wanted = {1. / 16,      2. / 16 - 0.5, 5. / 16,
                                      1. / 3 * 0.5, 1. / 3 * 0.5,  (1. / 3 - 1) * 0.5};
  const std::vector<float> found = values_of(rows.gradient(), 2);
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-6) << i;
}

TEST(Distillation, IsTheTwoCrossEntropiesBlended) {
  // At T = 2 the logits (0, 2 ln 2, 2 ln 5) are (1, 2, 5) / 8 and the teacher's squares (1, 4, 1) /
  // 6 are (1, 2, 1) / 4.
  const float ln2 = std::log(2.0f), ln5 = std::log(5.0f);
  const Rows rows({{0, 2 * ln2, 2 * ln5}});
  const LossResult hard = rows.loss({1});
  const std::vector<float> of_labels = values_of(rows.gradient(), 1);
  const std::vector<float> teacher = {1.f / 6, 4.f / 6, 1.f / 6};
  const LossResult loss = add_distillation(
      rows.logits(), teacher, {.fraction = 0.25f, .temperature = 2}, hard, rows.gradient());
  const double soft = (std::log(8.0) * 1 + std::log(4.0) * 2 + std::log(8.0 / 5) * 1) / 4;
  EXPECT_NEAR(loss.sum, 0.75 * hard.sum + 0.25 * 4 * soft, 1e-5);
  EXPECT_EQ(loss.correct, hard.correct);
  const std::vector<double> wanted = {1. / 8 - 1. / 4, 2. / 8 - 2. / 4, 5. / 8 - 1. / 4};
  for (size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(rows.gradient().image(0)[c], 0.75 * of_labels[c] + 0.25 * 2 * wanted[c], 1e-6) << c;
  }
}

TEST(Distillation, GradientIsTheLossesSlope) {
  const std::vector<float> teacher = {0.9f, 0.1f, 0.0f, 0.2f, 0.3f, 0.5f};
  const std::vector<uint8_t> labels = {0, 1};
  std::vector<std::vector<float>> logits = {{0.3f, -1.2f, 2.0f}, {1.5f, 0.1f, -0.4f}};
  const DistillationOptions options{.fraction = 0.6f, .temperature = 3};
  const auto loss_at = [&](const Rows& rows) {
    const LossResult hard = rows.loss(labels, 0.1f);
    return add_distillation(rows.logits(), teacher, options, hard, rows.gradient()).sum / 2;
  };
  const Rows rows(logits);
  loss_at(rows);
  const std::vector<float> gradient = values_of(rows.gradient(), 2);
  for (size_t i = 0; i < gradient.size(); ++i) {
    float& logit = logits[i / 3][i % 3];
    const float was = logit, step = 0.02f;
    logit = was + step;
    const double above = loss_at(Rows(logits));
    logit = was - step;
    const double below = loss_at(Rows(logits));
    logit = was;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * double{step}), 2e-4) << i;
  }
}

TEST(SoftmaxCrossEntropy, GradientSumsToZeroOverTheClasses) {
  Random random(7);
  std::vector<std::vector<float>> logits(20, std::vector<float>(10));
  for (auto& row : logits) {
    for (float& v : row) v = static_cast<float>(random.uniform(-9, 9));
  }
  const Rows rows(logits);
  rows.loss(some_labels(20, 10, 8));
  for (int n = 0; n < 20; ++n) {
    const float* row = rows.gradient().image(n);
    EXPECT_NEAR(std::accumulate(row, row + 10, 0.0), 0, 1e-7);
  }
}

TEST(SoftmaxCrossEntropy, SmoothingSpreadsAShareOfTheTarget) {
  // Softmax (1, 2, 5) / 8, target 0.7 of class 1 and 0.1 of each.
  const Rows rows({{0, std::log(2.0f), std::log(5.0f)}});
  const LossResult loss = rows.loss({1}, 0.3f);
  EXPECT_NEAR(loss.sum, 0.1 * std::log(8.0) + 0.8 * std::log(4.0) + 0.1 * std::log(8 / 5.0), 1e-6);
  const std::vector<float> found = values_of(rows.gradient(), 1);
  const std::vector<double> wanted = {1 / 8. - 0.1, 2 / 8. - 0.8, 5 / 8. - 0.1};
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-6) << i;
}

TEST(SoftmaxCrossEntropy, HugeLogitsStayFinite) {
  const Rows rows({{1e30f, -1e30f}, {1e30f, -1e30f}, {-1e30f, -1e30f}});
  const LossResult loss = rows.loss({0, 1, 0});
  EXPECT_TRUE(std::isfinite(loss.sum));
  EXPECT_NEAR(loss.sum / 2e30, 1, 1e-6);
  for (const float v : values_of(rows.gradient(), 3)) EXPECT_TRUE(std::isfinite(v));
}

TEST(SoftmaxCrossEntropy, TieCountsForTheLowestClass) {
  const Rows rows({{2, 7, 7}, {2, 7, 7}, {5, 5, 5}});
  EXPECT_EQ(rows.loss({1, 2, 0}).correct, 2);
  EXPECT_EQ(rows.loss({2, 2, 1}).correct, 0);
}

TEST(SoftmaxCrossEntropy, NotANumberIsNotHidden) {
  const Rows rows({{0, std::nanf("")}});
  EXPECT_FALSE(std::isfinite(rows.loss({0}).sum));
}

TEST(Softmax, RowsSumToOneWhateverTheirSize) {
  const Rows rows({{1e30f, 0, -1e30f}, {0, std::log(2.0f), std::log(5.0f)}});
  std::vector<float> p(6);
  softmax(rows.logits(), 2, p.data());
  const std::vector<float> wanted = {1, 0, 0, 0.125f, 0.25f, 0.625f};
  for (size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(p[i], wanted[i], 1e-6) << i;
}

}  // namespace
}  // namespace inkling
