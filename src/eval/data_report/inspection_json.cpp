#include "eval/data_report/inspection_json.h"

#include <algorithm>
#include <span>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSplitNames[] = {"train", "test"};

template <typename List>
auto listed(const List& list) {
  return std::span(list).first(std::min(list.size(), kMaxListed));
}

Json indices_json(const std::vector<uint32_t>& indices) {
  Json list = Json::array();
  for (const uint32_t index : listed(indices)) list.push_back(index);
  return list;
}

// [{train, test, distance}] across the splits, [{first, second, distance}] inside one.
Json twins_json(const std::vector<TwinImages>& twins, uint32_t first_set, uint32_t second_set,
                bool with_distance) {
  Json list = Json::array();
  for (const TwinImages& twin : twins) {
    if (twin.first.set != first_set || twin.second.set != second_set) continue;
    if (list.size() == kMaxListed) break;
    const bool across = first_set != second_set;
    Json pair = {{across ? "train" : "first", twin.first.index},
                 {across ? "test" : "second", twin.second.index}};
    if (with_distance) pair["distance"] = twin.distance;
    list.push_back(pair);
  }
  return list;
}

Json split_json(const Inspection& all, uint32_t set) {
  const SplitQuality& quality = (set == 0 ? all.train : all.test).quality;
  const TwinCounts exact = count_twins(all.duplicates);
  return {{"n", quality.n},
          {"per_class", quality.per_class},
          {"mean", quality.pixels.mean},
          {"sd", quality.pixels.sd},
          {"blank", quality.blank.size()},
          {"saturated", quality.saturated.size()},
          {"off_centre", quality.off_centre.size()},
          {"duplicates", set == 0 ? exact.in_train : exact.in_test},
          {"blank_indices", indices_json(quality.blank)},
          {"saturated_indices", indices_json(quality.saturated)},
          {"off_centre_indices", indices_json(quality.off_centre)},
          {"duplicate_pairs", twins_json(all.duplicates, set, set, false)},
          {"histogram", quality.histogram}};
}

Json test_json(const ChiSquareTest& test, const char* effect) {
  return {{"chi2", test.chi2},
          {"degrees_of_freedom", test.degrees_of_freedom},
          {"p", test.p},
          {effect, test.effect}};
}

Json drift_json(const Drift& drift) {
  Json shifts = Json::array();
  for (const MeanShift& shift : drift.shifts) {
    shifts.push_back({{"what", shift.what},
                      {"train", shift.first},
                      {"other", shift.second},
                      {"d", shift.d},
                      {"p", shift.p}});
  }
  return {{"labels", test_json(drift.labels, "v")},
          {"shifts", shifts},
          {"mean_image_d", drift.mean_image_d},
          {"mean_image_ratio", drift.mean_image_ratio}};
}

Json suspects_json(const SplitInspection& split) {
  Json list = Json::array();
  if (!split.suspects) return list;
  for (const Suspect& suspect : listed(split.suspects->suspects)) {
    list.push_back({{"index", suspect.index},
                    {"given", suspect.given},
                    {"suggested", suspect.suggested},
                    {"score", suspect.score},
                    {"confident", suspect.confident}});
  }
  return list;
}

Json outliers_json(const Inspection& all) {
  Json list = Json::array();
  for (uint32_t set = 0; set < 2; ++set) {
    for (const Outlier& outlier : listed((set == 0 ? all.train : all.test).outliers)) {
      list.push_back({{"split", kSplitNames[set]},
                      {"index", outlier.index},
                      {"label", outlier.label},
                      {"z", outlier.z}});
    }
  }
  return list;
}

Severity severity_of_json(const JsonValue& json) {
  const std::string name = json.text();
  for (const Severity severity : {Severity::kInfo, Severity::kWarning, Severity::kError}) {
    if (severity_name(severity) == name) return severity;
  }
  throw input_error("{}: expected info, warning or error, found \"{}\"", json.where(), name);
}

}  // namespace

Json inspection_json(const Inspection& all) {
  Json findings = Json::array();
  for (const Finding& finding : find_faults(all)) {
    findings.push_back({{"severity", severity_name(finding.severity)},
                        {"what", finding.what},
                        {"advice", finding.advice}});
  }
  Json suspects = {{"train", suspects_json(all.train)}, {"test", suspects_json(all.test)}};
  return {{"dataset", all.dataset},
          {"image", {{"height", all.height}, {"width", all.width}, {"channels", all.channels}}},
          {"class_names", all.class_names},
          {"splits", {{"train", split_json(all, 0)}, {"test", split_json(all, 1)}}},
          {"cross_split_duplicates", twins_json(all.duplicates, 0, 1, false)},
          {"near_duplicates",
           {{"train", twins_json(all.near_duplicates, 0, 0, true)},
            {"test", twins_json(all.near_duplicates, 1, 1, true)},
            {"across", twins_json(all.near_duplicates, 0, 1, true)}}},
          {"balance", test_json(all.balance, "w")},
          {"drift",
           {{"test", drift_json(all.train_to_test)},
            {"validation", drift_json(all.train_to_validation)}}},
          {"suspects_looked_for", all.train.suspects.has_value()},
          {"suspects", suspects},
          {"outliers", outliers_json(all)},
          {"findings", findings},
          {"seconds", all.seconds}};
}

InspectionRecord read_inspection(const std::filesystem::path& path) {
  const nlohmann::json document = read_json_object(path);
  const JsonValue all(document, path.string());
  const JsonValue splits = all["splits"];
  InspectionRecord record{.dataset = all["dataset"].text(),
                          .train_images = splits["train"]["n"].integer(0),
                          .test_images = splits["test"]["n"].integer(0)};
  for (const JsonValue& finding : all["findings"].list()) {
    record.findings.push_back({.severity = severity_of_json(finding["severity"]),
                               .what = finding["what"].text(),
                               .advice = finding["advice"].text()});
  }
  return record;
}

}  // namespace inkling
