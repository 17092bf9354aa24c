#include "eval/robustness/robustness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include <nlohmann/json.hpp>

#include "eval/predict.h"
#include "eval/robustness/robustness_json.h"
#include "eval/robustness/robustness_text.h"
#include "support/expect_error.h"

#include "nn/architecture/zoo.h"
#include "support/drawn_dataset.h"

namespace inkling {
namespace {

// Nearest class mean as a linear network: right about the bars of drawn_dataset, and attackable.
class Robust : public testing::Test {
 protected:
  Robust() : dataset_(drawn_dataset({.images = 400, .classes = 10, .side = 28})) {
    const auto weights = parameters_.slot(net_.layers.back().weight);  // [784, 10]
    const auto biases = parameters_.slot(net_.layers.back().bias);
    for (size_t i = 0; i < dataset_.size(); ++i) {
      for (size_t p = 0; p < 784; ++p) {
        weights[p * 10 + dataset_.labels[i]] += dataset_.image(i)[p] / 255.0F / 40;
      }
    }
    for (size_t p = 0; p < 784; ++p) {
      for (size_t c = 0; c < 10; ++c) {
        biases[c] -= weights[p * 10 + c] * weights[p * 10 + c] / 2;
      }
    }
  }
  Robustness measure(int images, uint64_t seed = 1, int threads = 2) {
    Engine engine({.precision = "f32", .threads = threads});
    return measure_robustness(
        {.net = &net_, .parameters = &parameters_, .statistics = {.mean = 0, .sd = 1}}, dataset_,
        all_indices(dataset_.size()), engine, {.images = images, .seed = seed}, {});
  }

  Architecture net_ = zoo_architecture("logistic");
  Parameters parameters_{net_};
  Dataset dataset_;
};

double accuracy_at(const std::vector<RobustnessPoint>& points, double amount) {
  for (const RobustnessPoint& point : points) {
    if (point.amount == amount) return point.accuracy;
  }
  ADD_FAILURE() << "no point at " << amount;
  return -1;
}

TEST_F(Robust, WhatChangesNothingCostsNothing) {
  const Robustness r = measure(0);
  EXPECT_EQ(r.n, 400);
  EXPECT_EQ(r.of, 400);
  EXPECT_GT(r.clean, 0.9);
  EXPECT_LT(r.clean_ci95.low, r.clean);
  EXPECT_EQ(accuracy_at(r.rotation, 0), r.clean);
  EXPECT_EQ(accuracy_at(r.shift_x, 0), r.clean);
  EXPECT_EQ(accuracy_at(r.shift_y, 0), r.clean);
  EXPECT_EQ(accuracy_at(r.scale, 1), r.clean);
  EXPECT_EQ(r.fgsm[0].epsilon, 0);
  EXPECT_EQ(r.fgsm[0].accuracy, r.clean);
  EXPECT_EQ(r.fgsm[0].random_accuracy, r.clean);
}

TEST_F(Robust, WorsePicturesAreReadWorse) {
  const Robustness r = measure(100);
  EXPECT_EQ(r.n, 100);
  ASSERT_EQ(r.corruptions.size(), size_t{kCorruptions});
  double mean = 0;
  for (const CorruptionAccuracy& row : r.corruptions) mean += row.mean / kCorruptions;
  EXPECT_NEAR(r.mean_corrupted, mean, 1e-12);
  EXPECT_LT(r.mean_corrupted, r.clean);
  // Bars change class when the picture is turned.
  EXPECT_LT(accuracy_at(r.rotation, 90), 0.3);
  EXPECT_LT(accuracy_at(r.rotation, -90), 0.3);
}

TEST_F(Robust, TheAttackIsStrongerThanNoiseOfItsSize) {
  const Robustness r = measure(100);
  double gap = 0;
  for (const FgsmPoint& point : r.fgsm) {
    EXPECT_LE(point.accuracy, point.random_accuracy + 0.02) << point.epsilon;
    gap = std::max(gap, point.random_accuracy - point.accuracy);
  }
  EXPECT_GT(gap, 0.5);
  EXPECT_LT(r.fgsm.back().accuracy, 0.05);
  for (size_t i = 1; i < r.fgsm.size(); ++i) {
    EXPECT_LE(r.fgsm[i].accuracy, r.fgsm[i - 1].accuracy);
  }
}

TEST_F(Robust, IsTheSameOnAnyNumberOfThreadsAndForTheSameSeedOnly) {
  const nlohmann::json one = robustness_json(measure(60, 1, 1)),
                       two = robustness_json(measure(60, 1, 2)),
                       other = robustness_json(measure(60, 2, 2));
  EXPECT_EQ(one["corruptions"], two["corruptions"]);
  EXPECT_EQ(one["fgsm"], two["fgsm"]);
  EXPECT_NE(two["corruptions"], other["corruptions"]);
}

TEST_F(Robust, IsReadBackAsItWasWritten) {
  const Robustness r = measure(20);
  nlohmann::json document = parse_json(json_text(robustness_json(r)), "m.json");
  EXPECT_EQ(robustness_of_json(JsonValue(document, "m.json")), r);
  document["corruptions"]["fog"] = {1, 2};
  EXPECT_ERROR(robustness_of_json(JsonValue(document, "m.json")), ErrorKind::kInput,
               "m.json: corruptions.fog: expected a list of 5 numbers");
  document["corruptions"].erase("fog");
  EXPECT_EQ(robustness_of_json(JsonValue(document, "m.json")).corruptions.size(),
            size_t{kCorruptions - 1});
  document.erase("fgsm");
  EXPECT_ERROR(robustness_of_json(JsonValue(document, "m.json")), ErrorKind::kInput,
               "m.json: fgsm: expected a value, found none");
}

TEST_F(Robust, JsonAndTextNameTheCorruptionsAndTheirStyle) {
  const Robustness r = measure(20);
  const nlohmann::json j = robustness_json(r);
  EXPECT_EQ(j["style"], "MNIST-C-style");
  EXPECT_EQ(j["n"], 20);
  EXPECT_EQ(j["of"], 400);
  ASSERT_EQ(j["corruptions"].size(), size_t{kCorruptions});
  EXPECT_EQ(j["corruptions"]["fog"].size(), size_t{kCorruptionStrengths});
  EXPECT_EQ(j["rotation"][0]["amount"], -90);
  EXPECT_EQ(j["fgsm"].size(), r.fgsm.size());
  const std::string text = robustness_text(r);
  EXPECT_THAT(text, testing::HasSubstr("on 20 of 400 images, a fixed subset of every class"));
  EXPECT_THAT(text, testing::HasSubstr("glass_blur"));
}

TEST_F(Robust, ProgressRunsToItsEndAndMayStopTheWork) {
  Engine engine({.threads = 1});
  const EvaluatedNetwork network{&net_, &parameters_, {.mean = 0, .sd = 1}};
  const std::vector<uint32_t> few{0, 1, 2, 3};
  double last = 0;
  measure_robustness(network, dataset_, few, engine, {}, [&](double fraction) {
    EXPECT_GT(fraction, last);
    last = fraction;
  });
  EXPECT_DOUBLE_EQ(last, 1);
  EXPECT_THROW(measure_robustness(network, dataset_, few, engine, {},
                                  [](double) { throw std::runtime_error("stop"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace inkling
