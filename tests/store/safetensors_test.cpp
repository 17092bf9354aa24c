#include "store/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "store/weights_hash.h"
#include "support/expect_error.h"
#include "sys/hash.h"

namespace inkling {
namespace {

using Bytes = std::vector<uint8_t>;

std::vector<TensorData> two_tensors() {
  return {{"b", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a", {}, {-0.5F}}};
}

Bytes with_header(std::string_view header, size_t data_bytes) {
  Bytes bytes(8 + header.size() + data_bytes);
  const uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::copy(header.begin(), header.end(), bytes.begin() + 8);
  return bytes;
}

void expect_refused(const Bytes& bytes, std::initializer_list<const char*> parts) {
  expect_error([&] { decode_safetensors(bytes, "m.safetensors"); }, ErrorKind::kInput, parts);
  expect_error([&] { decode_safetensors(bytes, "m.safetensors"); }, ErrorKind::kInput,
               {"m.safetensors: "});
}

TEST(Safetensors, RoundTripKeepsNamesShapesValuesAndMetadata) {
  const Bytes bytes = encode_safetensors(two_tensors(), {{"model", "cnn3"}, {"über", "\"\n"}});
  const Safetensors back = decode_safetensors(bytes, "m");
  ASSERT_EQ(back.tensors.size(), 2u);
  EXPECT_EQ(back.tensors[0].name, "a");
  EXPECT_TRUE(back.tensors[0].dims.empty());
  EXPECT_THAT(back.tensors[0].values, testing::ElementsAre(-0.5F));
  EXPECT_EQ(back.tensors[1].name, "b");
  EXPECT_THAT(back.tensors[1].dims, testing::ElementsAre(2, 3));
  EXPECT_THAT(back.tensors[1].values, testing::ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(back.metadata.at("model"), "cnn3");
  EXPECT_EQ(back.metadata.at("über"), "\"\n");
}

TEST(Safetensors, BytesAreTheFormatsOwn) {
  const Bytes bytes = encode_safetensors(std::vector<TensorData>{{"w", {1}, {1.0F}}}, {});
  const std::string header = R"({"w":{"data_offsets":[0,4],"dtype":"F32","shape":[1]}})";
  Bytes expected = with_header(header + "  ", 0);
  expected.insert(expected.end(), {0, 0, 0x80, 0x3f});
  EXPECT_EQ(bytes, expected);
}

TEST(Safetensors, DataBeginsOnEightBytesWhateverTheNames) {
  for (int length = 1; length < 20; ++length) {
    const TensorData tensor{std::string(size_t(length), 'n'), {1}, {1}};
    const Bytes bytes = encode_safetensors(std::span(&tensor, 1), {});
    EXPECT_EQ((bytes.size() - 4) % 8, 0u);
    EXPECT_EQ(decode_safetensors(bytes, "m").tensors[0].name, tensor.name);
  }
}

TEST(Safetensors, OrderOfTensorsDoesNotShow) {
  std::vector<TensorData> swapped = two_tensors();
  std::swap(swapped[0], swapped[1]);
  EXPECT_EQ(encode_safetensors(two_tensors(), {}), encode_safetensors(swapped, {}));
  EXPECT_EQ(weights_sha256(two_tensors()), weights_sha256(swapped));
}

TEST(Safetensors, NothingAndEmptyTensorsAreFine) {
  EXPECT_TRUE(decode_safetensors(encode_safetensors({}, {}), "m").tensors.empty());
  const std::vector<TensorData> tensors{{"e", {3, 0}, {}}, {"f", {1}, {2}}};
  const Safetensors back = decode_safetensors(encode_safetensors(tensors, {}), "m");
  EXPECT_THAT(back.tensors[0].dims, testing::ElementsAre(3, 0));
  EXPECT_TRUE(back.tensors[0].values.empty());
}

TEST(Safetensors, NotANumberSurvives) {
  const std::vector<TensorData> tensors{{"w", {1}, {std::numeric_limits<float>::quiet_NaN()}}};
  const Safetensors back = decode_safetensors(encode_safetensors(tensors, {}), "m");
  EXPECT_TRUE(std::isnan(back.tensors[0].values[0]));
}

TEST(Safetensors, FilesInAnotherOrderAreRead) {
  Bytes bytes = with_header(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},)"
                            R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                            0);
  bytes.insert(bytes.end(), {0, 0, 0x80, 0x3f, 0, 0, 0, 0x40});
  const Safetensors back = decode_safetensors(bytes, "m");
  EXPECT_EQ(back.tensors[0].values[0], 2.0F);
  EXPECT_EQ(back.tensors[1].values[0], 1.0F);
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const Bytes bytes = encode_safetensors(two_tensors(), {{"k", "v"}});
  for (size_t size = 0; size < bytes.size(); ++size) {
    expect_refused(Bytes(bytes.begin(), bytes.begin() + std::ptrdiff_t(size)), {"expected"});
  }
}

TEST(Safetensors, BytesLeftOverAreRefused) {
  Bytes bytes = encode_safetensors(two_tensors(), {});
  bytes.push_back(0);
  expect_refused(bytes, {"expected 28 bytes of tensors, found 29"});
}

TEST(Safetensors, AbsurdHeaderLengthIsRefused) {
  Bytes bytes = encode_safetensors(two_tensors(), {});
  std::fill_n(bytes.begin(), 8, uint8_t{0xff});
  expect_refused(bytes, {"found a claim of 18446744073709551615"});
  bytes = with_header("{}", 0);
  bytes[0] = 3;  // one more than there is
  expect_refused(bytes, {"at most 2 bytes", "found a claim of 3"});
}

TEST(Safetensors, BrokenHeadersAreRefused) {
  expect_refused(with_header("", 0), {"JSON"});
  expect_refused(with_header("[]", 0), {"JSON object"});
  expect_refused(with_header("{\"a\":", 0), {"JSON object"});
  expect_refused(with_header("{} x", 0), {"JSON object"});
  expect_refused(with_header("{\"a\":\"\xff\"}", 0), {"JSON object"});
  expect_refused(with_header(R"({"a":1})", 0), {"tensor a", "dtype"});
  expect_refused(with_header(R"({"a":{"dtype":"F32","shape":[1]}})", 4),
                 {"tensor a", "data_offsets"});
  expect_refused(with_header(R"({"__metadata__":[]})", 0), {"__metadata__"});
  expect_refused(with_header(R"({"__metadata__":{"k":1}})", 0), {"__metadata__", "k"});
}

TEST(Safetensors, NameThatComesTwiceIsRefused) {
  expect_refused(with_header(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},)"
                             R"("a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})",
                             0),
                 {"found a twice"});
}

