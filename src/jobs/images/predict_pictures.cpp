#include "jobs/images/predict_pictures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "eval/explain/explanation.h"
#include "eval/normalisation.h"
#include "jobs/evaluation/draw_figures.h"
#include "jobs/images/picture_files.h"
#include "recognize/reader.h"
#include "report/figures/reading_figures.h"
#include "store/default_reader.h"
#include "store/find_model.h"
#include "store/model_file.h"

namespace inkling {
namespace {

constexpr int kPicturesWithStage = 50;  // fewer are done before a progress line is of use

// Calls look(picture, result, workspace) for each file that can be decoded, on the engine's
// threads; the others are marked by trouble and refuse(result).
template <typename Result, typename Look, typename Refuse>
void for_each_picture(const Reader& reader, const PicturesRequest& request, Engine& engine,
                      JobObserver& observer, const Look& look, const Refuse& refuse,
                      const std::function<void(const Result&)>& take) {
  const std::vector<std::string> files = picture_files(request.pictures);
  const DecodeOptions decode{.longest_needed = reader.reads_ink() ? kLongestNeeded : 0};
  const int threads = engine.pool().threads(), total = count_of(files);
  std::vector<Reader::Workspace> workspaces;
  for (int i = 0; i < threads; ++i) workspaces.push_back(reader.workspace());
  std::optional<Stage> stage;
  if (total >= kPicturesWithStage) stage.emplace(observer, "reading pictures");
  // One at a time while a caller waits for each; then enough to keep the threads busy.
  for (int first = 0, n = 1; first < total; first += n, n = std::min(2 * n, 8 * threads)) {
    n = std::min(n, total - first);
    expect_not_cancelled(observer);
    std::vector<Result> results(narrow<size_t>(n));
    engine.pool().run(n, [&](int i, int worker) {
      Result& result = at(results, i);
      result.file = at(files, first + i);
      std::optional<Picture> picture;
      try {
        picture = read_picture_or_input(result.file, decode);
      } catch (const Error& error) {  // the other pictures may be readable
        result.trouble = error.what();
        refuse(result);
      }
      if (picture) look(std::move(*picture), result, at(workspaces, worker), nullptr);
    });
    for (const Result& result : results) take(result);
    if (stage) stage->progress(double{1} * (first + n) / total);
  }
}

// The same, a picture at a time on this thread, with draw(result, steps, name) after each: `name`
// is the file's, with a number where another picture has the same.
template <typename Result, typename Look, typename Refuse, typename Draw>
void show_each_picture(const Reader& reader, const PicturesRequest& request, JobObserver& observer,
                       const Look& look, const Refuse& refuse,
                       const std::function<void(const Result&)>& take, const Draw& draw) {
  Reader::Workspace workspace = reader.workspace();
  std::map<std::string, int> seen;
  for (const std::string& file : picture_files(request.pictures)) {
    expect_not_cancelled(observer);
    Result result{.file = file};
    std::string name = file == "-" ? "stdin" : std::filesystem::path(file).stem().string();
    if (const int before = seen[name]++; before > 0) name += "-" + std::to_string(before + 1);
    try {
      Picture picture = read_picture_or_input(file);
      ReadingSteps steps;
      look(std::move(picture), result, workspace, &steps);
      draw(result, steps, name);
    } catch (const Error& error) {
      result.trouble = error.what();
      refuse(result);
    }
    take(result);
  }
}

Model model_named(const std::string& model) {
  return model.empty() ? default_reader() : find_model(model).model;
}

}  // namespace

void predict_pictures(const PredictRequest& request, Engine& engine, JobObserver& observer,
                      const std::function<void(const PicturePrediction&)>& take) {
  Model model = model_named(request.model);
  choose_views(request.views, model);
  const Reader reader(std::move(model), engine, {.form = request.form});
  const auto look = [&](Picture picture, PicturePrediction& result, Reader::Workspace& workspace,
                        ReadingSteps* steps) {
    result.prediction = reader.predict(std::move(picture), workspace, steps);
  };
  const auto refuse = [](PicturePrediction& result) {
    result.prediction.refusal = Refusal::kUnreadable;
  };
  if (request.show.empty()) {
    return for_each_picture<PicturePrediction>(reader, request, engine, observer, look, refuse,
                                               take);
  }
  const Model& used = reader.model();
  Explainer explainer(*used.net, used.parameters, statistics_of(used.normalisation), engine);
  const auto draw = [&](const PicturePrediction& result, const ReadingSteps& steps,
                        const std::string& name) {
    std::optional<Heatmap> saliency;
    if (steps.input) {
      const std::vector<float>& p = result.prediction.probabilities;
      const int likeliest = narrow<int>(std::ranges::max_element(p) - p.begin());
      saliency = explainer.saliency(*steps.input, 0, likeliest);
    }
    FigureSheet sheet(request.show);
    sheet.add(prediction_steps_figure(name + "-steps", steps, result.prediction, saliency));
    draw_figures(sheet, observer);
  };
  show_each_picture<PicturePrediction>(reader, request, observer, look, refuse, take, draw);
}

void read_pictures(const PicturesRequest& request, Engine& engine, JobObserver& observer,
                   const std::function<void(const PictureReading&)>& take) {
  const Reader reader(model_named(request.model), engine);
  const auto look = [&](const Picture& picture, PictureReading& result,
                        Reader::Workspace& workspace, ReadingSteps* steps) {
    result.reading = reader.read(picture, workspace, steps);
  };
  const auto refuse = [](PictureReading& result) { result.reading.refusal = Refusal::kUnreadable; };
  if (request.show.empty()) {
    return for_each_picture<PictureReading>(reader, request, engine, observer, look, refuse, take);
  }
  const auto draw = [&](const PictureReading& result, const ReadingSteps& steps,
                        const std::string& name) {
    FigureSheet sheet(request.show);
    sheet.add(reading_steps_figure(name + "-steps", steps, result.reading));
    if (!steps.digits.empty()) {
      sheet.add(read_digits_figure(name + "-digits", steps, result.reading));
    }
    draw_figures(sheet, observer);
  };
  show_each_picture<PictureReading>(reader, request, observer, look, refuse, take, draw);
}

}  // namespace inkling
