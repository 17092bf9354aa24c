#include "jobs/evaluation/explain_image.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "base/numbers.h"
#include "data/formats/picture.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "jobs/evaluation/evaluated_images.h"
#include "recognize/network_input.h"
#include "report/draw/heat_tile.h"
#include "store/find_model.h"
#include "store/model_file.h"

namespace inkling {
namespace {

struct Subject {
  Dataset dataset;
  uint32_t index = 0;
  std::string name;
};

Subject picture_subject(const std::string& file, const Model& model) {
  std::vector<NetworkInput> inputs = network_inputs(read_picture(file), model);
  if (inputs.empty()) throw input_error("{}: expected a picture of a digit, found no ink", file);
  return {.dataset = std::move(inputs.front().image), .index = 0, .name = file};
}

Subject dataset_subject(const ExplainRequest& request, const Model& model,
                        const std::filesystem::path& model_file, ThreadPool& pool,
                        JobObserver& observer) {
  const std::string &index = request.index, &split = request.split;
  if (index.empty()) throw usage_error("explain: expected a PICTURE or --index, found neither");
  EvaluatedImages images = evaluated_images(
      model, model_file, request.images, split.empty() ? "train" : split, "train", pool, observer);
  expect_fit(*model.net, images.dataset);
  const std::optional<int64_t> number = parse_integer(index);
  if (!number || *number < 0 || std::cmp_greater_equal(*number, images.dataset.size())) {
    throw usage_error("--index: expected an image of {} {} from 0 to {}, found \"{}\"",
                      images.dataset.name, images.split, images.dataset.size() - 1, index);
  }
  Subject subject;
  subject.name = fmt::format("{} {} {}", images.dataset.name, images.split, index);
  subject.dataset = std::move(images.dataset);
  subject.index = narrow<uint32_t>(*number);
  return subject;
}

int class_of(const std::string& name, const Model& model) {
  const auto& names = model.class_names;
  const auto it = std::find(names.begin(), names.end(), name);
  if (it != names.end()) return narrow<int>(it - names.begin());
  throw usage_error(
      "--class: expected one of the network's classes (\"{}\" is the first), found \"{}\"",
      names.front(), name);
}

std::string truth_of(const Subject& subject, const Model& model) {
  if (subject.dataset.labels.empty()) return "";
  return fmt::format(", true label {}", model.class_names[subject.dataset.labels[subject.index]]);
}

Figure figure_of(const Subject& subject, const Explanation& explanation, const Model& model,
                 const std::string& name) {
  const auto& names = model.class_names;
  const std::string& explained = at(names, explanation.explained);
  const Tile picture = tile_of(subject.dataset, subject.index);
  Figure figure{
      .name = name,
      .title = fmt::format("What {} bases \"{}\" on", model.net->name, explained),
      .note = fmt::format("{}{}; {}\nsaliency: where a change of grey matters; in the others "
                          "orange supports \"{}\", blue opposes it",
                          subject.name, truth_of(subject, model),
                          likeliest_text(explanation, names), explained),
      .alt =
          fmt::format("{} and what {} bases {} on: saliency, Grad-CAM and occlusion maps over the "
                      "picture",
                      subject.name, model.net->name, explained),
      .commands = {}};
  const std::vector<Tile> tiles = explanation_tiles(picture, explanation);
  return image_grid(std::move(figure), tiles,
                    {.columns = count_of(tiles), .tile_px = 168, .row_names = {}});
}

}  // namespace

ExplainResult explain_image(const ExplainRequest& request, Engine& engine, JobObserver& observer) {
  const auto [model, model_file] = find_model(request.model);
  std::optional<int> wanted;
  if (!request.class_name.empty()) wanted = class_of(request.class_name, model);
  const Subject subject = request.picture.empty()
                              ? dataset_subject(request, model, model_file, engine.pool(), observer)
                              : picture_subject(request.picture, model);
  expect_not_cancelled(observer);
  Explainer explainer(*model.net, model.parameters, statistics_of(model.normalisation), engine);
  ExplainResult result{.subject = subject.name,
                       .truth = truth_of(subject, model),
                       .explanation = explainer.explain(subject.dataset, subject.index, wanted),
                       .class_names = model.class_names};

  FigureSheet sheet(request.out.has_parent_path() ? request.out.parent_path() : ".");
  sheet.add(figure_of(subject, result.explanation, model, request.out.stem().string()));
  const std::string trouble = sheet.draw();
  if (!trouble.empty()) throw system_error("{}: {}", request.out.string(), trouble);
  return result;
}

std::string likeliest_text(const Explanation& explanation, std::span<const std::string> names) {
  constexpr size_t kShown = 3;
  const std::vector<double>& probabilities = explanation.probabilities;
  std::vector<int> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(
      order, [&](int a, int b) { return at(probabilities, a) > at(probabilities, b); });
  std::string text;
  for (const int c : std::span(order).first(std::min(kShown, order.size()))) {
    text += fmt::format("{}{} {:.2f} %", text.empty() ? "" : ", ", at(names, c),
                        100 * at(probabilities, c));
  }
  return text;
}

}  // namespace inkling