TEST(Safetensors, DeepNestingIsRefused) {
  const std::string deep(1'000'000, '[');
  expect_refused(with_header(R"({"a":{"dtype":)" + deep, 0), {"nested"});
}

TEST(Safetensors, SmallerDtypesKeepTheNearestValues) {
  const std::vector<float> values = {0, -1.5F, 3.14159274F, 127};
  std::vector<TensorData> tensors;
  for (const Dtype dtype : {Dtype::kF32, Dtype::kF16, Dtype::kBf16}) {
    tensors.push_back({std::string(dtype_name(dtype)), {4}, values, dtype});
  }
  tensors.push_back({"I8", {4}, {-128, -1, 0, 127}, Dtype::kI8});
  const Bytes bytes = encode_safetensors(tensors, {});
  const Safetensors back = decode_safetensors(bytes, "m");
  const auto named = [&](std::string_view name) {
    return *std::ranges::find(back.tensors, name, &TensorData::name);
  };
  EXPECT_THAT(named("F32").values, testing::ElementsAreArray(values));
  EXPECT_THAT(named("F16").values, testing::ElementsAre(0, -1.5F, 3.140625F, 127));
  EXPECT_THAT(named("BF16").values, testing::ElementsAre(0, -1.5F, 3.140625F, 127));
  EXPECT_THAT(named("I8").values, testing::ElementsAre(-128, -1, 0, 127));
  for (const TensorData& tensor : back.tensors) EXPECT_EQ(dtype_name(tensor.dtype), tensor.name);
  EXPECT_EQ(encode_safetensors(back.tensors, {}), bytes);
}

