#include "store/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <functional>
#include <limits>

#include "support/expect_error.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

// Batch norm, so that there are moving statistics; three classes.
Model residual_model() {
  for (const SmallNetwork& small : small_networks()) {
    if (small.name != std::string_view("residual")) continue;
    Model model(small.architecture(), {0.1306604762738429, 1.0 / 3});
    randomise(model.parameters, 5);
    model.class_names = {"no", "yes", "vielleicht \"ü\""};
    model.notes["dataset"] = "mine";
    return model;
  }
  throw std::logic_error("no such network");
}

class ModelFile : public testing::Test {
 protected:
  ModelFile() { save_model(path_, model_); }

  // The file again after `change` had its tensors and metadata.
  void rewrite(const std::function<void(Safetensors&)>& change) {
    Safetensors file = decode_safetensors(read_file(path_), "m");
    change(file);
    write_file(path_, encode_safetensors(file.tensors, file.metadata));
  }
  void expect_refused(std::initializer_list<const char*> parts) {
    expect_error([&] { load_model(path_); }, ErrorKind::kInput, parts);
    expect_error([&] { load_model(path_); }, ErrorKind::kInput, {path_.c_str()});
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "model.safetensors";
  Model model_ = residual_model();
};

TEST_F(ModelFile, RoundTripKeepsEveryBit) {
  const Model back = load_model(path_);
  ASSERT_EQ(back.net->slots.size(), model_.net->slots.size());
  for (size_t i = 0; i < back.net->slots.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(
        back.parameters.slot(static_cast<int>(i)), model_.parameters.slot(static_cast<int>(i)),
        [](float a, float b) { return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b); }))
        << back.net->slots[i].name;
  }
  EXPECT_EQ(back.normalisation, model_.normalisation);
  EXPECT_EQ(back.class_names, model_.class_names);
  EXPECT_EQ(back.notes.at("dataset"), "mine");
  EXPECT_EQ(back.net->text, model_.net->text);
  EXPECT_EQ(folder_.entries(), 1);
}

TEST_F(ModelFile, SavingTheLoadedModelGivesTheSameBytes) {
  save_model(folder_ / "again", load_model(path_));
  EXPECT_EQ(read_file(folder_ / "again"), read_file(path_));
}

TEST_F(ModelFile, ViewsAreAnsweredByWhereItsNoteIsTrue) {
  EXPECT_FALSE(load_model(path_).predicts_by_views());
  rewrite([](Safetensors& file) { file.metadata["tta"] = "true"; });
  EXPECT_TRUE(load_model(path_).predicts_by_views());
  rewrite([](Safetensors& file) { file.metadata["tta"] = "false"; });
  EXPECT_FALSE(load_model(path_).predicts_by_views());
  rewrite([](Safetensors& file) { file.metadata["tta"] = "no"; });
  expect_refused({"tta", "expected true or false, found \"no\""});
}

TEST_F(ModelFile, DeviationsBelowZeroAreRefused) {
  rewrite([](Safetensors& file) { file.metadata["input_sd"] = "0"; });  // every pixel alike
  EXPECT_EQ(load_model(path_).normalisation.sd, 0);
  rewrite([](Safetensors& file) { file.metadata["input_sd"] = "-0.3"; });
  expect_refused({"input_sd", "at least 0", "found -0.3"});
}

TEST_F(ModelFile, TensorsCarryTheNamesAndShapesOfTheirSlots) {
  const Safetensors file = decode_safetensors(read_file(path_), "m");
  const auto first = std::ranges::find(file.tensors, "conv1.weight", &TensorData::name);
  ASSERT_NE(first, file.tensors.end());
  EXPECT_THAT(first->dims, testing::ElementsAre(3, 3, 2, 4));
}

TEST_F(ModelFile, EveryMissingMetadatumIsNamed) {
  for (const char* key : {"network", "input_mean", "input_sd", "class_names"}) {
    save_model(path_, model_);
    rewrite([&](Safetensors& file) { file.metadata.erase(key); });
    expect_refused({"not an Inkling model", key});
  }
}

