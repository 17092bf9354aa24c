#include "jobs/images/predict_pictures.h"

#include "base/error.h"
#include "base/index.h"
#include "eval/metrics/metrics.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "store/find_model.h"
#include "store/model_file.h"

namespace inkling {

void predict_pictures(const PredictRequest& request, Engine& engine, JobObserver& observer,
                      const std::function<void(const PicturePrediction&)>& take) {
  Model model = load_model(model_file_of(request.model));
  choose_views(request.views, model);
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const PixelStatistics pixels = statistics_of(model.normalisation);
  const std::vector<uint32_t> first = all_indices(1);
  for (const std::string& file : request.pictures) {
    expect_not_cancelled(observer);
    PicturePrediction prediction{.file = file};
    std::optional<PictureInput> input;
    try {
      input = picture_input(file, model, request.form);
      if (!input) prediction.reason = Refusal::kBlank;
    } catch (const Error& error) {  // the other pictures may be readable
      prediction.reason = Refusal::kUnreadable;
      prediction.trouble = error.what();
    }
    if (input) {
      prediction.p = model.predicts_by_views()
                         ? predict_views(classifier, input->image, first, pixels, engine)
                         : predict_dataset(classifier, input->image, first, pixels);
      prediction.box = input->box;
      expect_numbers(*model.net, prediction.p);
      prediction.digit = predicted_class(prediction.p);
      prediction.label = at(model.class_names, prediction.digit);
    }
    take(prediction);
  }
}

}  // namespace inkling
