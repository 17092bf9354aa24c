#include "report/card/model_card.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include <kainjow/mustache.hpp>

#include "base/check.h"
#include "base/index.h"
#include "base/json.h"
#include "base/number_text.h"
#include "eval/predict.h"

namespace inkling {
namespace {

namespace mustache = kainjow::mustache;
using nlohmann::json;

// Text between Markdown's marks, in a table's cell too.
std::string markdown(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>|").find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

mustache::data rows_of(const std::vector<std::array<std::string, 2>>& rows) {
  mustache::data list{mustache::data::type::list};
  for (const auto& [what, value] : rows) {
    mustache::data row;
    row.set("what", what);
    row.set("value", value);
    list.push_back(row);
  }
  return list;
}

bool knows_digits_of(const Model& model) {
  const auto is_digit = [](const std::string& name) {
    return name.size() == 1 && name >= "0" && name <= "9";
  };
  return std::ranges::count_if(model.class_names, is_digit) == 10;
}

std::string noted(const Model& model, const std::string& key) {
  const auto note = model.notes.find(key);
  return note == model.notes.end() ? "" : note->second;
}

// What a dataset is called: its name, as people write it.
std::string shown_dataset(const std::string& name) {
  if (name == "mnist") return "MNIST";
  if (name == "fashion-mnist") return "Fashion-MNIST";
  return markdown(name);
}

// On the Hub.
std::string hub_dataset(const std::string& name) {
  if (name == "mnist") return "ylecun/mnist";
  if (name == "fashion-mnist") return "zalando-datasets/fashion_mnist";
  return "";
}

std::string size_text(size_t bytes) {
  const auto kilobytes = static_cast<double>(bytes) / 1e3;
  return kilobytes < 1000 ? fmt::format("{:.0f} kB", kilobytes)
                          : fmt::format("{:.1f} MB", kilobytes / 1e3);
}

std::string interval_text(const json& interval) {
  return fmt::format("{:.2f} to {:.2f} %", 100 * interval[0].get<double>(),
                     100 * interval[1].get<double>());
}

std::string data_text(const Model& model) {
  const std::string dataset = noted(model, "dataset");
  if (dataset == "mnist") {
    return "Trained on the training images of MNIST (LeCun, Cortes and Burges, 1998): 60,000 "
           "handwritten digits of 28x28 pixels, of which the recipe may keep some for validation.";
  }
  if (!dataset.empty()) return fmt::format("Trained on the dataset {}.", shown_dataset(dataset));
  if (!noted(model, "pictures").empty()) {
    return fmt::format("Trained on a folder of pictures, one subfolder a class: {} classes.",
                       model.class_names.size());
  }
  if (!noted(model, "images").empty()) return "Trained on images in IDX files.";
  return "The model file does not say what it was trained on.";
}

std::string preprocessing_text(const Model& model) {
  const Shape& input = model.net->input;
  std::string text = fmt::format(
      "The network takes images of {}x{} pixels, {}. The graph normalises them itself: (pixel - "
      "{:.4f}) / {:.4f}, pixels from 0 to 1.",
      input.height, input.width,
      input.channels == 1   ? "grey, light on dark as they were in training"
      : input.channels == 3 ? "RGB"
                            : fmt::format("{} channels", input.channels),
      model.normalisation.mean, model.normalisation.divisor());
  text += model.reads_ink()
              ? " Inkling finds the digit in a picture of any size and brings it to MNIST's form: "
                "the longer side of its ink fills 20 of 28 pixels, the centre of mass is in the "
                "middle. That is not in the ONNX graph: give it images in that form."
              : " Inkling scales pictures of other sizes to it, and so does transformers.js.";
  if (model.predicts_by_views()) {
    text += fmt::format(
        " Inkling predicts the mean over {} views of an image; the ONNX files see one, and are a "
        "little less accurate than the figures here.",
        kViews.size());
  }
  return text;
}

std::string limits_text(const Model& model) {
  std::string text =
      "It assigns one of its classes to every picture, even to one that belongs to none of them";
  if (model.refuses()) {
    text = fmt::format(
        "Its last class, {}, is for what belongs to none of the others. It does not "
        "catch all of that",
        markdown(model.class_names.back()));
  }
  text +=
      ". Pictures unlike those it was trained on are classified less accurately than the "
      "figures below say. Not for decisions about people or money that nobody checks.";
  return text;
}

std::string calibration_text(const json& metrics) {
  if (!metrics.is_object() || !metrics["ece"].is_number()) return "Not measured.";
  return fmt::format(
      "The expected calibration error is {:.2f} points: the average gap between confidence and "
      "accuracy.",
      100 * metrics["ece"].get<double>());
}

std::string robustness_text(const std::optional<Robustness>& robustness) {
  if (!robustness) return "Not measured. `inkling evaluate --robustness` measures it.";
  return fmt::format(
      "On {} images, {} are classified correctly as they are, and {} on average over {} "
      "corruptions "
      "at every strength.",
      grouped(robustness->n), percent(robustness->clean), percent(robustness->mean_corrupted),
      robustness->corruptions.size());
}

mustache::data evaluation_of(const json& metrics) {
  mustache::data evaluation;
  const std::string split = metrics["split"], dataset = shown_dataset(metrics["dataset"]);
  evaluation.set(
      "sentence",
      fmt::format("On {} {} images of {}{}.", grouped(metrics["n"].get<int64_t>()), split, dataset,
                  split == "validation" ? ", on which the epoch to keep was chosen: the "
                                          "figures may be slightly optimistic"
                                        : ", which training did not see"));
  evaluation.set(
      "rows",
      rows_of(
          {{"accuracy", percent(metrics["accuracy"].get<double>())},
           {"its 95 % interval (Wilson)", interval_text(metrics["accuracy_ci95"])},
           {"loss (cross-entropy)", fmt::format("{:.4f}", metrics["loss"].get<double>())},
           {"F1, macro average", fmt::format("{:.4f}", metrics["macro"]["f1"].get<double>())}}));
  mustache::data classes{mustache::data::type::list};
  for (const json& one : metrics["per_class"]) {
    mustache::data row;
    row.set("name", one["label"].get<std::string>());
    for (const char* key : {"precision", "recall", "f1"}) {
      row.set(key, fmt::format("{:.4f}", one[key].get<double>()));
    }
    row.set("images", grouped(one["support"].get<int64_t>()));
    classes.push_back(row);
  }
  evaluation.set("classes", classes);
  return evaluation;
}

// "training_curves.png" -> "training curves".
std::string alt_of(const std::string& file) {
  std::string alt = file.substr(0, file.find_last_of('.'));
  std::ranges::replace(alt, '_', ' ');
  return alt;
}

std::string lead_text(const ModelCard& card) {
  const Architecture& net = *card.model.net;
  std::string text =
      fmt::format("{}, trained with Inkling: a network of {} parameters",
                  knows_digits_of(card.model) ? "Reads handwritten digits" : "Classifies images",
                  grouped(net.parameter_count()));
  if (card.metrics.is_object()) {
    text += fmt::format(
        ", {} accurate on {}'s {} images", percent(card.metrics["accuracy"].get<double>()),
        shown_dataset(card.metrics["dataset"]), card.metrics["split"].get<std::string>());
  }
  return text + ".";
}

}  // namespace

std::string front_matter(const ModelCard& card) {
  const std::string dataset = noted(card.model, "dataset"), hub = hub_dataset(dataset);
  json tags = {"image-classification", "onnx", "safetensors", "transformers.js"};
  if (knows_digits_of(card.model)) tags.push_back("handwritten-digits");
  std::string text = "---\nlicense: mit\nlibrary_name: inkling\n";
  text += "pipeline_tag: image-classification\ntags: " + json_text(tags) + "\n";
  if (!hub.empty()) text += "datasets: " + json_text(json{hub}) + "\n";
  text += "metrics: [\"accuracy\", \"f1\"]\n";
  if (card.metrics.is_object()) {
    const json& metrics = card.metrics;
    const std::string measured = metrics["dataset"];
    const std::string on_hub = hub_dataset(measured);
    const json results = {
        {{"task", {{"type", "image-classification"}, {"name", "Image Classification"}}},
         {"dataset",
          {{"type", on_hub.empty() ? measured : on_hub},
           {"name", measured == "mnist" ? "MNIST" : measured},
           {"split", metrics["split"]}}},
         {"metrics",
          {{{"type", "accuracy"}, {"name", "Accuracy"}, {"value", metrics["accuracy"]}},
           {{"type", "f1"}, {"name", "F1, macro average"}, {"value", metrics["macro"]["f1"]}}}}}};
    text += "model-index: " + json_text(json{{{"name", card.title}, {"results", results}}}) + "\n";
  }
  return text + "---\n";
}

std::string model_card(const ModelCard& card) {
  const Model& model = card.model;
  const Architecture& net = *model.net;
  mustache::data data;
  data.set("front_matter", front_matter(card));
  data.set("title", card.title);
  data.set("lead", lead_text(card));
  data.set("example_label", card.example_label);
  data.set("example_alt", "example.png, predicted " + card.example_label);
  std::string classes;
  for (const std::string& name : model.class_names) {
    if (classes.size() > 300) {
      classes += ", ...";
      break;
    }
    classes += (classes.empty() ? "" : ", ") + name;
  }
  data.set("details",
           rows_of({{"network", net.name},
                    {"input", to_string(net.input) + ", height x width x channels"},
                    {"classes", fmt::format("{}: {}", model.class_names.size(), classes)},
                    {"parameters", grouped(net.parameter_count())},
                    {"made by", fmt::format("Inkling {}", INKLING_VERSION)}}));
  data.set("use", knows_digits_of(model)
                      ? "Reading handwritten digits: one in a picture, or with `inkling read` rows "
                        "of them, if the model finds ink."
                      : "Telling its classes apart in pictures like those it was trained on.");
  data.set("limits", limits_text(model));
  data.set("data", data_text(model));
  data.set("preprocessing", preprocessing_text(model));
  if (!card.recipe_text.empty()) {
    data.set("recipe", card.recipe_text.substr(0, card.recipe_text.find_last_not_of('\n') + 1));
    if (card.training) {
      data.set("training", fmt::format("It took {:.1f} s; the weights are those of epoch {}.",
                                       card.training->train_seconds, card.training->best_epoch));
    }
  }
  if (card.metrics.is_object()) data.set("evaluation", evaluation_of(card.metrics));
  mustache::data figures{mustache::data::type::list};
  for (const std::string& file : card.figures) {
    mustache::data figure;
    figure.set("file", file);
    figure.set("alt", alt_of(file));
    figures.push_back(figure);
  }
  data.set("figures", figures);
  data.set("calibration", calibration_text(card.metrics));
  data.set("robustness", robustness_text(card.robustness));
  if (card.robustness) {
    std::vector<std::array<std::string, 2>> rows;
    for (const CorruptionAccuracy& one : card.robustness->corruptions) {
      rows.push_back({std::string(corruption_name(one.corruption)), percent(one.mean)});
    }
    mustache::data corruptions;
    corruptions.set("rows", rows_of(rows));
    data.set("corruptions", corruptions);
  }
  data.set("cost",
           rows_of({{"parameters", grouped(net.parameter_count())},
                    {"operations for an image", fmt::format("{:.2f} MFLOP", net.flops() / 1e6)},
                    {"model.safetensors", size_text(card.safetensors_bytes)},
                    {"model.onnx", size_text(card.onnx_bytes)}}));
  data.set("names", json_text(json(model.class_names)));
  data.set("pil_mode", net.input.channels == 1 ? "L" : "RGB");
  data.set("height", std::to_string(net.input.height));
  data.set("width", std::to_string(net.input.width));
  data.set("channels", std::to_string(net.input.channels));
  mustache::mustache page{std::string(card_template())};
  INKLING_CHECK(page.is_valid());
  page.set_custom_escape(markdown);
  return page.render(data);
}

}  // namespace inkling
