#include "eval/compare/comparison.h"

#include <algorithm>
#include <numeric>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "eval/metrics/metrics_json.h"
#include "stats/mcnemar.h"

namespace inkling {
namespace {

int prediction_of(const ComparedModel& compared, size_t at) {
  const auto width = static_cast<size_t>(compared.metrics.classes);
  return predicted_class(std::span(compared.predictions.probabilities).subspan(at * width, width));
}

PairedDifference difference_of(const std::vector<ComparedModel>& models, size_t first,
                               size_t second) {
  PairedDifference pair{.first = first, .second = second};
  const std::vector<uint8_t>& labels = models[first].predictions.labels;
  for (size_t i = 0; i < labels.size(); ++i) {
    const int a = prediction_of(models[first], i), b = prediction_of(models[second], i);
    if (a == b) continue;
    pair.differing.push_back(static_cast<uint32_t>(i));
    pair.only_first_right += a == labels[i] ? 1 : 0;
    pair.only_second_right += b == labels[i] ? 1 : 0;
  }
  pair.p = mcnemar_exact(pair.only_first_right, pair.only_second_right);
  return pair;
}

// Step down from the smallest p: the k-th of m is multiplied by m - k + 1 and never falls below
// the one before.
void adjust_by_holm(std::vector<PairedDifference>& pairs) {
  std::vector<size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return pairs[a].p < pairs[b].p; });
  double before = 0;
  for (size_t k = 0; k < order.size(); ++k) {
    const double adjusted = pairs[order[k]].p * static_cast<double>(order.size() - k);
    before = pairs[order[k]].p_holm = std::min(1.0, std::max(before, adjusted));
  }
}

nlohmann::json differing_json(const Comparison& comparison, const PairedDifference& pair) {
  const ComparedModel &first = comparison.models[pair.first],
                      &second = comparison.models[pair.second];
  nlohmann::json list = nlohmann::json::array();
  for (const uint32_t at : pair.differing) {
    list.push_back({{"index", first.predictions.indices[at]},
                    {"label", first.predictions.labels[at]},
                    {"answers", {prediction_of(first, at), prediction_of(second, at)}}});
  }
  return list;
}

}  // namespace

Comparison compare(std::vector<ComparedModel> models, std::string dataset, std::string split,
                   std::optional<SetAside> aside) {
  for (const ComparedModel& each : models) {
    INKLING_CHECK(each.predictions.indices == models[0].predictions.indices);
    INKLING_CHECK(each.metrics.classes == models[0].metrics.classes);
  }
  Comparison comparison{.dataset = std::move(dataset),
                        .split = std::move(split),
                        .aside = std::move(aside),
                        .models = std::move(models),
                        .pairs = {}};
  for (size_t second = 1; second < comparison.models.size(); ++second) {
    for (size_t first = 0; first < second; ++first) {
      comparison.pairs.push_back(difference_of(comparison.models, first, second));
    }
  }
  std::sort(comparison.pairs.begin(), comparison.pairs.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  adjust_by_holm(comparison.pairs);
  return comparison;
}

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
    run["images_per_second"] = static_cast<double>(each.metrics.n) / each.predictions.seconds;
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

}  // namespace inkling
