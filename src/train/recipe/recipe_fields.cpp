#include "train/recipe/recipe_fields.h"

#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "base/index.h"
#include "base/numbers.h"
#include "base/suggest.h"

namespace inkling {
namespace {

constexpr double kMost = 100000;     // epochs; bounded only so that products do not overflow
constexpr double kAnySeed = 0x1p63;  // int64_t holds none as large

std::vector<std::string_view> list(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

std::vector<RecipeField> make_fields() {
  using R = Recipe;
  std::vector<RecipeField> fields = {
      {.path = "model",
       .place = +[](R& r) -> std::string& { return r.model; },
       .help = "name from `inkling models`, a network file (.toml), or a trained model's network"},
      {.path = "init",
       .place = +[](R& r) -> std::string& { return r.init; },
       .help = "run folder or model file with the weights to start from (fine-tuning), or reader, "
               "the built-in one"},
      {.path = "dataset",
       .place = +[](R& r) -> std::string& { return r.dataset; },
       .help = "dataset, looked up as --data-dir says; a known one is downloaded if missing"},
      {.path = "images",
       .place = +[](R& r) -> std::string& { return r.images; },
       .help = "IDX file of images, instead of a dataset"},
      {.path = "labels",
       .place = +[](R& r) -> std::string& { return r.labels; },
       .help = "IDX file of their labels; a classes.txt beside it is read too"},
      {.path = "pictures",
       .place = +[](R& r) -> std::string& { return r.pictures; },
       .help = "folder of pictures, one subfolder per class; resized for the network"},
      {.path = "limit",
       .place = +[](R& r) -> int& { return r.limit; },
       .high = 1e8,
       .unit = "images",
       .help = "train on only this many, drawn in proportion to the classes; 0: all"},
      {.path = "val_fraction",
       .place = +[](R& r) -> double& { return r.val_fraction; },
       .high = 0.9,
       .help = "fraction of the training images kept for validation; 0: none"},
      {.path = "epochs",
       .place = +[](R& r) -> int& { return r.epochs; },
       .low = 1,
       .high = kMost,
       .unit = "epochs",
       .help = "passes over the training images"},
      {.path = "batch",
       .place = +[](R& r) -> int& { return r.batch; },
       .low = 1,
       .high = 65536,
       .unit = "images",
       .help = "images per step"},
      {.path = "lr",
       .place = +[](R& r) -> double& { return r.lr; },
       .high = 1000,
       .above_low = true,
       .help = "peak learning rate"},
      {.path = "seed",
       .place = +[](R& r) -> uint64_t& { return r.seed; },
       .high = kAnySeed,
       .help = "for initialisation, order, augmentation, dropout and validation split"},
      {.path = "val_metric",
       .place = +[](R& r) -> std::string& { return r.val_metric; },
       .choices = {"accuracy", "loss", "macro-f1"},
       .help = "metric that picks the best epoch and that patience waits for"},
      {.path = "keep",
       .place = +[](R& r) -> std::string& { return r.keep; },
       .choices = {"best", "last"},
       .help = "which epoch's weights to keep; the last if there are no validation images"},
      {.path = "patience",
       .place = +[](R& r) -> int& { return r.patience; },
       .high = kMost,
       .unit = "epochs",
       .help = "stop after this many without improvement; 0: never"},
      {.path = "checkpoint_every",
       .place = +[](R& r) -> int& { return r.checkpoint_every; },
       .high = kMost,
       .unit = "epochs",
       .help = "between checkpoints, from which --resume continues; 0: none"},
      {.path = "label_smoothing",
       .place = +[](R& r) -> double& { return r.label_smoothing; },
       .high = 0.99,
       .help = "fraction of the target spread over all classes"},
      {.path = "ema",
       .place = +[](R& r) -> double& { return r.ema; },
       .high = 0.999999,
       .help = "decay per step of a moving average of the weights, which is evaluated and kept "
               "instead of them; 0: none"},
      {.path = "tta",
       .place = +[](R& r) -> bool& { return r.tta; },
       .help = "the trained model predicts the mean over 9 views of each image, everywhere except "
               "between epochs"},
      {.path = "isa",
       .place = +[](R& r) -> std::string& { return r.isa; },
       .help =
           "best instruction set to use, one that `inkling info` lists; auto: the best available"},
      {.path = "precision",
       .place = +[](R& r) -> std::string& { return r.precision; },
       .choices = {"auto", "f32", "bf16"},
       .help = "operands of matrix products; auto: bf16 if the CPU is faster in it, else f32"},
      {.path = "optimiser.name",
       .place = +[](R& r) -> std::string& { return r.optimiser.name; },
       .choices = list(optimiser_names()),
       .help = "how gradients update weights; muon updates matrices, AdamW the rest"},
      {.path = "optimiser.momentum",
       .place = +[](R& r) -> double& { return r.optimiser.momentum; },
       .high = 0.9999,
       .help = "sgd, muon: fraction of the velocity that is kept"},
      {.path = "optimiser.nesterov",
       .place = +[](R& r) -> bool& { return r.optimiser.nesterov; },
       .help = "sgd, muon: look ahead along the velocity"},
      {.path = "optimiser.beta1",
       .place = +[](R& r) -> double& { return r.optimiser.beta1; },
       .high = 0.9999,
       .help = "adam, adamw: decay of the mean gradient"},
      {.path = "optimiser.beta2",
       .place = +[](R& r) -> double& { return r.optimiser.beta2; },
       .high = 0.999999,
       .help = "adam, adamw: decay of the mean square"},
      {.path = "optimiser.epsilon",
       .place = +[](R& r) -> double& { return r.optimiser.epsilon; },
       .high = 1,
       .above_low = true,
       .help = "adam, adamw: added to the root of the mean square"},
      {.path = "optimiser.weight_decay",
       .place = +[](R& r) -> double& { return r.optimiser.weight_decay; },
       .high = 100,
       .help = "for convolution and dense weights only; adamw, muon: decoupled, sgd, adam: L2"},
      {.path = "optimiser.adam_share",
       .place = +[](R& r) -> double& { return r.optimiser.adam_share; },
       .high = 100,
       .help = "muon: fraction of lr for biases, batch norm and the logit layers"},
      {.path = "optimiser.clip",
       .place = +[](R& r) -> double& { return r.optimiser.clip; },
       .high = 1e9,
       .help = "largest norm of the whole gradient; 0: no limit"},
      {.path = "schedule.name",
       .place = +[](R& r) -> std::string& { return r.schedule.name; },
       .choices = list(schedule_names()),
       .help = "how the learning rate changes; linear and cosine fall to 0"},
      {.path = "schedule.warmup",
       .place = +[](R& r) -> double& { return r.schedule.warmup; },
       .high = kMost,
       .unit = "epochs",
       .help = "of linear increase before any schedule"},
      {.path = "schedule.every",
       .place = +[](R& r) -> double& { return r.schedule.every; },
       .high = kMost,
       .above_low = true,
       .unit = "epochs",
       .help = "step: between drops"},
      {.path = "schedule.gamma",
       .place = +[](R& r) -> double& { return r.schedule.gamma; },
       .high = 1,
       .above_low = true,
       .help = "step: factor per drop; exponential: factor per epoch"},
      {.path = "schedule.rise",
       .place = +[](R& r) -> double& { return r.schedule.rise; },
       .high = 0.99,
       .above_low = true,
       .help = "one-cycle: fraction of the training spent rising"},
      {.path = "schedule.start",
       .place = +[](R& r) -> double& { return r.schedule.start; },
       .high = 1,
       .above_low = true,
       .help = "one-cycle: fraction of the peak it starts at"},
      {.path = "distil.teacher",
       .place = +[](R& r) -> std::string& { return r.distil.teacher; },
       .help = "run folder or model file of the teacher, which may be an ensemble"},
      {.path = "distil.share",
       .place = +[](R& r) -> double& { return r.distil.fraction; },
       .high = 1,
       .help = "fraction of the loss that comes from the teacher; the rest comes from the labels"},
      {.path = "distil.temperature",
       .place = +[](R& r) -> double& { return r.distil.temperature; },
       .high = 100,
       .above_low = true,
       .help = "divides both networks' logits in the teacher's part of the loss"},
      {.path = "augment.preset",
       .place = PresetOfAugmentation{},
       .choices = list(augment_preset_names()),
       .help = "how much training images are changed; sets every field of the section"},
  };
  for (const AugmentField& range : augment_fields()) {
    fields.push_back({.path = fmt::format("augment.{}", range.name),
                      .place = range.value,
                      .low = range.least,
                      .high = range.greatest,
                      .unit = std::string(range.unit),
                      .help = std::string(range.help)});
  }
  return fields;
}

// Calls the visitor with a reference to the field's value.
template <typename Visitor>
auto visit_place(Recipe& recipe, const RecipeField& field, Visitor visitor) {
  if (std::holds_alternative<PresetOfAugmentation>(field.place)) {
    return visitor(recipe.augment.preset);
  }
  if (const auto* range = std::get_if<double AugmentOptions::*>(&field.place)) {
    return visitor(recipe.augment.ranges.**range);
  }
  return std::visit(
      [&](auto place) {
        if constexpr (std::is_invocable_v<decltype(place), Recipe&>) {
          return visitor(place(recipe));
        } else {
          return visitor(recipe.model);  // handled above
        }
      },
      field.place);
}

std::string expected(const RecipeField& field) {
  Recipe any;
  return visit_place(any, field, [&](auto& value) -> std::string {
    using T = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<T, std::string>) {
      return field.choices.empty() ? "a text"
                                   : fmt::format("one of {}", fmt::join(field.choices, ", "));
    } else if constexpr (std::is_same_v<T, bool>) {
      return "true or false";
    } else if constexpr (std::is_same_v<T, double>) {
      return fmt::format("a number {} {} and at most {}", field.above_low ? "above" : "from",
                         field.low, field.high);
    } else if constexpr (std::is_same_v<T, uint64_t>) {
      return "a whole number from 0";
    } else {
      return fmt::format("a whole number from {} to {}", field.low, field.high);
    }
  });
}

bool in_range(const RecipeField& field, double value) {
  return (field.above_low ? value > field.low : value >= field.low) && value <= field.high;
}

}  // namespace

std::span<const RecipeField> recipe_fields() {
  static const std::vector<RecipeField> kFields = make_fields();
  return kFields;
}

const RecipeField* find_recipe_field(std::string_view path) {
  for (const RecipeField& field : recipe_fields()) {
    if (field.path == path) return &field;
  }
  return nullptr;
}

std::string nearest_field(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('.') + 1);
  std::vector<std::string_view> known;
  for (const RecipeField& field : recipe_fields()) {
    // The right name in the wrong section is the nearest.
    if (std::string_view(field.path).ends_with(fmt::format(".{}", name))) {
      return fmt::format(" (did you mean \"{}\"?)", field.path);
    }
    known.emplace_back(field.path);
  }
  return did_you_mean(path, known);
}

