#include "jobs/images/draw_dataset.h"

#include <algorithm>

#include "base/error.h"
#include "base/index.h"
#include "base/threads.h"
#include "data/formats/idx.h"
#include "sys/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr size_t kTrainImagesPerTestImage = 6;  // as MNIST's 60,000 and 10,000

// An existing dataset is never overwritten.
void expect_no_dataset(const fs::path& folder) {
  for (const char* prefix : {"train", "t10k"}) {
    for (const char* kind : {"-images-idx3-ubyte", "-labels-idx1-ubyte"}) {
      for (const char* suffix : {"", ".gz"}) {
        const fs::path path = folder / (std::string(prefix) + kind + suffix);
        std::error_code ignored;
        if (fs::exists(path, ignored)) {
          throw input_error("--out {}: expected a folder without a dataset, found {}",
                            folder.string(), path.filename().string());
        }
      }
    }
  }
}

void write_split(const fs::path& folder, const std::string& prefix, Dataset&& dataset) {
  const int count = narrow<int>(dataset.size());
  write_idx_images(folder / (prefix + "-images-idx3-ubyte"),
                   {.count = count,
                    .height = dataset.height,
                    .width = dataset.width,
                    .pixels = std::move(dataset.bytes())});
  write_idx_labels(folder / (prefix + "-labels-idx1-ubyte"), dataset.labels);
}

}  // namespace

DrawResult draw_dataset(const DrawRequest& request, JobObserver& observer) {
  const SynthOptions& form = request.form;
  const size_t image_bytes = narrow<size_t>(form.height * form.width);
  if (request.count > kMaxSynthBytes / image_bytes) {
    throw usage_error("--count: expected at most {} images of {}x{}, found {}",
                      kMaxSynthBytes / image_bytes, form.height, form.width, request.count);
  }
  expect_no_dataset(request.out);
  const DrawResult result{
      .train_images = request.count,
      .test_images = std::max<size_t>(request.count / kTrainImagesPerTestImage, 1)};
  ThreadPool pool(request.threads > 0 ? request.threads : available_cores());
  const auto draw = [&](const char* prefix, size_t count, uint64_t first_index) {
    expect_not_cancelled(observer);
    make_folder(request.out);
    write_split(request.out, prefix,
                synthesise_digits(count, request.seed, form, first_index, &pool));
  };
  draw("train", result.train_images, 0);
  draw("t10k", result.test_images, kFirstSynthTestIndex);
  return result;
}

}  // namespace inkling
