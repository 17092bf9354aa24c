#include "eval/compare/comparison_json.h"

#include <nlohmann/json.hpp>

#include "base/index.h"
#include "base/json.h"
#include "eval/metrics/metrics_json.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

nlohmann::json differing_json(const Comparison& comparison, const PairedDifference& pair) {
  const ComparedModel &first = comparison.models[pair.first],
                      &second = comparison.models[pair.second];
  nlohmann::json list = nlohmann::json::array();
  for (const uint32_t at : pair.differing) {
    list.push_back({{"index", first.predictions.indices[at]},
                    {"label", first.predictions.labels[at]},
                    {"answers", {first.prediction(at), second.prediction(at)}}});
  }
  return list;
}

ComparisonRecord::Run run_of_json(const JsonValue& run) {
  return {.name = run["run"].text(),
          .n = run["n"].integer(0),
          .accuracy = run["accuracy"].number(),
          .accuracy_ci95 = interval_of_json(run["accuracy_ci95"]),
          .parameters = narrow<size_t>(run["parameters"].integer(0)),
          .flops = run["flops"].number(),
          .train_seconds = run["train_seconds"].number_or_null(),
          .latency_us = run["latency_us"].number()};
}

ComparisonRecord::Pair pair_of_json(const JsonValue& pair) {
  return {.first = pair["first"].text(),
          .second = pair["second"].text(),
          .only_first_right = pair["only_first_right"].integer(0),
          .only_second_right = pair["only_second_right"].integer(0),
          .p_holm = pair[pair.has("p_holm") ? "p_holm" : "p"].number()};  // older files
}

}  // namespace

nlohmann::json comparison_json(const Comparison& comparison,
                               std::span<const std::string> class_names) {
  nlohmann::json runs = nlohmann::json::array();
  for (const ComparedModel& each : comparison.models) {
    nlohmann::json run = metrics_json(each.metrics, class_names);
    run["run"] = each.name;
    run["model"] = each.model;
    if (each.views > 1) run["tta"] = each.views;
    run["parameters"] = each.parameters;
    run["flops"] = each.flops;
    run["train_seconds"] = each.train_seconds ? nlohmann::json(*each.train_seconds) : nullptr;
    run["latency_us"] = each.latency_s * 1e6;
    run["images_per_second"] = each.metrics.n / each.predictions.seconds;
    runs.push_back(run);
  }
  nlohmann::json pairs = nlohmann::json::array();
  for (const PairedDifference& pair : comparison.pairs) {
    pairs.push_back({{"first", comparison.models[pair.first].name},
                     {"second", comparison.models[pair.second].name},
                     {"only_first_right", pair.only_first_right},
                     {"only_second_right", pair.only_second_right},
                     {"p", pair.p},
                     {"p_holm", pair.p_holm},
                     {"differing", differing_json(comparison, pair)}});
  }
  nlohmann::json document = {{"dataset", comparison.dataset},
                             {"split", comparison.split},
                             {"n", comparison.models.at(0).metrics.n},
                             {"runs", runs},
                             {"pairs", pairs}};
  if (comparison.aside) document["set_aside"] = set_aside_json(*comparison.aside);
  return document;
}

ComparisonRecord read_comparison(const std::filesystem::path& path) {
  const nlohmann::json document = read_json_object(path);
  const JsonValue all(document, path.string());
  ComparisonRecord record{
      .dataset = all["dataset"].text(), .split = all["split"].text(), .n = all["n"].integer(0)};
  if (all.has("set_aside")) record.aside = set_aside_of_json(all["set_aside"]);
  for (const JsonValue& run : all["runs"].list()) record.runs.push_back(run_of_json(run));
  for (const JsonValue& pair : all["pairs"].list()) record.pairs.push_back(pair_of_json(pair));
  return record;
}

}  // namespace inkling