TEST(Safetensors, OffsetsFollowTheDtype) {
  const auto tensor = [](const char* dtype, const char* offsets, size_t data_bytes) {
    return with_header(std::string(R"({"a":{"dtype":")") + dtype +
                           R"(","shape":[3],"data_offsets":)" + offsets + "}}",
                       data_bytes);
  };
  EXPECT_NO_THROW(decode_safetensors(tensor("F16", "[0,6]", 6), "m"));
  EXPECT_NO_THROW(decode_safetensors(tensor("I8", "[0,3]", 3), "m"));
  expect_refused(tensor("F16", "[0,12]", 12), {"6 bytes apart"});
  expect_refused(tensor("BF16", "[0,3]", 3), {"6 bytes apart"});
  expect_refused(tensor("I8", "[0,12]", 12), {"3 bytes apart"});
}

TEST(Safetensors, OtherDtypesAreRefusedByName) {
  for (const char* dtype : {"\"F64\"", "\"U8\"", "\"I64\"", "\"f32\"", "3", "null"}) {
    const std::string header =
        std::string(R"({"a":{"dtype":)") + dtype + R"(,"shape":[1],"data_offsets":[0,4]}})";
    expect_refused(with_header(header, 4), {"tensor a", "\"F32\"", dtype});
  }
}

TEST(Safetensors, BadShapesAndOffsetsAreRefused) {
  const auto tensor = [](const char* shape, const char* offsets) {
    return with_header(std::string(R"({"a":{"dtype":"F32","shape":)") + shape +
                           R"(,"data_offsets":)" + offsets + "}}",
                       8);
  };
  EXPECT_NO_THROW(decode_safetensors(tensor("[2]", "[0,8]"), "m"));
  expect_refused(tensor("[3]", "[0,8]"), {"12 bytes apart", "found [0, 8]"});
  expect_refused(tensor("[-2]", "[0,8]"), {"non-negative integer", "found -2"});
  expect_refused(tensor("[2.0]", "[0,8]"), {"non-negative integer", "found 2.0"});
  expect_refused(tensor("[\"2\"]", "[0,8]"), {"non-negative integer"});
  expect_refused(tensor("2", "[0,8]"), {"shape as a list"});
  expect_refused(tensor("[2]", "[0]"), {"data_offsets as a pair"});
  expect_refused(tensor("[2]", "[8,0]"), {"found [8, 0]"});
  expect_refused(tensor("[2]", "[0,18446744073709551615]"), {"8 bytes apart"});
  expect_refused(tensor("[2]", "[8,16]"), {"begin at 0 (gap)", "found 8"});
  expect_refused(tensor("[4]", "[0,16]"), {"expected 16 bytes", "found 8"});
  // Products that wrap to 2 and to 0 in 64 bits.
  expect_refused(tensor("[4294967296,4294967296]", "[0,0]"), {"overflow"});
  expect_refused(tensor("[4611686018427387905,4]", "[0,8]"), {"too large"});
  expect_refused(tensor("[1152921504606846976,16]", "[0,0]"), {"overflow"});
}

TEST(Safetensors, OverlapsAndGapsBetweenTensorsAreRefused) {
  const auto pair = [](const char* second, size_t data_bytes) {
    return with_header(std::string(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                   R"("b":{"dtype":"F32","shape":[1],"data_offsets":)") +
                           second + "}}",
                       data_bytes);
  };
  EXPECT_NO_THROW(decode_safetensors(pair("[8,12]", 12), "m"));
  expect_refused(pair("[4,8]", 8), {"tensor b", "overlap"});
  expect_refused(pair("[12,16]", 16), {"tensor b", "gap"});
}

TEST(WeightsSha256, IsThatOfTheBytesInNameOrder) {
  const float bytes[] = {-0.5F, 1, 2, 3, 4, 5, 6};
  EXPECT_EQ(weights_sha256(two_tensors()), sha256_hex(bytes, sizeof bytes));
  EXPECT_EQ(weights_sha256({}), sha256_hex("", 0));
}

TEST(WeightsSha256, SeesOneChangedBit) {
  std::vector<TensorData> tensors = two_tensors();
  tensors[0].values[3] = std::nextafter(tensors[0].values[3], 10.0F);
  EXPECT_NE(weights_sha256(tensors), weights_sha256(two_tensors()));
}

}  // namespace
}  // namespace inkling
