#include "jobs/training/train_model.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "data/pixel_statistics.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "nn/architecture/zoo.h"
#include "recognize/find_digit.h"
#include "store/default_reader.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "train/recipe/recipe_fields.h"
#include "train/recipe/recipe_toml.h"
#include "train/training_split.h"

namespace inkling {

namespace fs = std::filesystem;

Architecture find_architecture(const std::string& model) {
  std::error_code code;
  const bool built_in =
      std::ranges::any_of(zoo(), [&](const ZooEntry& entry) { return entry.name == model; });
  if (built_in) return zoo_architecture(model);  // also where a folder has its name
  if (model.ends_with(".safetensors") || fs::is_directory(model, code)) {
    return Architecture(*load_model(model_file_of(model)).net);
  }
  const bool is_file = model.ends_with(".toml") || model.find('/') != std::string::npos;
  return is_file ? parse_architecture(read_text_file(model), model) : zoo_architecture(model);
}

Architecture architecture_of(const Recipe& recipe) {
  if (recipe.model == kBuiltInReader && names_built_in_reader(recipe.init)) {
    return Architecture(*default_reader().net);
  }
  return find_architecture(recipe.model);
}

Recipe recipe_for_images(std::string_view toml) {
  Recipe recipe = parse_recipe(toml, "recipe").recipe;
  check_recipe(recipe);
  recipe.dataset = recipe.images = recipe.labels = recipe.pictures = "";
  return recipe;
}

Model first_model(const Recipe& recipe, const Dataset& train, const SplitIndices& split) {
  Architecture net = architecture_of(recipe);
  expect_fit(net, train);
  const auto made = [&](const Normalisation& normalisation) {
    Model model(std::move(net), normalisation);
    model.class_names = train.class_names;
    // A network may have more classes than this dataset.
    for (int c = train.classes; c < model.net->classes; ++c) {
      model.class_names.push_back(std::to_string(c));
    }
    for (const auto& [key, value] : {std::pair{"dataset", recipe.dataset},
                                     {"images", recipe.images},
                                     {"labels", recipe.labels},
                                     {"pictures", recipe.pictures}}) {
      if (!value.empty()) model.notes[key] = value;
    }
    model.read_ink(holds_normalised_digits(train));
    if (model.class_names.back() == kRejectClass) model.refuse_by_last_class();
    model.predict_by_views(recipe.tta);
    if (!recipe.distil.teacher.empty()) model.notes["teacher"] = recipe.distil.teacher;
    return model;
  };
  if (recipe.init.empty()) {
    Model model = made(normalisation_of(pixel_statistics(train, split.train)));
    model.parameters.initialise(recipe.seed);
    return model;
  }
  const auto [init, file] = find_model(recipe.init, "--init");
  Model model = made(init.normalisation);
  take_weights(init, file.string(), model);
  model.notes["init"] = recipe.init;
  if (!recipe.pictures.empty()) model.read_ink(init.reads_ink());  // as its pictures were
  return model;
}

std::optional<Model> teacher_of(const Recipe& recipe) {
  if (recipe.distil.teacher.empty()) return std::nullopt;
  return find_model(recipe.distil.teacher, "--distil-teacher").model;
}

TrainedModel train_model(const Recipe& recipe, const Dataset& train, Engine& engine,
                         JobObserver& observer) {
  const SplitIndices split = training_split(recipe, train);
  TrainedModel trained{.model = first_model(recipe, train, split), .result = {}};
  const std::optional<Model> teacher = teacher_of(recipe);
  Trainer trainer(recipe, trained.model, train, split, engine, teacher ? &*teacher : nullptr);
  const std::string network = trained.model.net->name;
  Progress told(observer);
  trained.result = trainer.run(
      {.now = [watch = Stopwatch()] { return watch.seconds(); },
       .stop = [&] { return observer.cancelled(); },
       .progress = [&](const TrainingProgress& progress) { told.training(network, progress); },
       .between_epochs = {},
       .epoch = [&](const EpochRecord& record) { observer.epoch(network, record); }});
  return trained;
}

}  // namespace inkling
