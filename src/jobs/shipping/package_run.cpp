#include "jobs/shipping/package_run.h"

#include <fmt/core.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/index.h"
#include "base/random.h"
#include "data/formats/picture.h"
#include "data/synth/synth.h"
#include "eval/predict.h"
#include "jobs/evaluation/evaluated_images.h"
#include "recognize/reader.h"
#include "report/card/model_card.h"
#include "report/card/package.h"
#include "store/find_model.h"
#include "store/model_format.h"
#include "store/onnx/onnx_model.h"
#include "store/weights_hash.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/run/run_files.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// A metrics file that is about these weights.
nlohmann::json metrics_of(const fs::path& file, const Model& model) {
  nlohmann::json document = read_json_object(file);
  read_metrics(file);  // refuses what is no metrics file
  const std::string found = document["weights_sha256"],
                    wanted = weights_sha256(tensors_of(*model.net, model.parameters));
  if (found != wanted) {
    throw input_error("{}: expected results of the model's weights, {}, found those of {}",
                      file.string(), wanted.substr(0, 12), found.substr(0, 12));
  }
  return document["n"].get<int64_t>() > 0 ? document : nlohmann::json();
}

// Where the results are; empty: nowhere.
fs::path metrics_file(const PackageRequest& request, const RunFiles& run) {
  if (!request.metrics.empty()) return request.metrics;
  for (const fs::path& file : {run.test_metrics(), run.metrics()}) {
    if (fs::exists(file)) return file;
  }
  return {};
}

// An image of the network's size to try it with.
Picture example_of(const Model& model, const fs::path& file, const PackageRequest& request,
                   const std::string& split, ThreadPool& pool, JobObserver& observer) {
  const Shape& input = model.net->input;
  Picture picture{
      .width = input.width, .height = input.height, .channels = input.channels, .pixels = {}};
  try {
    const EvaluatedImages images = evaluated_images(model, file, {.data_dir = request.data_dir},
                                                    split, "validation", pool, observer);
    if (!images.indices.empty()) {
      picture.pixels = image_in_bytes(images.dataset, images.indices.front());
      return picture;
    }
  } catch (const Error& error) {  // a package can do without its data
    if (error.kind() == ErrorKind::kInterrupted) throw;
  }
  if (input == Shape{28, 28, 1} && at(model.class_names, 0) == "0") {
    picture.pixels = image_in_bytes(synthesise_digits(8, 1), 7);
    return picture;
  }
  observer.warning("the model's images are not at hand: example.png is noise");
  Random random(1);
  picture.pixels.resize(input.size());
  for (uint8_t& level : picture.pixels) level = narrow<uint8_t>(random.below(256));
  return picture;
}

// What a package's folder may replace: nothing, an empty folder, a package.
void expect_replaceable(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  if (fs::is_directory(folder) && (fs::is_empty(folder) || (fs::exists(folder / "config.json") &&
                                                            fs::exists(folder / kModelFile)))) {
    return;
  }
  throw usage_error(
      "--out {}: expected an empty or new folder, or a package to replace, found "
      "something else",
      folder.string());
}

// Beside its place, to take its name when it is complete.
class Draft {
 public:
  explicit Draft(const fs::path& place) : place_(place), draft_(place.string() + ".partial") {
    fs::remove_all(draft_);
    make_folder(draft_);
  }
  ~Draft() {
    std::error_code ignored;
    fs::remove_all(draft_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const fs::path& folder() const { return draft_; }
  void publish() {
    std::error_code code;
    fs::remove_all(place_, code);
    fs::rename(draft_, place_, code);
    if (code) throw system_error("{}: {}", place_.string(), code.message());
  }

 private:
  fs::path place_, draft_;
};

std::string title_of(const PackageRequest& request, const Model& model) {
  if (!request.title.empty()) return request.title;
  const std::string folder = fs::path(request.run).lexically_normal().filename().string();
  return folder.empty() || folder == "." ? model.net->name : folder;
}

}  // namespace

PackageResult package_run(const PackageRequest& request, Engine& engine, JobObserver& observer) {
  const fs::path place = fs::path(request.out.lexically_normal().string());
  expect_replaceable(place);
  Stage stage(observer, "packaging");
  const FoundModel found = find_model(request.run);
  const Model& model = found.model;
  const RunFiles run = RunFiles::beside(found.file);
  ModelCard card{.model = model, .title = title_of(request, model)};
  if (const fs::path file = metrics_file(request, run); !file.empty()) {
    card.metrics = metrics_of(file, model);
    card.robustness = read_metrics(file).robustness;
  }
  if (fs::exists(run.metrics())) card.training = read_metrics(run.metrics()).training;
  if (fs::exists(run.recipe())) card.recipe_text = read_text_file(run.recipe());

  Draft draft(place);
  const fs::path& folder = draft.folder();
  if (fs::exists(run.figures())) {
    make_folder(folder / kFiguresFolder);
    for (const auto& entry : fs::directory_iterator(run.figures())) {
      if (entry.path().extension() != ".png") continue;
      const std::string name = entry.path().filename().string();
      fs::copy_file(entry.path(), folder / kFiguresFolder / name);
      card.figures.push_back(name);
    }
    std::ranges::sort(card.figures);
  }
  const std::string split = card.metrics.is_object() ? card.metrics["split"] : "";
  const Picture example =
      request.example ? *request.example
                      : example_of(model, found.file, request, split, engine.pool(), observer);
  const Reader reader(find_model(request.run).model, engine);  // takes a model for itself
  Reader::Workspace workspace = reader.workspace();
  const DigitPrediction prediction = reader.predict(example, workspace);
  card.example_label =
      prediction.is_read() ? prediction.label : std::string(name_of(prediction.refusal));

  const std::vector<uint8_t> weights = encode_model(model), onnx = encode_onnx(model);
  card.safetensors_bytes = weights.size();
  card.onnx_bytes = onnx.size();
  write_file(folder / kModelFile, weights);
  write_file(folder / "model.onnx", onnx);
  make_folder(folder / "onnx");
  write_file(folder / "onnx" / "model.onnx",
             encode_onnx(model, {.interface = OnnxInterface::kPixelValues}));
  write_json(folder / "config.json", hub_config(model));
  write_json(folder / "preprocessor_config.json", hub_preprocessor(model));
  if (card.metrics.is_object()) write_json(folder / "metrics.json", card.metrics);
  write_file(folder / "example.png", encode_png(example));
  write_file(folder / "LICENSE", license_text());
  write_file(folder / ".gitattributes", git_attributes());
  write_file(folder / "README.md", model_card(card));
  draft.publish();

  PackageResult result{.files = {}, .example_label = card.example_label};
  for (const auto& entry : fs::recursive_directory_iterator(place)) {
    if (!entry.is_regular_file()) continue;
    result.files.push_back(fs::relative(entry.path(), place).string());
    result.bytes += entry.file_size();
  }
  std::ranges::sort(result.files);
  return result;
}

}  // namespace inkling
