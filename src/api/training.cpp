// The C interface's training.
#include <algorithm>
#include <limits>
#include <memory>

#include "api/loaded_model.h"
#include "api/status.h"
#include "base/index.h"
#include "jobs/training/train_model.h"

using namespace inkling;

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

// Passes on what a training tells.
class CallbackObserver : public JobObserver {
 public:
  CallbackObserver(inkling_progress_callback callback, void* user)
      : callback_(callback), user_(user) {
    told_.size = sizeof told_;
  }

  void training_progress(std::string_view, const TrainingProgress& progress) override {
    told_.epoch = progress.epoch;
    told_.epochs = progress.epochs;
    told_.images_done = progress.images_done;
    told_.images = progress.images;
    told_.loss = progress.loss;
    told_.images_per_second = progress.images_per_second;
    told_.seconds_left = progress.seconds_left;
    told_.epoch_finished = 0;
    told_.train_loss = told_.train_accuracy = told_.val_loss = told_.val_accuracy = kNothing;
    tell();
  }
  void epoch(std::string_view, const EpochRecord& record) override {
    told_.epoch_finished = 1;
    told_.train_loss = record.train_loss;
    told_.train_accuracy = record.train_accuracy;
    told_.val_loss = record.val_loss;
    told_.val_accuracy = record.val_accuracy;
    tell();
  }
  bool cancelled() override { return stopped_; }

 private:
  void tell() {
    if (callback_ != nullptr && !stopped_) stopped_ = callback_(&told_, user_) != 0;
  }

  inkling_progress_callback callback_;
  void* user_;
  inkling_progress told_{};
  bool stopped_ = false;
};

int side(int32_t value, std::string_view field, int low, int high) {
  if (value < low || value > high) {
    throw usage_error("inkling_images.{}: expected {} to {}, found {}", field, low, high, value);
  }
  return value;
}

Dataset dataset_of(const inkling_images* pointer) {
  const inkling_images& images = given(pointer, "inkling_images");
  Dataset dataset{.name = "images",
                  .height = side(images.height, "height", 1, kMaxSide),
                  .width = side(images.width, "width", 1, kMaxSide),
                  .channels = side(images.channels, "channels", 1, kMaxSide),
                  .classes = side(images.classes, "classes", 2, 256)};
  const size_t image = dataset.image_size();
  if (images.n == 0 || images.n > std::numeric_limits<uint32_t>::max() / image) {
    throw usage_error(
        "inkling_images.n: expected at least 1 image and less than 2^32 pixels, "
        "found {} images of {} pixels",
        images.n, image);
  }
  expect_given(static_cast<const uint8_t*>(images.pixels), "inkling_images.pixels");
  expect_given(images.labels, "inkling_images.labels");
  const size_t pixels = images.n * image;
  if (images.type == INKLING_U8) {
    const auto* bytes = static_cast<const uint8_t*>(images.pixels);
    dataset.images = std::vector<uint8_t>(bytes, bytes + pixels);
  } else if (images.type == INKLING_F32) {
    const auto* floats = static_cast<const float*>(images.pixels);
    const auto is_grey = [](float v) { return v >= 0 && v <= 1; };
    const float* odd = std::find_if_not(floats, floats + pixels, is_grey);
    if (odd != floats + pixels) {
      throw usage_error("inkling_images.pixels: expected 0 to 1, found {} at index {}", *odd,
                        odd - floats);
    }
    dataset.images = std::vector<float>(floats, floats + pixels);
  } else {
    throw usage_error("inkling_images.type: expected INKLING_U8 or INKLING_F32, found {}",
                      int{images.type});
  }
  dataset.labels.assign(images.labels, images.labels + images.n);
  const auto wrong =
      std::ranges::find_if(dataset.labels, [&](uint8_t label) { return label >= dataset.classes; });
  if (wrong != dataset.labels.end()) {
    throw usage_error("inkling_images.labels: expected less than {}, found {} at index {}",
                      dataset.classes, *wrong, wrong - dataset.labels.begin());
  }
  for (int c = 0; c < dataset.classes; ++c) {
    dataset.class_names.emplace_back(
        images.class_names == nullptr
            ? std::to_string(c)
            : std::string(&expect_given(images.class_names[c], "inkling_images.class_names")));
  }
  return dataset;
}

}  // namespace

extern "C" {

inkling_status inkling_train(const char* recipe, const inkling_images* images,
                             const inkling_options* options, inkling_progress_callback callback,
                             void* user, inkling_model** model) {
  if (model != nullptr) *model = nullptr;
  bool stopped = false;
  const inkling_status status = guarded([&] {
    expect_given(model, "model");
    EngineOptions engine_settings = engine_options(options);
    const Recipe parsed = recipe_for_images(recipe == nullptr ? "" : recipe);
    if (engine_settings.isa == "auto") engine_settings.isa = parsed.isa;
    if (engine_settings.precision == "auto") engine_settings.precision = parsed.precision;
    const Dataset dataset = dataset_of(images);
    CallbackObserver observer(callback, user);
    Engine engine(engine_settings);
    TrainedModel trained = train_model(parsed, dataset, engine, observer);
    stopped = trained.result.interrupted;
    *model = std::make_unique<inkling_model>(std::move(trained.model), engine_settings).release();
  });
  return status == INKLING_OK && stopped ? INKLING_STOPPED : status;
}

}  // extern "C"
