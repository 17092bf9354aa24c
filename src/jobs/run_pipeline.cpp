#include "jobs/run_pipeline.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/index.h"
#include "data/synth/synth.h"
#include "jobs/evaluation/compare_models.h"
#include "jobs/images/inspect_dataset.h"
#include "jobs/images/load_images.h"
#include "jobs/shipping/package_run.h"
#include "jobs/training/train_model.h"
#include "jobs/training/train_run.h"
#include "train/training_split.h"

namespace inkling {
namespace {

struct Candidate {
  std::string model, augment;
  int epochs, quick_epochs;
  double lr;
  const char* schedule;

  bool augmented() const { return augment != "none"; }
  std::string title() const { return augmented() ? model + " + " + augment : model; }
  std::string folder() const { return augmented() ? model + "-" + augment : model; }
};

// The baseline every network must beat, the network, and the same network on augmented images.
// Epochs and rates were chosen on the validation split (docs/journal.md).
const Candidate kCandidates[] = {
    {"logistic", "none", 20, 3, 2e-3, "linear"},
    {"cnn3", "none", 5, 2, 2e-3, "linear"},
    {"cnn3", "standard", 5, 2, 2e-3, "linear"},
};

struct Trained {
  TrainRequest request;
  TrainOutcome outcome;
};

// What the pipeline runs on. A dataset or folder that was named must be readable. Only if nothing
// was named and MNIST is neither on disk nor can be fetched, synthetic digits take its place.
Dataset find_training_data(const PipelineRequest& request, ThreadPool& pool,
                           JobObserver& observer) {
  const ImageSource named{.dataset = request.dataset.empty() ? "mnist" : request.dataset,
                          .data_dir = request.data_dir};
  if (!request.dataset.empty() || !request.data_dir.empty()) {
    return load_images(named, Split::kTrain, pool, observer);
  }
  const bool missing = is_missing("mnist", Split::kTrain);
  try {
    return load_images(named, Split::kTrain, pool, observer);
  } catch (const Error& error) {  // only what cannot be fetched is replaced
    if (!missing || error.kind() == ErrorKind::kInterrupted) throw;
    observer.note(fmt::format("no MNIST: {}", error.what()));
    return load_dataset(kSyntheticName, Split::kTrain, {}, &pool);
  }
}

Trained train_candidate(const Candidate& candidate, const PipelineRequest& request,
                        const Dataset& train, Engine& engine, JobObserver& observer) {
  Trained trained;
  Recipe& recipe = trained.request.recipe;
  recipe.model = candidate.model;
  recipe.augment = augmentation(candidate.augment);
  recipe.dataset = train.name;
  recipe.epochs = request.quick ? candidate.quick_epochs : candidate.epochs;
  recipe.lr = candidate.lr;
  recipe.schedule.name = candidate.schedule;
  recipe.seed = request.seed;
  recipe.limit = request.quick ? 12000 : 0;
  trained.request.out = request.out / candidate.folder();
  trained.outcome = train_run(trained.request, train, engine, observer);
  if (trained.outcome.result.interrupted) {
    throw Error(ErrorKind::kInterrupted, fmt::format("interrupted; what was learned is saved in {}",
                                                     trained.request.out.string()));
  }
  return trained;
}

}  // namespace

PipelineResult run_pipeline(const PipelineRequest& request, Engine& engine, JobObserver& observer) {
  PipelineResult result;
  const Dataset train = find_training_data(request, engine.pool(), observer);
  for (const Candidate& candidate : kCandidates) {
    expect_fit(find_architecture(candidate.model), train);  // before anything is written
  }
  result.synthetic = train.name == kSyntheticName;
  observer.training_images(train);
  const Dataset test = load_images({.dataset = train.name, .data_dir = request.data_dir},
                                   Split::kTest, engine.pool(), observer);
  result.test_images = test.size();
  result.inspection = inspect_dataset({.out = request.out / "data", .suspects = !request.quick},
                                      train, test, engine, observer);

  std::vector<Trained> trained;
  for (const Candidate& candidate : kCandidates) {
    trained.push_back(train_candidate(candidate, request, train, engine, observer));
    const auto& validation = trained.back().outcome.validation;
    result.models.push_back({.title = candidate.title(),
                             .val_accuracy = validation ? validation->metrics.accuracy : 0});
  }
  std::vector<EvaluatedModel> evaluated;
  evaluated.reserve(trained.size());
  for (const Trained& one : trained) {
    evaluated.push_back(
        {.name = one.request.out.string(),
         .model = *one.outcome.model,
         .train_seconds = one.outcome.result.train_seconds,
         .evaluated = evaluate_on_test(one.request.out, one.outcome, test, engine)});
  }
  result.comparison =
      compare_evaluated(std::move(evaluated), test, "test", {}, request.out, engine, observer);

  const auto best = std::ranges::max_element(result.models, {}, &PipelineModel::val_accuracy);
  result.best = narrow<size_t>(best - result.models.begin());
  Trained& chosen = trained[result.best];
  const SplitIndices cut = training_split(chosen.request.recipe, train);
  ReportMaterial material{.model = *chosen.outcome.model,
                          .dataset = test,
                          .split = "test",
                          .predictions = result.comparison.models[result.best].predictions,
                          .training = train,
                          .cut = cut,
                          .validation = {}};
  if (chosen.outcome.validation) {
    material.validation = std::move(chosen.outcome.validation->predictions);
  }
  result.report = write_report({.run = chosen.request.out, .data_dir = request.data_dir},
                               std::move(material), engine, observer);
  result.package = request.out / "package";
  package_run({.run = chosen.request.out.string(),
               .out = result.package,
               .title = chosen.outcome.model->net->name,
               .example = Picture{.width = test.width,
                                  .height = test.height,
                                  .channels = test.channels,
                                  .pixels = image_in_bytes(test, 0)}},
              engine, observer);
  return result;
}

}  // namespace inkling
