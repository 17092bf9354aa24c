#include "jobs/images/load_images.h"

#include "recognize/find_digit.h"
#include "recognize/network_input.h"

namespace inkling {

Dataset load_images(const ImageSource& source, Split split, const PictureFolderOptions& pictures,
                    ThreadPool& pool, JobObserver& observer) {
  Progress told(observer);
  return load_images(
      source, split, pictures, pool,
      LoadObserver{.fetching = [&](const FetchProgress& progress) { told.download(progress); },
                   .stop = [&] { return observer.cancelled(); }});
}

Dataset load_images(const ImageSource& source, Split split, ThreadPool& pool,
                    JobObserver& observer) {
  return load_images(source, split, PictureFolderOptions{}, pool, observer);
}

Dataset load_images(const ImageSource& source, Split split, const Architecture& net,
                    ThreadPool& pool, JobObserver& observer) {
  return load_images(
      source, split,
      PictureFolderOptions{
          .height = net.input.height, .width = net.input.width, .channels = net.input.channels},
      pool, observer);
}

PictureFolderOptions pictures_for(const Model& model) {
  const Shape& input = model.net->input;
  PictureFolderOptions options{.height = input.height,
                               .width = input.width,
                               .channels = input.channels,
                               .class_names = model.class_names};
  if (!finds_ink(model, InputForm::kAsTrained)) return options;
  options.form = [](const Picture& picture) -> std::optional<Picture> {
    const auto digit = find_digit(to_grey(picture));
    if (!digit) return std::nullopt;
    return Picture{.width = kFormSide, .height = kFormSide, .channels = 1, .pixels = digit->pixels};
  };
  return options;
}

}  // namespace inkling
