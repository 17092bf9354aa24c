// The C interface about models: loading, saving, images.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "eval/normalisation.h"
#include "eval/predict.h"
#include "inkling/inkling.h"
#include "store/default_reader.h"
#include "store/model_file.h"
#include "support/c_interface.h"
#include "support/drawn_dataset.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::StrEq;

// Four classes of 8x8, not trained.
Model untrained() {
  Model model(parse_architecture(R"(
      name = "small"
      input = [8, 8, 1]
      classes = 4
      layers = [{ type = "conv", filters = 5, padding = "same" }, { type = "batch_norm" },
        { type = "relu" }, { type = "max_pool" }, { type = "flatten" },
        { type = "dense", units = 4 }])",
                                 "small"),
              {.mean = 0.4, .sd = 0.3});
  randomise(model.parameters, 3);
  model.class_names = {"a", "b", "c", "ü"};
  return model;
}

std::vector<float> evaluated(const Model& model, const Dataset& images) {
  Engine engine({.threads = 1});
  return predictions_of(model, images, all_indices(images.size()), engine).probabilities;
}

TEST(CModels, BuiltInReaderIsWhatNoPathMeans) {
  const CModel model;
  inkling_info info{};
  info.size = sizeof info;
  ASSERT_EQ(inkling_describe(model.get(), &info), INKLING_OK) << inkling_last_error();
  EXPECT_THAT(info.name, StrEq("reader"));
  EXPECT_EQ(info.height, 28);
  EXPECT_EQ(info.classes, 11);
  EXPECT_EQ(info.reads_ink, 1);
  EXPECT_EQ(info.refuses, 1);
  EXPECT_EQ(info.parameters, default_reader().net->parameter_count());
  EXPECT_THAT(inkling_class_name(model.get(), 10), StrEq("not-a-digit"));
  EXPECT_EQ(inkling_class_name(model.get(), 11), nullptr);
  EXPECT_EQ(inkling_class_name(model.get(), -1), nullptr);
}

TEST(CModels, LoadFromFilesAndBytesAndSaveTheSame) {
  const TemporaryFolder folder;
  const std::vector<uint8_t> file = encode_model(untrained());
  write_file(folder / "m.safetensors", file);
  inkling_model* loaded = nullptr;
  ASSERT_EQ(inkling_load((folder / "m.safetensors").c_str(), nullptr, &loaded), INKLING_OK);
  const CModel from_path(loaded);
  const CModel from_bytes(file);
  size_t bytes = 0;
  ASSERT_EQ(inkling_save_bytes(from_bytes.get(), nullptr, 0, &bytes), INKLING_OK);
  ASSERT_EQ(bytes, file.size());
  std::vector<uint8_t> back(bytes);
  EXPECT_EQ(inkling_save_bytes(from_bytes.get(), back.data(), bytes - 1, &bytes),
            INKLING_BAD_ARGUMENT);
  EXPECT_THAT(inkling_last_error(), HasSubstr("capacity"));
  ASSERT_EQ(inkling_save_bytes(from_bytes.get(), back.data(), bytes, &bytes), INKLING_OK);
  EXPECT_EQ(back, file);
  ASSERT_EQ(inkling_save(from_path.get(), (folder / "copy").c_str()), INKLING_OK);
  EXPECT_EQ(read_file(folder / "copy"), file);
}

TEST(CModels, ClassifyAsEvaluateDoesToTheBit) {
  const Dataset images = drawn_dataset({.images = 200});
  const Model model = untrained();
  const std::vector<float> expected = evaluated(model, images);
  for (const int threads : {1, 2}) {
    const CModel loaded(encode_model(model), threads);
    std::vector<float> values(200 * 4);
    ASSERT_EQ(inkling_classify(loaded.get(), images.bytes().data(), INKLING_U8, 200,
                               INKLING_PROBABILITIES, values.data()),
              INKLING_OK);
    EXPECT_EQ(values, expected);
    const Dataset floats = in_floats(images);
    ASSERT_EQ(inkling_classify(loaded.get(), std::get<1>(floats.images).data(), INKLING_F32, 200,
                               INKLING_PROBABILITIES, values.data()),
              INKLING_OK);
    EXPECT_EQ(values, expected);
  }
}

TEST(CModels, ClassifyByViewsWhereTheModelPredictsSo) {
  const Dataset images = drawn_dataset({.images = 30});
  Model model = untrained();
  model.predict_by_views(true);
  const CModel loaded(encode_model(model));
  std::vector<float> values(30 * 4);
  ASSERT_EQ(inkling_classify(loaded.get(), images.bytes().data(), INKLING_U8, 30,
                             INKLING_PROBABILITIES, values.data()),
            INKLING_OK);
  EXPECT_EQ(values, evaluated(model, images));
}

TEST(CModels, ProbabilitiesAreTheSoftmaxOfTheLogits) {
  const Dataset images = drawn_dataset({.images = 20});
  const CModel model(encode_model(untrained()));
  std::vector<float> logits(20 * 4), probabilities(20 * 4);
  for (const auto& [output, values] :
       {std::pair{INKLING_LOGITS, &logits}, {INKLING_PROBABILITIES, &probabilities}}) {
    ASSERT_EQ(inkling_classify(model.get(), images.bytes().data(), INKLING_U8, 20, output,
                               values->data()),
              INKLING_OK);
  }
  for (size_t image = 0; image < 20; ++image) {
    double sum = 0;
    for (size_t c = 0; c < 4; ++c) sum += std::exp(double{logits[image * 4 + c]});
    for (size_t c = 0; c < 4; ++c) {
      EXPECT_NEAR(probabilities[image * 4 + c], std::exp(double{logits[image * 4 + c]}) / sum,
                  1e-6);
    }
  }
}

