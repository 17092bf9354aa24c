#include "train/run/metrics_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "store/weights_hash.h"
#include "support/expect_error.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

std::vector<std::string> keys_of(const nlohmann::json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

Metrics metrics_of_two() {
  const std::vector<float> rows{1, 0, 0, 0, 1, 0};
  return compute_metrics(rows, std::vector<uint8_t>{0, 2}, 3);
}

TrainingResult trained() {
  return {.history = {{.epoch = 1}, {.epoch = 2}},
          .best_epoch = 1,
          .train_seconds = 4,
          .images_per_second = 100};
}

TEST(MetricsDocument, HasTheKeysOfTheContract) {
  const Model model = small_model();
  nlohmann::json document = metrics_document(metrics_of_two(), model, "mine", "validation", 1.5);
  EXPECT_THAT(keys_of(document),
              testing::IsSupersetOf({"dataset", "split", "n", "accuracy", "accuracy_ci95", "loss",
                                     "macro", "per_class", "confusion", "ece", "parameters",
                                     "weights_sha256", "seconds"}));
  EXPECT_EQ(document["dataset"], "mine");
  EXPECT_EQ(document["split"], "validation");
  EXPECT_EQ(document["seconds"], 1.5);
  EXPECT_EQ(document["parameters"], 7 * 5 + 5 + 5 * 3 + 3);
  EXPECT_EQ(document["weights_sha256"], weights_sha256(tensors_of(*model.net, model.parameters)));
  EXPECT_EQ(document["per_class"][2]["label"], "c");
  EXPECT_FALSE(document.contains("best_epoch"));

  add_training(document, trained());
  EXPECT_EQ(document["epochs"], 2);
  EXPECT_EQ(document["best_epoch"], 1);
  EXPECT_EQ(document["train_seconds"], 4);
  EXPECT_EQ(document["images_per_second"], 100);
}

TEST(MetricsFile, IsReadBackAsItWasWritten) {
  const TemporaryFolder folder;
  const Model model = small_model();
  const Metrics metrics = metrics_of_two();
  nlohmann::json document = metrics_document(metrics, model, "mine", "test", 1.5);
  write_json(folder / "m.json", document);
  MetricsRecord record = read_metrics(folder / "m.json");
  const SplitScores scores{.n = 2,
                           .accuracy = 0.5,
                           .accuracy_ci95 = metrics.accuracy_ci95,
                           .loss = metrics.loss,
                           .macro_f1 = metrics.macro.f1};
  EXPECT_EQ(record.scores, scores);
  EXPECT_EQ(record.weights_sha256, document["weights_sha256"]);
  EXPECT_FALSE(record.training || record.robustness);

  TrainingResult result = trained();
  result.interrupted = true;
  add_training(document, result);
  write_json(folder / "m.json", document);
  TrainingScores training{
      .best_epoch = 1, .train_seconds = 4, .images_per_second = 100, .interrupted = true};
  EXPECT_EQ(read_metrics(folder / "m.json").training, training);

  document = unevaluated_document(model, "mine");
  result.images_per_second = std::nan("");  // interrupted before a step
  add_training(document, result);
  write_json(folder / "m.json", document);
  record = read_metrics(folder / "m.json");
  training.images_per_second = std::nullopt;
  EXPECT_EQ(record.training, training);
  EXPECT_FALSE(record.scores);
}

TEST(MetricsFile, WhatIsWrongWithOneIsNamed) {
  const TemporaryFolder folder;
  nlohmann::json sound = metrics_document(metrics_of_two(), small_model(), "mine", "test", 1.5);
  add_training(sound, trained());
  for (const char* key : {"n", "accuracy", "accuracy_ci95", "loss", "macro", "weights_sha256",
                          "best_epoch", "train_seconds", "images_per_second", "interrupted"}) {
    nlohmann::json document = sound;
    document[key] = "x";
    if (std::string(key) == "weights_sha256") document[key] = 5;
    write_json(folder / "m.json", document);
    const std::string part = std::string("m.json: ") + key;
    EXPECT_ERROR(read_metrics(folder / "m.json"), ErrorKind::kInput, part.c_str(), "expected");
  }
  sound["robustness"] = {{"n", 5}};
  write_json(folder / "m.json", sound);
  EXPECT_ERROR(read_metrics(folder / "m.json"), ErrorKind::kInput,
               "m.json: robustness.of: expected a value, found none");
  write_json(folder / "m.json", nlohmann::json::array());
  EXPECT_ERROR(read_metrics(folder / "m.json"), ErrorKind::kInput, "m.json", "a JSON object");
}

}  // namespace
}  // namespace inkling
