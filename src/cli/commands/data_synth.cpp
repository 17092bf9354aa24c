// inkling data synth
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "base/numbers.h"
#include "base/threads.h"
#include "cli/command_line.h"
#include "cli/commands/data_commands.h"
#include "cli/options/shared_options.h"
#include "data/formats/idx.h"
#include "data/synth/synth.h"
#include "sys/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kTrainImagesPerTestImage = 6;  // as MNIST's 60,000 and 10,000

// "32" or "32x24": height, then width.
void read_size(const std::string& text, SynthOptions& options) {
  const size_t cross = text.find('x');
  const std::optional<int64_t> height = parse_integer(text.substr(0, cross));
  const std::optional<int64_t> width =
      cross == std::string::npos ? height : parse_integer(text.substr(cross + 1));
  const auto fits = [](const std::optional<int64_t>& side) {
    return side && *side >= kMinSynthSide && *side <= kMaxSynthSide;
  };
  if (!fits(height) || !fits(width)) {
    throw usage_error(
        "--size: expected HEIGHTxWIDTH or one number for both, each from {} to {}, found \"{}\"",
        kMinSynthSide, kMaxSynthSide, text);
  }
  options.height = static_cast<int>(*height);
  options.width = static_cast<int>(*width);
}

// A folder that holds a data set keeps it.
void expect_no_dataset(const fs::path& folder) {
  for (const char* prefix : {"train", "t10k"}) {
    for (const char* kind : {"-images-idx3-ubyte", "-labels-idx1-ubyte"}) {
      for (const char* suffix : {"", ".gz"}) {
        const fs::path path = folder / (std::string(prefix) + kind + suffix);
        std::error_code ignored;
        if (fs::exists(path, ignored)) {
          throw input_error("--out {}: expected a folder without a data set, found {}",
                            folder.string(), path.filename().string());
        }
      }
    }
  }
}

void write_split(const fs::path& folder, const std::string& prefix, Dataset&& dataset) {
  const int count = static_cast<int>(dataset.size());
  write_idx_images(folder / (prefix + "-images-idx3-ubyte"), {.count = count,
                                                              .height = dataset.height,
                                                              .width = dataset.width,
                                                              .pixels = std::move(dataset.images)});
  write_idx_labels(folder / (prefix + "-labels-idx1-ubyte"), dataset.labels);
}

}  // namespace

int run_data_synth(const Arguments& arguments) {
  int count = 60000, threads = 0;
  uint64_t seed = 1;
  std::string out, size = "28x28";
  SynthOptions options;
  CommandLine line(
      "data synth",
      "Draw digits with a pen of our own and write them as a data set: MNIST's four files, a test\n"
      "image for every six training images, none in both. The same seed draws the same images,\n"
      "however many.\n"
      "Example: inkling data synth --count 60000 --out data/pen\n"
      "         inkling train --dataset pen --out runs/pen");
  line.integer("--count", count, 10, 10'000'000, "training images");
  line.text("--out", out, "folder, made if need be; its name is the data set's");
  line.seed("--seed", seed, "of the images");
  line.text("--size", size, "height x width of an image, pixels");
  line.integer("--threads", threads, 0, 1024, "0: the cores this process may use");
  if (!line.parse(arguments)) return kDone;
  if (out.empty()) throw usage_error("data synth: --out is missing");
  read_size(size, options);
  const size_t train_images = static_cast<size_t>(count);
  const size_t image_bytes = size_t(options.height) * size_t(options.width);
  if (train_images > kMaxSynthBytes / image_bytes) {
    throw usage_error("--count: expected at most {} images of {}x{}, found {}",
                      kMaxSynthBytes / image_bytes, options.height, options.width, count);
  }
  expect_no_dataset(out);

  const Stopwatch watch;
  const size_t test_images = std::max<size_t>(train_images / kTrainImagesPerTestImage, 1);
  ThreadPool pool(threads > 0 ? threads : available_cores());
  make_folder(out);
  write_split(out, "train", synthesise_digits(train_images, seed, options, 0, &pool));
  write_split(out, "t10k",
              synthesise_digits(test_images, seed, options, kFirstSynthTestIndex, &pool));
  fmt::print(
      "{} training and {} test images of {}x{}, synthetic digits of seed {}, in {} ({:.1f} s)\n",
      grouped(train_images), grouped(test_images), options.height, options.width, seed, out,
      watch.seconds());
  return kDone;
}

}  // namespace inkling
