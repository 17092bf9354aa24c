#include "train/study/ensemble.h"

#include <gtest/gtest.h>

#include <cmath>

#include "eval/normalisation.h"
#include "eval/predict.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/networks.h"

namespace inkling {
namespace {

constexpr const char* kConvolution =
    R"({type="conv", filters=3, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
       {type="conv", filters=3, kernel=3, padding="same"}, {type="add", with="relu1"},
       {type="flatten"}, {type="dense", units=3})";
constexpr const char* kDense = R"({type="flatten"}, {type="dense", units=3, name="it's \"mine\""})";

Model model_of(const char* layers, uint64_t seed, double mean, double sd,
               const char* input = "[8, 8, 1]") {
  Model model(SmallNetwork{"small", input, layers}.architecture(), {mean, sd});
  model.class_names = {"a", "b", "c"};
  randomise(model.parameters, seed);
  return model;
}

std::vector<float> predictions_of(const Model& model, const Dataset& dataset, Engine& engine) {
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  return predict_dataset(classifier, dataset, all_indices(dataset.size()),
                         statistics_of(model.normalisation));
}

class Ensemble : public testing::Test {
 protected:
  void expect_mean_of(std::span<const Model* const> members) {
    std::vector<EnsembleMember> named;
    for (const Model* member : members) named.push_back({member, "member"});
    const std::vector<float> mean = predictions_of(make_ensemble(named, "both"), dataset_, engine_);
    std::vector<double> wanted(mean.size());
    for (const Model* member : members) {
      const std::vector<float> p = predictions_of(*member, dataset_, engine_);
      for (size_t i = 0; i < p.size(); ++i) {
        wanted[i] += double{p[i]} / static_cast<double>(members.size());
      }
    }
    for (size_t i = 0; i < mean.size(); ++i) EXPECT_NEAR(mean[i], wanted[i], 2e-5) << i;
  }

  Dataset dataset_ = drawn_dataset({.images = 50, .classes = 3, .side = 8});
  Engine engine_{EngineOptions{.precision = "f32"}};
};

TEST_F(Ensemble, PredictsTheMeanOfItsMembersProbabilities) {
  const Model a = model_of(kConvolution, 1, 0.3, 0.25), b = model_of(kConvolution, 2, 0.3, 0.25),
              c = model_of(kDense, 3, 0.3, 0.25);
  expect_mean_of(std::vector<const Model*>{&a, &b, &c});
}

TEST_F(Ensemble, MakesUpForMembersThatNormaliseOtherwise) {
  const Model a = model_of(kConvolution, 1, 0.3, 0.25), b = model_of(kConvolution, 2, 0.5, 0.4),
              c = model_of(kDense, 3, 0.1, 0.3);
  expect_mean_of(std::vector<const Model*>{&a, &b, &c});
}

TEST_F(Ensemble, MembersMayHaveLearnedFromPixelsAllAlike) {
  const Model a = model_of(kConvolution, 1, 0.3, 0), b = model_of(kDense, 2, 0.5, 0),
              c = model_of(kDense, 3, 0.1, 0.3);
  expect_mean_of(std::vector<const Model*>{&a, &b, &c});
  expect_mean_of(std::vector<const Model*>{&c, &a});
}

TEST_F(Ensemble, MayHoldEnsembles) {
  const Model a = model_of(kConvolution, 1, 0.3, 0.25), b = model_of(kDense, 2, 0.5, 0.4);
  const Model both = make_ensemble(std::vector<EnsembleMember>{{&a, "a"}, {&b, "b"}}, "both");
  const Model c = model_of(kDense, 3, 0.1, 0.3);
  expect_mean_of(std::vector<const Model*>{&c, &both});
}

TEST_F(Ensemble, MayHoldNetworksWhoseMembersLearnApart) {
  const Model a = model_of(R"({type="flatten", name="f"}, {type="dense", units=3, name="one"},
                              {type="dense", units=3, name="other", from="f"},
                              {type="mixture", of=["one", "other"], apart=true})",
                           1, 0.3, 0.25);
  const Model b = model_of(kDense, 2, 0.3, 0.25);
  expect_mean_of(std::vector<const Model*>{&a, &b});
}

TEST_F(Ensemble, MembersOfOtherImagesOrClassesAreRefused) {
  const Model a = model_of(kDense, 1, 0.3, 0.25),
              wide = model_of(kDense, 1, 0.3, 0.25, "[8, 9, 1]");
  EXPECT_ERROR(make_ensemble(std::vector<EnsembleMember>{{&a, "a"}, {&wide, "wide"}}, "both"),
               ErrorKind::kInput, "wide", "images of 8x8x1 as a does", "found 8x9x1");
  Model other = model_of(kDense, 1, 0.3, 0.25);
  other.class_names = {"x", "y", "z"};
  EXPECT_ERROR(make_ensemble(std::vector<EnsembleMember>{{&a, "a"}, {&other, "other"}}, "both"),
               ErrorKind::kInput, "other", "classes of a, a b c, found x y z");
}

}  // namespace
}  // namespace inkling
