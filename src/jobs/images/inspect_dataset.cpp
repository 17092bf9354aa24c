#include "jobs/images/inspect_dataset.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "data/quality/signature.h"
#include "eval/data_report/inspection_json.h"
#include "eval/predict.h"
#include "jobs/evaluation/draw_figures.h"
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

// Copies of a blank image add nothing to the fact that it is blank.
void drop_blank(std::vector<TwinImages>& twins, const Inspection& all) {
  std::erase_if(twins, [&](const TwinImages& twin) {
    const std::vector<uint32_t>& blank =
        (twin.second.set == 0 ? all.train : all.test).quality.blank;
    return std::binary_search(blank.begin(), blank.end(), twin.second.index);
  });
}

void measure_splits(const Dataset& train, const Dataset& test, JobObserver& observer,
                    Inspection& all) {
  const Stage stage(observer, "looking at every image");
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
}

void look_for_copies(const Dataset& train, const Dataset& test, JobObserver& observer,
                     Inspection& all) {
  const Stage stage(observer, "looking for copies");
  const std::array<const Dataset*, 2> sets = {&train, &test};
  const std::vector<TwinImages> copies = find_duplicates(sets);
  all.near_duplicates = find_near_duplicates(sets, copies);
  all.duplicates = copies;
  drop_blank(all.duplicates, all);
  drop_blank(all.near_duplicates, all);
  all.conflicts = conflicting_labels(all.duplicates, sets);
}

void look_for_suspects(const Dataset& train, const Dataset& test, Engine& engine,
                       JobObserver& observer, Inspection& all) {
  const CrossValidationOptions options;
  Stage stage(observer, fmt::format("looking for wrong labels: {} small networks, each "
                                    "predicting images it was not trained on",
                                    options.folds));
  const CrossValidation evaluated = cross_validate(
      train, &test, options, engine,
      [&](const CrossValidationProgress& progress) { stage.progress(progress.fraction); });
  all.train.suspects = find_suspects(evaluated.train, train.labels, train.classes);
  all.test.suspects = find_suspects(evaluated.held_out, test.labels, test.classes);
}

}  // namespace

Inspection inspect_dataset(const InspectRequest& request, const Dataset& train, const Dataset& test,
                           Engine& engine, JobObserver& observer) {
  if (train.image_size() != test.image_size() || train.width != test.width) {
    throw input_error(
        "{}: expected splits of one image size, found {}x{} in training, {}x{} in test", train.name,
        train.height, train.width, test.height, test.width);
  }
  const Stopwatch watch;
  make_folder(request.out);
  Inspection all;
  all.dataset = train.name;
  all.height = train.height;
  all.width = train.width;
  all.channels = train.channels;
  all.class_names = train.class_names;
  measure_splits(train, test, observer, all);
  look_for_copies(train, test, observer, all);
  if (request.suspects) look_for_suspects(train, test, engine, observer, all);
  {
    const Stage stage(observer, "drawing");
    all.seconds = watch.seconds();
    write_json(request.out / kInspectionFile, inspection_json(all));
    FigureSheet sheet(request.out / kFiguresFolder);
    add_data_figures({train, test}, all, engine, sheet);
    draw_figures(sheet, observer);
  }
  observer.inspected(all);
  return all;
}

}  // namespace inkling
