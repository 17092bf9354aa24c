#include "eval/predict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "eval/normalisation.h"
#include "nn/architecture/zoo.h"
#include "support/bilinear.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/networks.h"

namespace inkling {
namespace {

constexpr PixelStatistics kGrey{.mean = 0, .sd = 1};

std::vector<float> views_of(const Architecture& net, const Parameters& parameters,
                            const Dataset& dataset, int threads = 1) {
  Engine engine({.precision = "f32", .threads = threads});
  Classifier classifier(net, engine);
  classifier.update(parameters);
  return predict_views(classifier, dataset, all_indices(dataset.size()), kGrey, engine);
}

class Predicted : public testing::Test {
 protected:
  Predicted() : model_(zoo_architecture("keras"), {.mean = 0.4, .sd = 0.3}) {
    model_.parameters.initialise(1);
    bytes_ = drawn_dataset({.images = 30, .classes = 10, .side = 28});
    floats_ = in_floats(bytes_);
  }
  std::vector<float> predict(const Dataset& dataset) {
    Classifier classifier(*model_.net, engine_);
    classifier.update(model_.parameters);
    return predict_dataset(classifier, dataset, all_indices(30),
                           statistics_of(model_.normalisation));
  }
  Engine engine_{{.precision = "f32", .threads = 1}};
  Model model_;
  Dataset bytes_, floats_;
};

TEST_F(Predicted, FloatsOfByteLevelsGiveTheBitsOfBytes) {
  EXPECT_EQ(predict(floats_), predict(bytes_));
  EXPECT_EQ(predictions_of(model_, floats_, all_indices(30), engine_).probabilities,
            predictions_of(model_, bytes_, all_indices(30), engine_).probabilities);
}

TEST_F(Predicted, ImagesNeedNoLabels) {
  const std::vector<float> labelled = predict(bytes_);
  bytes_.labels.clear();
  EXPECT_EQ(predict(bytes_), labelled);
}

TEST_F(Predicted, EvaluatingUnlabelledImagesIsAnErrorThatNamesThem) {
  bytes_.labels.clear();
  EXPECT_ERROR(predictions_of(model_, bytes_, all_indices(30), engine_), ErrorKind::kInput, "drawn",
               "no labels");
  EXPECT_ERROR(evaluate_model(model_, bytes_, all_indices(30), engine_), ErrorKind::kInput, "drawn",
               "no labels");
}

// A network of two classes that is sure of the second where one pixel is lit, and knows nothing
// else. The lit pixel of the picture comes there in one view alone, which is moved to the right by
// a pixel of 28: here by two.
TEST(Views, AreEachPredictedAndTheMeanTaken) {
  const Architecture net = parse_architecture(R"(name = "pixel"
input = [56, 56, 1]
classes = 2
layers = [{ type = "flatten" }, { type = "dense", units = 2 }]
)",
                                              "pixel");
  Parameters parameters(net);
  parameters.slot(net.layers.back().weight)[(28 * 56 + 30) * 2 + 1] = 100;
  Dataset picture{.name = "dot", .height = 56, .width = 56, .classes = 2};
  picture.class_names = {"0", "1"};
  picture.images = std::vector<uint8_t>(56 * 56);
  picture.bytes()[28 * 56 + 28] = 255;
  const std::vector<float> mean = views_of(net, parameters, picture);
  EXPECT_NEAR(mean[1], (1 + 8 * 0.5) / 9, 1e-6);
  EXPECT_NEAR(mean[0], 8 * 0.5 / 9, 1e-6);
}

// Rounding a view to bytes would move predictions by some 1e-3.
TEST_F(Predicted, ViewsAreThePlainBilinearWarpsWithoutRounding) {
  const Architecture net = zoo_architecture("logistic");
  Parameters parameters(net);
  randomise(parameters, 3);
  for (const Dataset& dataset : {bytes_, floats_}) {
    const std::vector<float> found = views_of(net, parameters, dataset);
    Classifier classifier(net, engine_);
    classifier.update(parameters);
    std::vector<double> expected(found.size());
    for (uint32_t i = 0; i < dataset.size(); ++i) {
      std::vector<double> greys;
      for (const uint8_t v : bytes_.image(i)) greys.push_back(v / 255.0);
      for (const AugmentDraw& view : kViews) {
        const std::vector<double> seen = bilinear_reference(greys, 28, 28, 1, view);
        const std::vector<float> x(seen.begin(), seen.end());
        std::array<float, 10> p{};
        classifier.predict(x.data(), 1, p.data());
        for (size_t c = 0; c < 10; ++c) expected[i * 10 + c] += p[c] / 9.0;
      }
    }
    for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5) << i;
  }
}

TEST(Views, HaveTheSameBitsOnAnyNumberOfThreads) {
  const Architecture net = zoo_architecture("keras");
  Parameters parameters(net);
  parameters.initialise(1);
  const Dataset dataset = drawn_dataset({.images = 150, .classes = 10, .side = 28});
  const std::vector<float> one = views_of(net, parameters, dataset);
  EXPECT_EQ(views_of(net, parameters, dataset, 3), one);
  for (size_t i = 0; i < dataset.size(); ++i) {
    EXPECT_NEAR(std::accumulate(&one[i * 10], &one[i * 10] + 10, 0.0), 1, 1e-5);
  }
}

}  // namespace
}  // namespace inkling