TEST(CModels, MisuseGivesCodesAndMessages) {
  inkling_model* model = reinterpret_cast<inkling_model*>(1);
  EXPECT_EQ(inkling_load("/nowhere/at/all", nullptr, &model), INKLING_BAD_INPUT);
  EXPECT_EQ(model, nullptr);
  EXPECT_THAT(inkling_last_error(), HasSubstr("/nowhere/at/all"));
  EXPECT_EQ(inkling_load(nullptr, nullptr, nullptr), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_load_bytes(nullptr, 5, nullptr, &model), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_load_bytes("abc", 3, nullptr, &model), INKLING_BAD_INPUT);
  inkling_options options{};
  EXPECT_EQ(inkling_load(nullptr, &options, &model), INKLING_BAD_ARGUMENT);
  EXPECT_THAT(inkling_last_error(), HasSubstr("inkling_options.size"));
  options.size = sizeof options;
  options.threads = -1;
  EXPECT_EQ(inkling_load(nullptr, &options, &model), INKLING_BAD_ARGUMENT);
  options.threads = 1;
  options.isa = "quantum";
  EXPECT_EQ(inkling_load(nullptr, &options, &model), INKLING_BAD_ARGUMENT);
  EXPECT_THAT(inkling_last_error(), HasSubstr("quantum"));

  inkling_info info{};
  info.size = sizeof info;
  EXPECT_EQ(inkling_describe(nullptr, &info), INKLING_BAD_ARGUMENT);
  const CModel loaded(encode_model(untrained()));
  EXPECT_EQ(inkling_describe(loaded.get(), nullptr), INKLING_BAD_ARGUMENT);
  info.size = 8;
  EXPECT_EQ(inkling_describe(loaded.get(), &info), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_save(loaded.get(), nullptr), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_save(nullptr, "x"), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_save(loaded.get(), "/nowhere/at/all/x"), INKLING_SYSTEM_ERROR);
  EXPECT_EQ(inkling_save_bytes(loaded.get(), nullptr, 0, nullptr), INKLING_BAD_ARGUMENT);

  std::vector<uint8_t> image(64);
  std::vector<float> values(4);
  const auto classify = [&](const void* images, int type, size_t n, int output, float* out) {
    return inkling_classify(loaded.get(), images, inkling_type(type), n, inkling_output(output),
                            out);
  };
  EXPECT_EQ(classify(image.data(), 0, 1, 0, values.data()), INKLING_OK);
  EXPECT_EQ(classify(nullptr, 0, 0, 0, nullptr), INKLING_OK);
  EXPECT_EQ(classify(nullptr, 0, 1, 0, values.data()), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(classify(image.data(), 0, 1, 0, nullptr), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(classify(image.data(), 2, 1, 0, values.data()), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(classify(image.data(), 0, 1, 2, values.data()), INKLING_BAD_ARGUMENT);
  inkling_free(nullptr);
}

// As of a later version of the header.
TEST(CModels, LongerStructsAreTakenIfWhatIsUnknownIsZero) {
  struct Later {
    inkling_options known;
    uint64_t more;
  } later{.known = {.size = sizeof(Later), .threads = 1, .isa = nullptr, .precision = nullptr},
          .more = 0};
  inkling_model* model = nullptr;
  ASSERT_EQ(inkling_load(nullptr, &later.known, &model), INKLING_OK) << inkling_last_error();
  inkling_free(model);
  later.more = 1;
  EXPECT_EQ(inkling_load(nullptr, &later.known, &model), INKLING_BAD_ARGUMENT);
  EXPECT_THAT(inkling_last_error(), HasSubstr("later version"));
}

TEST(CModels, WeightsTooLargeAreReportedAndNotReturned) {
  Model model = untrained();
  for (float& v : model.parameters.all()) v = 1e30f;
  for (const Layer& layer : model.net->layers) {
    if (layer.variance < 0) continue;
    for (float& v : model.parameters.slot(layer.variance)) v = 1;
    for (float& v : model.parameters.slot(layer.mean)) v = 0;
  }
  const CModel loaded(encode_model(model));
  const std::vector<uint8_t> image(64, 200);
  std::vector<float> values(4);
  EXPECT_EQ(inkling_classify(loaded.get(), image.data(), INKLING_U8, 1, INKLING_PROBABILITIES,
                             values.data()),
            INKLING_BAD_INPUT);
  EXPECT_THAT(inkling_last_error(), HasSubstr("NaN"));
}

TEST(CLibrary, SaysWhatItIs) {
  EXPECT_THAT(inkling_version(), StrEq(INKLING_VERSION));
  EXPECT_EQ(inkling_cpu_variant(), best_variant_name());
  EXPECT_THAT(inkling_reason_name(INKLING_NOT_A_DIGIT), StrEq("not-a-digit"));
  EXPECT_THAT(inkling_reason_name(inkling_reason(99)), StrEq(""));
}

}  // namespace
}  // namespace inkling