std::string option_of(const RecipeField& field) {
  std::string option = fmt::format("--{}", field.path);
  for (const std::string_view end : {".name", ".preset"}) {
    if (option.ends_with(end)) option.resize(option.size() - end.size());
  }
  std::ranges::replace(option, '.', '-');
  std::ranges::replace(option, '_', '-');
  return option;
}

std::string type_of(const RecipeField& field) {
  if (!field.choices.empty()) return fmt::format("{}", fmt::join(field.choices, "|"));
  Recipe any;
  return visit_place(any, field, [](auto& value) -> std::string {
    using T = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<T, std::string>) return "TEXT";
    if constexpr (std::is_same_v<T, bool>) return "true|false";
    return std::is_same_v<T, double> ? "X" : "N";
  });
}

std::string range_of(const RecipeField& field) {
  if (!field.choices.empty()) return fmt::format("{}", fmt::join(field.choices, ", "));
  if (type_of(field) != "X" && type_of(field) != "N") return "";
  if (std::holds_alternative<uint64_t& (*)(Recipe&)>(field.place)) return "from 0";
  return field.above_low ? fmt::format("above {}, at most {}", field.low, field.high)
                         : fmt::format("{} to {}", field.low, field.high);
}

FieldValue value_of(const Recipe& recipe, const RecipeField& field) {
  // The visitor only reads.
  return visit_place(const_cast<Recipe&>(recipe), field, [](auto& value) -> FieldValue {
    using T = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<T, int> || std::is_same_v<T, uint64_t>) {
      return static_cast<int64_t>(value);
    } else {
      return value;
    }
  });
}

