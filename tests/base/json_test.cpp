#include "base/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/expect_error.h"

namespace inkling {
namespace {

TEST(Json, BrokenTextIsNamed) {
  EXPECT_ERROR(parse_json("{\"a\":", "a.json"), ErrorKind::kInput, "a.json", "expected JSON");
  EXPECT_ERROR(parse_json("", "a.json"), ErrorKind::kInput, "a.json", "expected JSON");
  EXPECT_ERROR(parse_json("{} x", "a.json"), ErrorKind::kInput, "a.json", "expected JSON");
}

TEST(Json, TextReadsBack) {
  const nlohmann::ordered_json document = {{"z", 1}, {"a", {0.1, nullptr, "é\n"}}};
  EXPECT_EQ(json_text(document), "{\"z\":1,\"a\":[0.1,null,\"é\\n\"]}");
  EXPECT_EQ(parse_json(json_text(document, 2), "a.json"), nlohmann::json(document));
}

TEST(Json, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(json_text(nlohmann::json("a\xff")), "\"a\xef\xbf\xbd\"");
}

TEST(Json, AStrictObjectHasNoKeyTwiceAndIsNotDeep) {
  EXPECT_EQ(parse_strict_json_object(R"({"a": {"b": [1]}})", 3, "x").size(), 1u);
  EXPECT_ERROR(parse_strict_json_object(R"({"a": {"b": 1, "b": 1}})", 3, "x"), ErrorKind::kInput,
               "x", "found b twice");
  EXPECT_ERROR(parse_strict_json_object(R"({"a": [[[[1]]]]})", 3, "x"), ErrorKind::kInput, "x",
               "nested");
  EXPECT_ERROR(parse_strict_json_object("[]", 3, "x"), ErrorKind::kInput, "x", "JSON object");
  EXPECT_ERROR(parse_strict_json_object("{", 3, "x"), ErrorKind::kInput, "x", "JSON object");
}

TEST(JsonValue, ReadsWhatIsThere) {
  const nlohmann::json document = parse_json(
      R"({"text": "a", "yes": true, "half": 0.5, "most": 9223372036854775807, "none": null,
          "pair": [1, 2.5], "of": {"inner": [{"n": -3}]}})",
      "a.json");
  const JsonValue value(document, "a.json");
  EXPECT_EQ(value["text"].text(), "a");
  EXPECT_TRUE(value["yes"].boolean());
  EXPECT_EQ(value["half"].number(), 0.5);
  EXPECT_EQ(value["half"].number_or_null(), 0.5);
  EXPECT_EQ(value["none"].number_or_null(), std::nullopt);
  EXPECT_EQ(value["most"].integer(0), INT64_MAX);
  EXPECT_EQ(value["pair"].numbers(2), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(value["of"]["inner"].list().at(0)["n"].integer(-3, 3), -3);
  EXPECT_TRUE(value.has("half"));
  EXPECT_FALSE(value.has("none"));
  EXPECT_FALSE(value.has("other"));
}

TEST(JsonValue, WhatIsWrongIsSaidWithFileKeyExpectedAndFound) {
  const nlohmann::json document = parse_json(
      R"({"text": "a", "half": 0.5, "big": 18446744073709551615, "of": {"inner": [{"n": -3}]}})",
      "a.json");
  const JsonValue value(document, "a.json");
  const auto inner = value["of"]["inner"].list();
  EXPECT_ERROR(value["x"], ErrorKind::kInput, "a.json: x: expected a value, found none");
  EXPECT_ERROR(inner[0]["x"], ErrorKind::kInput,
               "a.json: of.inner[0].x: expected a value, found none");
  EXPECT_ERROR(inner[0]["n"].integer(0), ErrorKind::kInput,
               "a.json: of.inner[0].n: expected a whole number from 0 to", "found -3");
  EXPECT_ERROR(value["big"].integer(0), ErrorKind::kInput, "a.json: big",
               "found 18446744073709551615");
  EXPECT_ERROR(value["half"].integer(0, 5), ErrorKind::kInput, "from 0 to 5, found 0.5");
  EXPECT_ERROR(value["text"].number(), ErrorKind::kInput,
               "a.json: text: expected a number, found a string");
  EXPECT_ERROR(value["text"].number_or_null(), ErrorKind::kInput, "a number or null");
  EXPECT_ERROR(value["half"].text(), ErrorKind::kInput, "a.json: half: expected a string");
  EXPECT_ERROR(value["half"].boolean(), ErrorKind::kInput, "expected true or false");
  EXPECT_ERROR(value["half"].list(), ErrorKind::kInput, "expected a list");
  EXPECT_ERROR(value["of"]["inner"].numbers(2), ErrorKind::kInput,
               "expected a list of 2 numbers, found an array");
  EXPECT_ERROR(value["half"]["x"], ErrorKind::kInput, "a.json: half: expected an object");
  EXPECT_ERROR(value["half"].has("x"), ErrorKind::kInput, "expected an object");
}

}  // namespace
}  // namespace inkling
