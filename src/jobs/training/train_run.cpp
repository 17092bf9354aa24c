#include "jobs/training/train_run.h"

#include <fmt/core.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "eval/predict.h"
#include "jobs/images/load_images.h"
#include "jobs/training/train_model.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/recipe/recipe_fields.h"
#include "train/recipe/recipe_file.h"
#include "train/run/metrics_file.h"
#include "train/run/run_folder.h"
#include "train/training_split.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// As the run folder records it: `auto` becomes what this machine chose.
Recipe resolved(Recipe recipe, Engine& engine) {
  recipe.isa = engine.kernels().name;
  recipe.precision = engine.precision();
  return recipe;
}

void restore(Trainer& trainer, const Checkpoint& checkpoint, const fs::path& file) {
  try {
    trainer.restore(checkpoint);
  } catch (const Error& error) {  // the trainer knows no files
    throw Error(error.kind(), fmt::format("{}: {}", file.string(), error.what()));
  }
}

// The folder to train into; if asked to resume, `trainer` is restored from its checkpoint.
RunFolder begin_run(const TrainRequest& request, const Recipe& recipe, Engine& engine,
                    Trainer& trainer, JobObserver& observer) {
  const bool resumes = request.resume && RunFolder::state(request.out) != RunFolder::State::kNone;
  if (!resumes) {
    const bool unfinished = RunFolder::state(request.out) == RunFolder::State::kUnfinished;
    RunFolder run = RunFolder::create(request.out);
    if (unfinished) {
      observer.note(
          fmt::format("{} held an unfinished run; it starts over (--resume continues one)",
                      request.out.string()));
    }
    run.write_recipe(recipe_toml(recipe, engine.kernels().name, engine.precision()));
    return run;
  }
  RunFolder run = RunFolder::reopen(request.out);
  const std::optional<Checkpoint> checkpoint = run.checkpoint();
  if (checkpoint) restore(trainer, *checkpoint, run.files().checkpoint());
  clear_results(request.out);  // of the weights so far
  run.write_history(checkpoint ? checkpoint->history : std::vector<EpochRecord>());
  observer.note(fmt::format("{}: resuming after epoch {} of {}", request.out.string(),
                            trainer.epochs_done(), recipe.epochs));
  return run;
}

// The files of an epoch, in an order that leaves a folder to resume wherever the process dies: a
// model ahead of the checkpoint is written again, a history behind it is completed.
void save_epoch(const RunFolder& run, const Recipe& recipe, const Trainer& trainer, Model& kept) {
  const int epoch = trainer.epochs_done();
  if (recipe.checkpoint_every == 0 || epoch % recipe.checkpoint_every != 0) return;
  try {
    std::ranges::copy(trainer.kept_weights(), kept.parameters.all().begin());
    run.save(kept);
    run.save(trainer.checkpoint());
  } catch (const Error& error) {
    throw system_error(
        "{}\nany checkpoint before epoch {} is intact: make room and continue with --resume",
        error.what(), epoch);
  }
}

TrainingObserver training_observer(const std::string& network, const RunFolder& run,
                                   const Recipe& recipe, Model& kept, JobObserver& observer,
                                   Progress& told) {
  return {.now = [watch = Stopwatch()] { return watch.seconds(); },
          .stop = [&] { return observer.cancelled(); },
          .progress = [&](const TrainingProgress& progress) { told.training(network, progress); },
          .between_epochs = [&](const Trainer& trainer) { save_epoch(run, recipe, trainer, kept); },
          .epoch =
              [&](const EpochRecord& record) {
                run.add_epoch(record);
                observer.epoch(network, record);
              }};
}

}  // namespace

Dataset training_images(const Recipe& recipe, const ImageSource& images, const Architecture& net,
                        ThreadPool& pool, JobObserver& observer) {
  if (recipe.init.empty() || images.pictures.empty()) {
    return load_images(images, Split::kTrain, net, pool, observer);
  }
  return load_images(images, Split::kTrain, pictures_for(find_model(recipe.init, "--init").model),
                     pool, observer);
}

TrainOutcome train_run(const TrainRequest& request, const Dataset& train, Engine& engine,
                       JobObserver& observer) {
  const Recipe recipe = resolved(request.recipe, engine);
  TrainOutcome outcome;
  if (request.resume && RunFolder::state(request.out) != RunFolder::State::kNone) {
    const Recipe there = read_recipe(RunFiles{request.out}.recipe()).recipe;
    if (const std::string difference = first_difference(recipe, there); !difference.empty()) {
      throw usage_error("--resume: the run in {} has a different recipe: {}", request.out.string(),
                        difference);
    }
    outcome.finished_before = RunFolder::state(request.out) == RunFolder::State::kFinished;
    if (outcome.finished_before) return outcome;
  }
  const SplitIndices split = training_split(recipe, train);
  Model& model = outcome.model.emplace(first_model(recipe, train, split));
  const std::optional<Model> teacher = teacher_of(recipe);
  Trainer trainer(recipe, model, train, split, engine, teacher ? &*teacher : nullptr);
  Model kept(*model.net, model.normalisation);  // as saved between epochs
  kept.class_names = model.class_names;
  kept.notes = model.notes;

  const RunFolder run = begin_run(request, recipe, engine, trainer, observer);
  {
    Progress told(observer);
    outcome.result =
        trainer.run(training_observer(model.net->name, run, recipe, kept, observer, told));
  }
  run.save(model);
  nlohmann::json document;
  if (split.validation.empty()) {
    document = unevaluated_document(model, recipe.data_name());
  } else {
    const Stopwatch watch;
    outcome.validation = evaluate_split(model, train, split.validation, engine);
    document = metrics_document(outcome.validation->metrics, model, recipe.data_name(),
                                "validation", watch.seconds());
  }
  add_training(document, outcome.result);
  run.write_metrics(document, false);
  return outcome;
}

EvaluatedSplit evaluate_split(const Model& model, const Dataset& dataset,
                              std::span<const uint32_t> indices, Engine& engine) {
  EvaluatedSplit evaluated{.predictions = predictions_of(model, dataset, indices, engine),
                           .metrics = {}};
  evaluated.metrics =
      compute_metrics(evaluated.predictions.probabilities, evaluated.predictions.labels,
                      model.net->classes, model.refuses());
  return evaluated;
}

EvaluatedSplit evaluate_on_test(const fs::path& run, const TrainOutcome& outcome,
                                const Dataset& test, Engine& engine) {
  if (!outcome.model) {
    const TrainOutcome before{.model = load_model(model_file_of(run.string()))};
    return evaluate_on_test(run, before, test, engine);
  }
  const Model& model = *outcome.model;
  const Stopwatch watch;
  EvaluatedSplit evaluated = evaluate_split(model, test, all_indices(test.size()), engine);
  write_json(RunFiles{run}.test_metrics(),
             metrics_document(evaluated.metrics, model, test.name, "test", watch.seconds()));
  return evaluated;
}

bool was_evaluated_on_test(const fs::path& run) { return fs::exists(RunFiles{run}.test_metrics()); }

}  // namespace inkling