TEST_F(ModelFile, WrongMetadataAreRefused) {
  const std::vector<std::array<const char*, 3>> cases = {
      {"input_mean", "nan", "input_mean: expected a number"},
      {"input_sd", "1.5x", "input_sd: expected a number"},
      {"class_names", "[\"a\", \"b\"]", "class_names: expected 3 texts"},
      {"class_names", "[1, 2, 3]", "class_names: [0]: expected a string, found 1"},
      {"class_names", "[\"a\",", "class_names: expected JSON, found broken text"},
      {"network", "layers = 3", "layers"},
      {"network", "layers = [", "not TOML"},
  };
  for (const auto& [key, text, message] : cases) {
    save_model(path_, model_);
    rewrite([&](Safetensors& file) { file.metadata[key] = text; });
    expect_refused({message});
  }
}

TEST_F(ModelFile, MissingTensorIsNamed) {
  rewrite([](Safetensors& file) {
    std::ranges::find(file.tensors, "conv1.bias", &TensorData::name)->name = "elsewhere";
  });
  expect_refused({"\"conv1.bias\" is missing"});
}

TEST_F(ModelFile, TooFewAndTooManyTensorsAreRefused) {
  const std::string all = std::to_string(model_.net->slots.size());
  rewrite([](Safetensors& file) { file.tensors.pop_back(); });
  expect_refused({"expected", all.c_str(), "tensors"});
  save_model(path_, model_);
  rewrite([](Safetensors& file) { file.tensors.push_back({"more", {1}, {1}}); });
  expect_refused({"expected", all.c_str(), "tensors"});
}

TEST_F(ModelFile, WrongShapeIsRefusedWithBoth) {
  rewrite([](Safetensors& file) {
    std::ranges::find(file.tensors, "conv1.weight", &TensorData::name)->dims = {3, 3, 4, 2};
  });
  expect_refused({"\"conv1.weight\"", "[3, 3, 2, 4]", "[3, 3, 4, 2]"});
  save_model(path_, model_);
  rewrite([](Safetensors& file) {
    std::ranges::find(file.tensors, "conv1.weight", &TensorData::name)->dims = {72};
  });
  expect_refused({"[3, 3, 2, 4]", "[72]"});
}

TEST_F(ModelFile, WeightsThatAreNoNumbersAreRefusedWithTheirPlace) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float odd : {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity}) {
    save_model(path_, model_);
    rewrite([&](Safetensors& file) {
      std::ranges::find(file.tensors, "conv1.weight", &TensorData::name)->values[7] = odd;
    });
    expect_refused({"\"conv1.weight\"", "expected finite numbers", "at index 7"});
  }
}

// As a browser has it, which gives bytes a name and opens no file.
TEST_F(ModelFile, BytesAloneAreTheSameModelAndErrorsNameTheirSource) {
  const std::vector<uint8_t> bytes = encode_model(model_);
  EXPECT_EQ(bytes, read_file(path_));
  EXPECT_EQ(encode_model(load_model(bytes, "dropped.safetensors")), bytes);
  EXPECT_ERROR(load_model(std::span(bytes).first(100), "dropped.safetensors"), ErrorKind::kInput,
               "dropped.safetensors: ");
}

TEST_F(ModelFile, NegativeVarianceIsRefused) {
  rewrite([](Safetensors& file) {
    std::ranges::find(file.tensors, "bn1.running_var", &TensorData::name)->values[1] = -0.5F;
  });
  expect_refused({"\"bn1.running_var\"", "expected variances, found -0.5"});
}

// 15 layers of 2^24 weights: memory for them is counted, for it could not be had everywhere.
TEST_F(ModelFile, NetworkWithoutItsWeightsIsRefusedWithoutMemoryForThem) {
  std::string layers = "{type=\"flatten\"}, {type=\"dense\", units=4096}, ";
  for (int i = 0; i < 15; ++i) layers += "{type=\"dense\", units=4096}, ";
  rewrite([&](Safetensors& file) {
    file.metadata["network"] = "layers = [" + layers + "{type=\"dense\", units=10}]";
  });
  rlimit saved{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &saved), 0);
  const rlimit half{.rlim_cur = rlim_t{1} << 29, .rlim_max = saved.rlim_max};  // bytes
  const bool limited = !std::getenv("INKLING_TEST_SAMPLE");  // sanitizers map terabytes
  if (limited) {
    ASSERT_EQ(::setrlimit(RLIMIT_AS, &half), 0);
  }
  expect_refused({"expected 34 tensors", "found"});
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &saved), 0);
}

