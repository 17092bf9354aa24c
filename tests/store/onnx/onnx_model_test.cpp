// What the ONNX file says is proven by ONNX Runtime (python/tests/test_onnx.py); here, that it can
// be made of every layer, and is the same each time.
#include "store/onnx/onnx_model.h"

#include <gtest/gtest.h>

#include <string>

#include "support/expect_error.h"
#include "support/networks.h"

namespace inkling {
namespace {

Model model_of(const SmallNetwork& network) {
  Model model(network.architecture(), {.mean = 0.5, .sd = 0.25});
  randomise(model.parameters, 1);
  model.class_names = {"a", "b", "c"};
  return model;
}

std::string text_of(const Model& model, const OnnxOptions& options = {}) {
  const std::vector<uint8_t> bytes = encode_onnx(model, options);
  return {bytes.begin(), bytes.end()};
}

TEST(OnnxModel, IsMadeOfEveryLayerAndTheSameEachTime) {
  for (const SmallNetwork& network : small_networks()) {
    SCOPED_TRACE(network.name);
    const Model model = model_of(network);
    const std::string file = text_of(model);
    EXPECT_EQ(file, text_of(model));
    for (const char* part :
         {"image", "logits", "probabilities", "class_names", "[\"a\",\"b\",\"c\"]"}) {
      EXPECT_NE(file.find(part), std::string::npos) << part;
    }
  }
}

TEST(OnnxModel, FoldsBatchNormBehindAConvolution) {
  for (const SmallNetwork& network : small_networks()) {
    if (network.name == std::string("batch_norm")) {
      EXPECT_EQ(text_of(model_of(network)).find("BatchNormalization"), std::string::npos);
    } else if (network.name == std::string("batch_norm_of_flat")) {
      EXPECT_NE(text_of(model_of(network)).find("BatchNormalization"), std::string::npos);
    }
  }
}

TEST(OnnxModel, PixelValuesAreOfGreyOrColour) {
  for (const SmallNetwork& network : small_networks()) {
    if (network.name != std::string("relu") && network.name != std::string("max_pool")) continue;
    const Model model = model_of(network);  // of one channel, of two
    const OnnxOptions options{.interface = OnnxInterface::kPixelValues};
    if (model.net->input.channels == 1) {
      EXPECT_NE(text_of(model, options).find("pixel_values"), std::string::npos);
    } else {
      expect_error([&] { encode_onnx(model, options); }, ErrorKind::kInput, {"2 channels"});
    }
  }
}

TEST(OnnxModel, OtherOpsetsAreRefused) {
  const Model model = small_model();
  for (const int opset : {kOldestOpset - 1, kNewestOpset + 1}) {
    expect_error([&] { encode_onnx(model, {.opset = opset}); }, ErrorKind::kUsage, {"13 to 17"});
  }
}

}  // namespace
}  // namespace inkling
