#include "cli/inspection_job.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "cli/progress.h"
#include "data/quality/signature.h"
#include "eval/data_report/inspection_json.h"
#include "eval/predict.h"
#include "report/figures/data_figures.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/run/run_files.h"
#include "train/study/cross_validation.h"
#include "train/training_split.h"

namespace inkling {
namespace {

std::vector<std::string> conflicting_labels(const std::vector<TwinImages>& twins,
                                            std::array<const Dataset*, 2> sets) {
  constexpr std::array<const char*, 2> kNames = {"train", "test"};
  std::vector<std::string> conflicts;
  for (const TwinImages& twin : twins) {
    const Dataset &first = *sets[twin.first.set], &second = *sets[twin.second.set];
    const uint8_t label = first.labels[twin.first.index], other = second.labels[twin.second.index];
    if (label == other) continue;
    conflicts.push_back(fmt::format("{} {} is {}, {} {} is {}", kNames[twin.first.set],
                                    twin.first.index, first.class_names[label],
                                    kNames[twin.second.set], twin.second.index,
                                    second.class_names[other]));
  }
  return conflicts;
}

// Copies of a blank image say nothing that its being blank does not.
void drop_blank(std::vector<TwinImages>& twins, const Inspection& all) {
  std::erase_if(twins, [&](const TwinImages& twin) {
    const std::vector<uint32_t>& blank =
        (twin.second.set == 0 ? all.train : all.test).quality.blank;
    return std::binary_search(blank.begin(), blank.end(), twin.second.index);
  });
}

void measure(const Dataset& train, const Dataset& test, StageDisplay& display, Inspection& all) {
  display.stage("looking at every image");
  const std::array<const Dataset*, 2> sets = {&train, &test};
  const uint8_t background = background_of(sets);
  all.train.quality = measure_quality(train, background);
  all.test.quality = measure_quality(test, background);
  all.train.outliers = find_outliers(train, all.train.quality.blank, background);
  all.test.outliers = find_outliers(test, all.test.quality.blank, background);
  all.balance = balance_test(all.train.quality.per_class);
  all.train_to_test =
      measure_drift(train, all_indices(train.size()), test, all_indices(test.size()), background);
  const SplitIndices cut = training_split(Recipe(), train);
  if (!cut.train.empty() && !cut.validation.empty()) {
    all.train_to_validation = measure_drift(train, cut.train, train, cut.validation, background);
  }

  display.stage("looking for copies");
  const std::vector<TwinImages> copies = find_duplicates(sets);
  all.near_duplicates = find_near_duplicates(sets, copies);
  all.duplicates = copies;
  drop_blank(all.duplicates, all);
  drop_blank(all.near_duplicates, all);
  all.conflicts = conflicting_labels(all.duplicates, sets);
}

void look_for_suspects(const Dataset& train, const Dataset& test, Engine& engine,
                       StageDisplay& display, Inspection& all) {
  const CrossValidationOptions options;
  const std::string what = fmt::format(
      "looking for wrong labels: {} small networks, each judging "
      "images it has not seen",
      options.folds);
  display.stage(what);
  const CrossValidation evaluated = cross_validate(
      train, &test, options, engine,
      [&](const CrossValidationProgress& progress) { display.fraction(what, progress.fraction); });
  all.train.suspects = find_suspects(evaluated.train, train.labels, train.classes);
  all.test.suspects = find_suspects(evaluated.held_out, test.labels, test.classes);
}

std::string first_indices(const std::vector<Suspect>& suspects) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(suspects.size(), 5); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", suspects[i].index);
  }
  return text;
}

}  // namespace

Inspection run_inspection(const InspectionJob& job, const Dataset& train, const Dataset& test,
                          Engine& engine) {
  if (train.image_bytes() != test.image_bytes() || train.width != test.width) {
    throw input_error(
        "{}: expected splits of one image size, found {}x{} in training, {}x{} in test", train.name,
        train.height, train.width, test.height, test.width);
  }
  const Stopwatch watch;
  make_folder(job.out);
  Inspection all;
  all.dataset = train.name;
  all.height = train.height;
  all.width = train.width;
  all.channels = train.channels;
  all.class_names = train.class_names;
  {
    StageDisplay display;
    measure(train, test, display, all);
    if (job.suspects) look_for_suspects(train, test, engine, display, all);
    display.stage("drawing");
    all.seconds = watch.seconds();
    write_json(job.out / kInspectionFile, inspection_json(all));
    FigureSheet sheet(job.out / kFiguresFolder);
    add_data_figures({train, test}, all, engine, sheet);
    warn(sheet.draw());
  }
  return all;
}

void print_inspection(const Inspection& all) {
  fmt::print("{}: images of {}x{}x{}, {} classes\n\n", all.dataset, all.height, all.width,
             all.channels, all.class_names.size());
  const TwinCounts exact = count_twins(all.duplicates);
  fmt::print("{:<10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>10} {:>11} {:>9} {:>9}\n", "split", "images",
             "mean", "sd", "blank", "satur.", "off centre", "duplicates", "outliers", "suspects");
  for (const bool is_train : {true, false}) {
    const SplitInspection& split = is_train ? all.train : all.test;
    const SplitQuality& q = split.quality;
    fmt::print("{:<10} {:>8} {:>8.4f} {:>8.4f} {:>8} {:>8} {:>10} {:>11} {:>9} {:>9}\n",
               is_train ? "train" : "test", grouped(static_cast<size_t>(q.n)), q.pixels.mean,
               q.pixels.sd, q.blank.size(), q.saturated.size(), q.off_centre.size(),
               is_train ? exact.in_train : exact.in_test, split.outliers.size(),
               split.suspects ? std::to_string(split.suspects->confident) : "-");
  }
  fmt::print("\n{:<16} {:>8} {:>8}\n", "class", "train", "test");
  for (size_t c = 0; c < all.class_names.size(); ++c) {
    fmt::print("{:<16} {:>8} {:>8}\n", all.class_names[c],
               grouped(static_cast<size_t>(all.train.quality.per_class[c])),
               grouped(static_cast<size_t>(all.test.quality.per_class[c])));
  }
  for (const bool is_train : {true, false}) {
    const SplitInspection& split = is_train ? all.train : all.test;
    if (!split.suspects || split.suspects->suspects.empty()) continue;
    fmt::print("{}surest suspects, {}: {}\n", is_train ? "\n" : "", is_train ? "train" : "test",
               first_indices(split.suspects->suspects));
  }
  fmt::print("\n");
  print_findings(all);
}

void print_findings(const Inspection& all) {
  const std::vector<Finding> findings = find_faults(all);
  fmt::print("{} finding{}\n", findings.size(), findings.size() == 1 ? "" : "s");
  for (const Finding& finding : findings) {
    fmt::print("  {:<8} {}\n           -> {}\n", severity_name(finding.severity), finding.what,
               finding.advice);
  }
}

}  // namespace inkling