TEST_F(ModelFile, AnyTruncationIsRefused) {
  const std::vector<uint8_t> whole = read_file(path_);
  for (size_t size = 0; size < whole.size(); size += whole.size() / 37 + 1) {
    write_file(path_, std::span(whole).first(size));
    expect_refused({});
  }
}

TEST_F(ModelFile, WhatIsNoSafetensorsFileIsRefused) {
  write_file(path_, std::string_view("\x89PNG\r\n\x1a\n and more than eight bytes"));
  expect_refused({});
  EXPECT_ERROR(load_model(folder_ / "nowhere"), ErrorKind::kInput, "nowhere", "No such file");
}

TEST_F(ModelFile, FailedSaveLeavesTheOldFile) {
  const std::vector<uint8_t> before = read_file(path_);
  EXPECT_ERROR((save_model(path_ / "below-a-file", model_), 0), ErrorKind::kSystem, "below-a-file");
  EXPECT_EQ(read_file(path_), before);
  EXPECT_EQ(folder_.entries(), 1);
}

TEST_F(ModelFile, SmallerWeightsAreRead) {
  for (const Dtype dtype : {Dtype::kF16, Dtype::kBf16, Dtype::kI8}) {
    SCOPED_TRACE(dtype_name(dtype));
    const std::vector<uint8_t> bytes = encode_model(model_, dtype);
    EXPECT_LT(bytes.size(), encode_model(model_).size());
    const Model back = load_model(bytes, "m");
    for (int i = 0; i < count_of(back.net->slots); ++i) {
      const auto there = model_.parameters.slot(i), here = back.parameters.slot(i);
      for (size_t k = 0; k < here.size(); ++k) {
        // Half a step: of 11 bits, of 8, of 127 steps to the greatest of the channel, below 0.6.
        const float step = dtype == Dtype::kF16    ? std::abs(there[k]) / 2048
                           : dtype == Dtype::kBf16 ? std::abs(there[k]) / 256
                                                   : 0.6f / 254;
        EXPECT_NEAR(here[k], there[k], step * 1.01 + 1e-7);
      }
    }
    EXPECT_EQ(back.class_names, model_.class_names);
    EXPECT_EQ(encode_model(back, dtype), bytes);
  }
}

TEST_F(ModelFile, Int8NeedsItsScales) {
  const auto changed = [&](const std::function<void(Safetensors&)>& change) {
    Safetensors file = decode_safetensors(encode_model(model_, Dtype::kI8), "m");
    change(file);
    return encode_safetensors(file.tensors, file.metadata);
  };
  const auto tensor = [](Safetensors& file, std::string_view name) {
    return std::ranges::find(file.tensors, name, &TensorData::name);
  };
  const auto refused = [&](const std::function<void(Safetensors&)>& change,
                           std::initializer_list<const char*> parts) {
    expect_error([&] { load_model(changed(change), "m"); }, ErrorKind::kInput, parts);
  };
  EXPECT_NO_THROW(load_model(changed([](Safetensors&) {}), "m"));
  refused([&](Safetensors& file) { file.tensors.erase(tensor(file, "conv1.weight.scale")); },
          {"conv1.weight.scale", "missing"});
  refused([&](Safetensors& file) { tensor(file, "conv1.weight.scale")->dtype = Dtype::kF16; },
          {"conv1.weight.scale", "expected F32", "found F16"});
  refused(
      [&](Safetensors& file) {
        tensor(file, "conv1.weight.scale")->values.pop_back();
        --tensor(file, "conv1.weight.scale")->dims[0];
      },
      {"expected F32 of shape [4]", "of [3]"});
  refused(
      [&](Safetensors& file) {
        tensor(file, "conv1.weight.scale")->values[0] = std::numeric_limits<float>::infinity();
      },
      {"finite"});
  refused(
      [&](Safetensors& file) {
        file.tensors.push_back({"stray.scale", {1}, {1}});
      },
      {"tensors"});
}

TEST_F(ModelFile, WeightsTooLargeForF16AreRefused) {
  model_.parameters.all()[0] = 70000;
  expect_error([&] { encode_model(model_, Dtype::kF16); }, ErrorKind::kInput, {"F16", "70000"});
  EXPECT_NO_THROW(encode_model(model_, Dtype::kBf16));
}

}  // namespace
}  // namespace inkling