std::string show_value(const FieldValue& value) {
  if (const double* real = std::get_if<double>(&value)) {
    const std::string text = fmt::format("{}", *real);  // the shortest that reads back
    return text.find_first_of(".e") == text.npos ? text + ".0" : text;
  }
  std::ostringstream text;
  std::visit([&](const auto& v) { text << toml::value{v}; }, value);
  return text.str();
}

void set_field(Recipe& recipe, const RecipeField& field, const FieldValue& value,
               std::string_view where, std::string_view found) {
  const bool fits = visit_place(recipe, field, [&](auto& target) {
    using T = std::decay_t<decltype(target)>;
    if constexpr (std::is_same_v<T, std::string>) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr || text->empty()) return false;
      if (!field.choices.empty() && std::ranges::find(field.choices, *text) == field.choices.end())
        return false;
      target = *text;
    } else if constexpr (std::is_same_v<T, bool>) {
      const auto* flag = std::get_if<bool>(&value);
      if (flag == nullptr) return false;
      target = *flag;
    } else {
      const auto* whole = std::get_if<int64_t>(&value);
      const auto* real = std::get_if<double>(&value);
      if (whole == nullptr && (real == nullptr || !std::is_same_v<T, double>)) return false;
      const double number = whole ? static_cast<double>(*whole) : *real;
      if (!in_range(field, number)) return false;
      if constexpr (std::is_same_v<T, double>) {
        target = number;
      } else {
        target = narrow<T>(*whole);
      }
    }
    return true;
  });
  if (!fits) {
    const auto* text = std::get_if<std::string>(&value);
    throw usage_error("{}: expected {}; found {}{}", where, expected(field), found,
                      text == nullptr ? "" : did_you_mean(*text, field.choices));
  }
  if (std::holds_alternative<PresetOfAugmentation>(field.place)) {
    recipe.augment = augmentation(recipe.augment.preset);
  }
}

