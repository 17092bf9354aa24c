#include "jobs/images/predict_pictures.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "jobs/images/picture_files.h"
#include "recognize/reader.h"
#include "store/default_reader.h"
#include "store/find_model.h"
#include "store/model_file.h"

namespace inkling {
namespace {

constexpr int kPicturesWithStage = 50;  // fewer are done before a progress line is of use

// Calls look(picture, result, workspace) for each file that can be decoded, on the engine's
// threads; the others are marked by trouble and refuse(result).
template <typename Result, typename Look, typename Refuse>
void for_each_picture(const Reader& reader, const std::vector<std::string>& names, Engine& engine,
                      JobObserver& observer, const Look& look, const Refuse& refuse,
                      const std::function<void(const Result&)>& take) {
  const std::vector<std::string> files = picture_files(names);
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
        picture = read_picture_or_input(result.file);
      } catch (const Error& error) {  // the other pictures may be readable
        result.trouble = error.what();
        refuse(result);
      }
      if (picture) look(std::move(*picture), result, at(workspaces, worker));
    });
    for (const Result& result : results) take(result);
    if (stage) stage->progress(double{1} * (first + n) / total);
  }
}

Model model_named(const std::string& model) {
  return model.empty() ? default_reader() : load_model(model_file_of(model));
}

}  // namespace

void predict_pictures(const PredictRequest& request, Engine& engine, JobObserver& observer,
                      const std::function<void(const PicturePrediction&)>& take) {
  Model model = model_named(request.model);
  choose_views(request.views, model);
  const Reader reader(std::move(model), engine, {.form = request.form});
  for_each_picture<PicturePrediction>(
      reader, request.pictures, engine, observer,
      [&](Picture picture, PicturePrediction& result, Reader::Workspace& workspace) {
        result.prediction = reader.predict(std::move(picture), workspace);
      },
      [](PicturePrediction& result) { result.prediction.refusal = Refusal::kUnreadable; }, take);
}

void read_pictures(const PicturesRequest& request, Engine& engine, JobObserver& observer,
                   const std::function<void(const PictureReading&)>& take) {
  const Reader reader(model_named(request.model), engine);
  for_each_picture<PictureReading>(
      reader, request.pictures, engine, observer,
      [&](const Picture& picture, PictureReading& result, Reader::Workspace& workspace) {
        result.reading = reader.read(picture, workspace);
      },
      [](PictureReading& result) { result.reading.refusal = Refusal::kUnreadable; }, take);
}

}  // namespace inkling
