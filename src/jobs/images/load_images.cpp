#include "jobs/images/load_images.h"

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

}  // namespace inkling