void set_field_from_text(Recipe& recipe, const RecipeField& field, const std::string& text,
                         std::string_view where) {
  const std::string type = type_of(field), found = fmt::format("\"{}\"", text);
  FieldValue value = text;
  if (type == "N") {
    if (const auto number = parse_integer(text)) value = *number;
  } else if (type == "X") {
    if (const auto number = parse_real(text)) value = *number;
  } else if (text == "true" || text == "false") {
    if (type == "true|false") value = text == "true";
  }
  set_field(recipe, field, value, where, found);
}

std::string first_difference(const Recipe& here, const Recipe& there) {
  for (const RecipeField& field : recipe_fields()) {
    const FieldValue a = value_of(here, field), b = value_of(there, field);
    if (a != b) {
      return fmt::format("{}: {} here, {} there", field.path, show_value(a), show_value(b));
    }
  }
  return "";
}

void check_recipe(const Recipe& recipe) {
  if (recipe.images.empty() != recipe.labels.empty()) {
    throw usage_error("images and labels must be given together, found only one");
  }
  if (!recipe.dataset.empty() + !recipe.images.empty() + !recipe.pictures.empty() != 1) {
    throw usage_error("expected one of dataset, images with labels, and pictures; found several");
  }
  if (recipe.schedule.warmup >= recipe.epochs) {
    throw usage_error("schedule.warmup: expected less than epochs, {}; found {}", recipe.epochs,
                      recipe.schedule.warmup);
  }
  expect_augment_ranges(recipe.augment.ranges);
}

}  // namespace inkling
