#include "jobs/predict_pictures.h"

#include "base/error.h"
#include "base/index.h"
#include "eval/metrics/metrics.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "jobs/whole_picture.h"
#include "store/find_model.h"
#include "store/model_file.h"

namespace inkling {

void predict_pictures(const PredictRequest& request, Engine& engine,
                      const std::function<void(const PicturePrediction&)>& take) {
  const Model model = load_model(model_file_of(request.model));
  const bool views = request.views == ViewChoice::kAsTrained
                         ? model.predicts_by_views()
                         : request.views == ViewChoice::kSeveral;
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const PixelStatistics pixels = statistics_of(model.normalisation);
  const std::vector<uint32_t> first = all_indices(1);
  for (const std::string& file : request.pictures) {
    PicturePrediction prediction{.file = file};
    std::optional<Dataset> picture;
    try {
      picture = whole_picture(file, *model.net);
    } catch (const Error& error) {  // the other pictures may be readable
      prediction.trouble = error.what();
    }
    if (picture) {
      prediction.p = views ? predict_views(classifier, *picture, first, pixels, engine)
                           : predict_dataset(classifier, *picture, first, pixels);
      expect_numbers(*model.net, prediction.p);
      prediction.digit = predicted_class(prediction.p);
      prediction.label = at(model.class_names, prediction.digit);
    }
    take(prediction);
  }
}

}  // namespace inkling
