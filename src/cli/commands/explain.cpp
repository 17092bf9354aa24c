// inkling explain: what in a picture a network goes by.
#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/numbers.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/judged_images.h"
#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "cli/whole_picture.h"
#include "eval/explain/explanation.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "report/draw/heat_tile.h"
#include "store/model_file.h"

namespace inkling {
namespace {

struct Subject {
  Dataset dataset;
  uint32_t index = 0;
  bool labelled = false;
  std::string name;
};

Subject picture_subject(const std::string& file, const Model& model) {
  return {.dataset = whole_picture(file, *model.net), .index = 0, .labelled = false, .name = file};
}

Subject dataset_subject(const DataOptions& data, const std::string& split, const std::string& index,
                        const Model& model, const std::filesystem::path& model_file,
                        ThreadPool& pool) {
  if (index.empty()) throw usage_error("explain: expected a PICTURE or --index, found neither");
  EvaluatedImages images =
      evaluated_images(model, model_file, data, split.empty() ? "train" : split, "train", pool);
  expect_fit(*model.net, images.dataset);
  const std::optional<int64_t> number = parse_integer(index);
  if (!number || *number < 0 || static_cast<size_t>(*number) >= images.dataset.size()) {
    throw usage_error("--index: expected an image of {} {} from 0 to {}, found \"{}\"",
                      images.dataset.name, images.split, images.dataset.size() - 1, index);
  }
  Subject subject;
  subject.name = fmt::format("{} {} {}", images.dataset.name, images.split, index);
  subject.dataset = std::move(images.dataset);
  subject.index = static_cast<uint32_t>(*number);
  subject.labelled = true;
  return subject;
}

int class_of(const std::string& name, const Model& model) {
  const auto& names = model.class_names;
  const auto it = std::find(names.begin(), names.end(), name);
  if (it != names.end()) return static_cast<int>(it - names.begin());
  throw usage_error(
      "--class: expected a class the network knows (\"{}\" is the first), found "
      "\"{}\"",
      names.front(), name);
}

// "7 99.12 %, 2 0.71 %, 3 0.10 %".
std::string likeliest(const Explanation& explanation, const std::vector<std::string>& names) {
  constexpr size_t kShown = 3;
  std::vector<size_t> order(names.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    return explanation.probabilities[a] > explanation.probabilities[b];
  });
  std::string text;
  for (size_t i = 0; i < std::min(kShown, order.size()); ++i) {
    text += fmt::format("{}{} {:.2f} %", i == 0 ? "" : ", ", names[order[i]],
                        100 * explanation.probabilities[order[i]]);
  }
  return text;
}

std::string truth_of(const Subject& subject, const Model& model) {
  if (!subject.labelled) return "";
  return fmt::format(", true label {}", model.class_names[subject.dataset.labels[subject.index]]);
}

Figure figure_of(const Subject& subject, const Explanation& explanation, const Model& model,
                 const std::string& name) {
  const auto& names = model.class_names;
  const std::string& explained = names[static_cast<size_t>(explanation.explained)];
  const Tile picture = tile_of(subject.dataset, subject.index);
  Figure figure{
      .name = name,
      .title = fmt::format("What {} goes by for \"{}\"", model.net->name, explained),
      .note = fmt::format("{}{}; {}\nsaliency: where a change of grey matters; elsewhere orange "
                          "speaks for \"{}\", blue against",
                          subject.name, truth_of(subject, model), likeliest(explanation, names),
                          explained),
      .alt = fmt::format("{} and where {} looks when it says {}: saliency, Grad-CAM and occlusion "
                         "maps over the picture",
                         subject.name, model.net->name, explained),
      .commands = {}};
  const std::vector<Tile> tiles = explanation_tiles(picture, explanation);
  return image_grid(std::move(figure), tiles,
                    {.columns = static_cast<int>(tiles.size()), .tile_px = 168, .row_names = {}});
}

}  // namespace

int run_explain(const Arguments& arguments) {
  std::string model_path, split, index, out, class_name;
  std::vector<std::string> pictures;
  DataOptions data;
  EngineOptions engine_options;
  CommandLine line(
      "explain",
      "Show what in a picture a network goes by: gradient saliency, Grad-CAM of the last\n"
      "convolution, and how much covering each place costs. Examples:\n"
      "  inkling explain --model runs/a --index 7 --out seven.png\n"
      "  inkling explain --model runs/a digit.png --class 4 --out why-not-4.png");
  line.text("--model", model_path, "run folder or model file");
  line.positionals("PICTURE", pictures, false, "a picture of the network's own size");
  add_data_options(line, data, "the model's own");
  line.choice("--split", split, {"train", "test"}, "of a data set, which file [train]");
  line.text("--index", index, "which image of the data set, from 0");
  line.text("--class", class_name, "explain this class [the predicted one]");
  line.text("--out", out, "the figure, FILE.png; FILE.svg is written beside it");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (model_path.empty()) throw usage_error("explain: --model is missing");
  if (pictures.size() > 1) {
    throw usage_error("explain: expected one PICTURE, found {}", pictures.size());
  }
  const std::filesystem::path file(out);
  if (file.extension() != ".png" || file.stem().empty()) {
    throw usage_error("--out: expected FILE.png, found \"{}\"", out);
  }
  if (!pictures.empty() && (!index.empty() || !split.empty() || !names_nothing(data))) {
    throw usage_error("explain: expected either a PICTURE or an image of a data set, found both");
  }
  require_one_source(data);

  Engine engine(engine_options);
  const std::filesystem::path model_file = model_file_of(model_path);
  const Model model = load_model(model_file);
  std::optional<int> wanted;
  if (!class_name.empty()) wanted = class_of(class_name, model);
  const Subject subject =
      pictures.empty() ? dataset_subject(data, split, index, model, model_file, engine.pool())
                       : picture_subject(pictures[0], model);
  Explainer explainer(*model.net, model.parameters, statistics_of(model.normalisation), engine);
  const Explanation explanation = explainer.explain(subject.dataset.image(subject.index), wanted);

  FigureSheet sheet(file.has_parent_path() ? file.parent_path() : ".");
  sheet.add(figure_of(subject, explanation, model, file.stem().string()));
  const std::string trouble = sheet.draw();
  if (!trouble.empty()) throw system_error("{}: {}", out, trouble);

  fmt::print("{}{}; {}\n{}\n", subject.name, truth_of(subject, model),
             likeliest(explanation, model.class_names), out);
  return kDone;
}

}  // namespace inkling
