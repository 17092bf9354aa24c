#include "nn/architecture/architecture.h"

#include <gtest/gtest.h>

#include "nn/architecture/zoo.h"
#include "support/expect_error.h"
#include "support/networks.h"

namespace inkling {
namespace {

std::string file_with(const std::string& layers) {
  return "name = \"t\"\ninput = [8, 8, 1]\nclasses = 4\nlayers = [\n" + layers + "\n]\n";
}

void expect_refused(const std::string& text, std::initializer_list<const char*> parts) {
  expect_error([&] { parse_architecture(text, "t.toml"); }, ErrorKind::kInput, parts);
}

TEST(Zoo, ParameterCountsAreTheDesigns) {
  EXPECT_EQ(zoo_architecture("cnn3").parameter_count(), 905418u);
  EXPECT_EQ(zoo_architecture("keras").parameter_count(), 34826u);
  EXPECT_LE(zoo_architecture("tiny").parameter_count(), 10'000u);
  EXPECT_EQ(zoo_architecture("swift").parameter_count(), 23'546u);
  EXPECT_EQ(zoo_architecture("best").parameter_count(), 171'162u);
  EXPECT_EQ(zoo_architecture("logistic").parameter_count(), 7850u);
  EXPECT_EQ(zoo_architecture("lenet5").parameter_count(), 61706u);
  EXPECT_EQ(zoo_architecture("baseline").parameter_count(), 421642u);
}

TEST(Zoo, FlopsOfCnn3AreItsMultiplyAddsTwice) {
  const double conv = 784. * 9 * 32 + 196. * 9 * 32 * 64 + 49. * 9 * 64 * 128;
  const double dense = 6272. * 128 + 128 * 64 + 64 * 10;
  EXPECT_EQ(zoo_architecture("cnn3").flops(), 2 * (conv + dense));
}

TEST(Zoo, EveryFileParsesAndEndsInTenClassesOrForReadingInEleven) {
  for (const ZooEntry& entry : zoo()) {
    const Architecture net = zoo_architecture(entry.name);
    EXPECT_EQ(net.name, entry.name);
    const bool reads = entry.name == "reader" || entry.name == "locator";
    EXPECT_EQ(net.layers.back().out, (Shape{1, 1, reads ? 11 : 10}));
  }
}

TEST(Zoo, UnknownNameSuggestsTheNearest) {
  EXPECT_ERROR(zoo_architecture("cn3"), ErrorKind::kUsage, "cn3", "did you mean \"cnn3\"");
}

TEST(NetworkFile, SlotsAreAlignedAndTrainableOnesComeFirst) {
  const Architecture net = zoo_architecture("cnn3");
  for (const ParameterSlot& slot : net.slots) {
    EXPECT_EQ(slot.offset % 16, 0u);
    EXPECT_EQ(slot.trainable, slot.offset < net.trainable_floats) << slot.name;
  }
}

// A batch norm has a weight as well, which is no matrix.
TEST(NetworkFile, WeightsThatGiveLogitsBeginAsGlorots) {
  const auto beginnings = [](const std::string& layers) {
    std::vector<Initialisation> all;
    for (const ParameterSlot& slot : parse_architecture(file_with(layers), "t.toml").slots) {
      all.push_back(slot.initialisation);
    }
    return all;
  };
  using enum Initialisation;
  const std::string dense = R"({type="flatten"}, {type="dense", units=4, bias=false, name="a"})";
  EXPECT_EQ(beginnings(dense), (std::vector{kGlorot}));
  EXPECT_EQ(beginnings(dense + R"(, {type="batch_norm"})"),
            (std::vector{kFanIn, kOne, kZero, kZero, kOne}));
  EXPECT_EQ(beginnings(dense + R"(, {type="dense", units=4, bias=false, name="b"},
                                  {type="mixture", of=["b", "a"]})"),
            (std::vector{kGlorot, kGlorot}));
}

TEST(NetworkFile, SamePaddingKeepsTheSideAndStrideRoundsUp) {
  const Architecture net =
      parse_architecture(file_with(R"({type="conv", filters=2, kernel=5, padding="same"},
                   {type="conv", filters=2, kernel=3, stride=3, padding="same"},
                   {type="flatten"}, {type="dense", units=4})"),
                         "t.toml");
  EXPECT_EQ(net.layers[0].out, (Shape{8, 8, 2}));
  EXPECT_EQ(net.layers[1].out, (Shape{3, 3, 2}));
}

TEST(NetworkFile, PoolingBelowOnePixelIsRefusedWithLineLayerAndShapes) {
  expect_refused(
      file_with("{type=\"max_pool\", window=4},\n{type=\"max_pool\", window=4, name=\"p\"},\n"
                "{type=\"flatten\"}, {type=\"dense\", units=4}"),
      {"t.toml:6", "layer 2", "max_pool \"p\"", "4x4", "2x2x1", "below 1x1"});
}

TEST(NetworkFile, ConvolutionLargerThanItsInputIsRefused) {
  expect_refused(file_with(R"({type="conv", filters=2, kernel=9})"), {"t.toml:5", "9x9", "8x8x1"});
}

TEST(NetworkFile, DenseOnAnImageIsRefusedWithTheRemedy) {
  expect_refused(file_with(R"({type="dense", units=4})"), {"8x8x1", "flatten"});
}

TEST(NetworkFile, WrongEndIsRefused) {
  expect_refused(file_with(R"({type="flatten"}, {type="dense", units=5})"), {"1x1x4", "1x1x5"});
}

TEST(NetworkFile, UnequalSummandsAreRefusedWithBothShapes) {
  expect_refused(file_with(R"({type="conv", filters=2, kernel=1, name="a"},
                              {type="conv", filters=3, kernel=1}, {type="add", with="a"})"),
                 {"8x8x3", "8x8x2", "\"a\""});
}

TEST(NetworkFile, MixturesTakeLogitsOfOneShape) {
  const std::string two = R"({type="flatten", name="f"}, {type="dense", units=4, name="a"},
                             {type="dense", from="f", units=4, name="b"}, )";
  const Architecture net =
      parse_architecture(file_with(two + R"({type="mixture", of=["a", "b"]})"), "t.toml");
  EXPECT_EQ(net.layers.back().input, 1);
  EXPECT_EQ(net.layers.back().others, std::vector<int>{2});
  expect_refused(file_with(two + R"({type="mixture"})"),
                 {"layer 4", "of", "list of layers' names"});
  expect_refused(file_with(two + R"({type="mixture", of=["a", 3]})"), {"list of layers' names"});
  expect_refused(file_with(two + R"({type="mixture", of=["a", "c"]})"), {"\"c\""});
  expect_refused(file_with(two + R"({type="mixture", of=["a", "f"]})"),
                 {"1x1x4", "\"f\"", "1x1x64"});
  expect_refused(file_with(two + R"({type="mixture", from="a", of=["a", "b"]})"), {"\"from\""});
  expect_refused(file_with(R"({type="mixture", of=["input"]})"), {"logits", "8x8x1"});
  expect_refused(file_with(two + R"({type="mixture", of=["a", "b"], apart=true}, {type="relu"})"),
                 {"layer 4", "apart", "ends the network"});
}

// What shapes and slots are inferred from is the same again.
TEST(NetworkFile, ItsTextGivesTheSameNetwork) {
  std::vector<Architecture> nets;
  for (const ZooEntry& entry : zoo()) nets.push_back(zoo_architecture(entry.name));
  for (const SmallNetwork& small : small_and_wide_networks()) nets.push_back(small.architecture());
  for (const Architecture& net : nets) {
    std::vector<LayerSpec> specs;
    for (const Layer& layer : net.layers) specs.push_back(layer.spec);
    const Architecture again = parse_architecture(
        architecture_text(net.name, net.input, net.classes, specs), "again.toml");
    ASSERT_EQ(again.layers.size(), net.layers.size()) << net.name;
    EXPECT_EQ(again.name, net.name);
    for (size_t i = 0; i < net.layers.size(); ++i) {
      const Layer &was = net.layers[i], &is = again.layers[i];
      EXPECT_EQ(is.spec.name, was.spec.name);
      EXPECT_EQ(is.spec.kind, was.spec.kind) << net.name << " " << was.spec.name;
      EXPECT_EQ(is.input, was.input) << net.name << " " << was.spec.name;
      EXPECT_EQ(is.others, was.others) << net.name << " " << was.spec.name;
      EXPECT_EQ(is.out, was.out) << net.name << " " << was.spec.name;
      EXPECT_EQ(is.padding.top, was.padding.top) << net.name << " " << was.spec.name;
      EXPECT_EQ(is.spec.rate, was.spec.rate) << net.name << " " << was.spec.name;
    }
    EXPECT_EQ(again.parameter_count(), net.parameter_count()) << net.name;
    EXPECT_EQ(again.flops(), net.flops()) << net.name;
  }
}

TEST(NetworkFile, NamesMayHoldAnything) {
  const std::string name = "a \"b\" \\ \n\x7f \xc3\xa9";
  const LayerSpec flatten{.kind = LayerKind::kFlatten, .name = name},
      dense{.kind = LayerKind::kDense, .from = name, .units = 4};
  const Architecture net = parse_architecture(
      architecture_text(name, {8, 8, 1}, 4, std::vector<LayerSpec>{flatten, dense}), "t.toml");
  EXPECT_EQ(net.name, name);
  EXPECT_EQ(net.layers[0].spec.name, name);
}

TEST(NetworkFile, MisspeltFieldsAndTypesNameTheNearest) {
  expect_refused(file_with(R"({type="conv", filter=2})"),
                 {"\"filter\"", "did you mean \"filters\""});
  expect_refused(file_with(R"({type="maxpool"})"), {"\"maxpool\"", "did you mean \"max_pool\""});
  expect_refused("nme = \"x\"", {"\"nme\"", "did you mean \"name\""});
}

TEST(NetworkFile, UnknownReferencesAreRefused) {
  expect_refused(file_with(R"({type="relu", from="nowhere"})"), {"nowhere"});
  expect_refused(file_with(R"({type="relu"}, {type="add"})"), {"layer 2"});
}

TEST(NetworkFile, NumbersOutOfRangeAreRefused) {
  expect_refused(file_with(R"({type="conv", filters=0})"), {"filters", "1 to 4096"});
  expect_refused(file_with(R"({type="conv", filters=-3})"), {"filters"});
  expect_refused(file_with(R"({type="conv", filters=2, kernel=64})"), {"kernel", "63"});
  expect_refused(file_with(R"({type="conv", filters="many"})"), {"filters", "whole number"});
  expect_refused(file_with(R"({type="dropout", rate=1.0})"), {"rate"});
  expect_refused("input = [28, 28]\nlayers = []", {"input"});
  expect_refused("classes = 1\nlayers = []", {"classes"});
}

// Of n layers; {} becomes the number of each.
std::string layers_times(int n, const std::string& layer) {
  std::string text;
  for (int i = 0; i < n; ++i) {
    text += layer;
    text.replace(text.rfind("{}"), 2, std::to_string(i));
  }
  return text;
}

TEST(NetworkFile, ParametersAreBoundedInAll) {
  const std::string wide = R"({type="flatten"}, {type="dense", units=4096},)";
  const std::string more = R"({type="dense", units=4096, name="d{}"},)";  // 2^24 each
  const std::string end = R"({type="dense", units=4})";
  EXPECT_NO_THROW(parse_architecture(file_with(wide + layers_times(15, more) + end), "t.toml"));
  expect_refused(file_with(wide + layers_times(16, more) + end),
                 {"layer 18", "\"d15\"", "more than 268435456 parameters in all"});
  // 63 · 63 · 2^22 inputs a filter: 32 bits do not hold that.
  expect_refused(
      "input = [2048, 2048, 1]\nlayers = [{type=\"flatten\"}, "
      R"({type="conv", kernel=63, padding="same", filters=4096}])",
      {"layer 2", "parameters in all"});
}

TEST(NetworkFile, ValuesOfAnImageAreBoundedInAll) {
  expect_refused("input = [4096, 4096, 4096]\nlayers = [{type=\"flatten\"}]",
                 {"input: 4096x4096x4096 is too large", "16777216 values"});
  const std::string more = R"({type="conv", from="input", kernel=1, filters=2048, name="c{}"},)";
  const std::string input = "input = [64, 64, 1]\nlayers = [";
  expect_refused(input + layers_times(2, more) + "]", {"layer 2", "64x64x2048 is too large"});
  expect_refused(input + layers_times(1, more) + "]", {"the network must end"});
  // The border of a wide window around one pixel: 63 · 63 · 4096 values.
  const std::string border =
      R"({type="conv", from="input", kernel=63, padding="same", filters=1, name="c{}"},)";
  expect_refused("input = [1, 1, 4096]\nlayers = [" + layers_times(2, border) + "]",
                 {"layer 2", "with its border"});
}

TEST(NetworkFile, LayersAndTextAreBounded) {
  expect_refused(file_with(layers_times(4097, R"({type="relu", name="r{}"},)")),
                 {"layer 4097", "more than 4096 layers"});
  expect_refused(file_with(std::string(size_t{1} << 20, ' ')), {"at most 1048576 bytes of text"});
}

TEST(NetworkFile, BrokenTomlNamesTheLine) {
  expect_refused("name = \"x\"\nlayers = [ {", {"t.toml:2", "not TOML"});
  expect_refused("", {"layers"});
}

TEST(NetworkFile, DuplicateNamesAreRefused) {
  expect_refused(file_with(R"({type="relu", name="a"}, {type="relu", name="a"})"), {"this name"});
}

}  // namespace
}  // namespace inkling
