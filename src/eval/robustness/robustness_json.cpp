#include "eval/robustness/robustness_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/index.h"
#include "eval/metrics/metrics_json.h"

namespace inkling {
namespace {

nlohmann::json sweep_json(const std::vector<RobustnessPoint>& points) {
  nlohmann::json list = nlohmann::json::array();
  for (const RobustnessPoint& point : points) {
    list.push_back({{"amount", point.amount}, {"accuracy", point.accuracy}});
  }
  return list;
}

std::vector<RobustnessPoint> sweep_of_json(const JsonValue& list) {
  std::vector<RobustnessPoint> points;
  for (const JsonValue& point : list.list()) {
    points.push_back({.amount = point["amount"].number(), .accuracy = point["accuracy"].number()});
  }
  return points;
}

// In the order of Corruption, as they are measured; those the file lacks are left out.
std::vector<CorruptionAccuracy> corruptions_of_json(const JsonValue& corruptions) {
  std::vector<CorruptionAccuracy> rows;
  for (int c = 0; c < kCorruptions; ++c) {
    CorruptionAccuracy row{.corruption = static_cast<Corruption>(c)};
    const std::string_view name = corruption_name(row.corruption);
    if (!corruptions.has(name)) continue;
    const std::vector<double> accuracy = corruptions[name].numbers(kCorruptionStrengths);
    std::ranges::copy(accuracy, row.accuracy.begin());
    for (const double each : accuracy) row.mean += each / kCorruptionStrengths;
    rows.push_back(row);
  }
  return rows;
}

std::vector<FgsmPoint> fgsm_of_json(const JsonValue& list) {
  std::vector<FgsmPoint> points;
  for (const JsonValue& point : list.list()) {
    points.push_back({.epsilon = point["epsilon"].number(),
                      .accuracy = point["accuracy"].number(),
                      .random_accuracy = point["random_accuracy"].number()});
  }
  return points;
}

}  // namespace

nlohmann::json robustness_json(const Robustness& r) {
  nlohmann::json corruptions = nlohmann::json::object(), fgsm = nlohmann::json::array();
  for (const CorruptionAccuracy& row : r.corruptions) {
    corruptions[std::string(corruption_name(row.corruption))] = row.accuracy;
  }
  for (const FgsmPoint& point : r.fgsm) {
    fgsm.push_back({{"epsilon", point.epsilon},
                    {"accuracy", point.accuracy},
                    {"random_accuracy", point.random_accuracy}});
  }
  return {{"style", "MNIST-C-style"},
          {"n", r.n},
          {"of", r.of},
          {"seed", r.seed},
          {"clean", r.clean},
          {"clean_ci95", interval_json(r.clean_ci95)},
          {"mean_corrupted", r.mean_corrupted},
          {"corruptions", corruptions},
          {"rotation", sweep_json(r.rotation)},
          {"shift_x", sweep_json(r.shift_x)},
          {"shift_y", sweep_json(r.shift_y)},
          {"scale", sweep_json(r.scale)},
          {"fgsm", fgsm},
          {"seconds", r.seconds}};
}

Robustness robustness_of_json(const JsonValue& json) {
  return {.n = json["n"].integer(0),
          .of = json["of"].integer(0),
          .seed = narrow<uint64_t>(json["seed"].integer(0)),
          .clean = json["clean"].number(),
          .clean_ci95 = interval_of_json(json["clean_ci95"]),
          .corruptions = corruptions_of_json(json["corruptions"]),
          .mean_corrupted = json["mean_corrupted"].number(),
          .rotation = sweep_of_json(json["rotation"]),
          .shift_x = sweep_of_json(json["shift_x"]),
          .shift_y = sweep_of_json(json["shift_y"]),
          .scale = sweep_of_json(json["scale"]),
          .fgsm = fgsm_of_json(json["fgsm"]),
          .seconds = json["seconds"].number()};
}

}  // namespace inkling
