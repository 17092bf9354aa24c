// inkling data synth
#include <fmt/core.h>

#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "base/index.h"
#include "base/number_text.h"
#include "base/numbers.h"
#include "cli/command_line.h"
#include "cli/commands/data_commands.h"
#include "cli/terminal_observer.h"
#include "jobs/images/draw_dataset.h"

namespace inkling {
namespace {

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
  options.height = narrow<int>(*height);
  options.width = narrow<int>(*width);
}

}  // namespace

int run_data_synth(const Arguments& arguments) {
  int count = 60000;
  DrawRequest request;
  std::string out, size = "28x28";
  CommandLine line(
      "data synth",
      "Draw synthetic digits and write them as a dataset: MNIST's four files, a test image for\n"
      "every six training images, none in both. The same seed draws the same images, whatever\n"
      "their number.\n"
      "Example: inkling data synth --count 60000 --out data/pen\n"
      "         inkling train --dataset pen --out runs/pen");
  line.integer("--count", count, 10, 10'000'000, "training images");
  line.text("--out", out, "folder, created if missing; its name becomes the dataset's");
  line.seed("--seed", request.seed, "for the images");
  line.text("--size", size, "height x width of each image, in pixels");
  line.integer("--threads", request.threads, 0, 1024, "0: the cores this process may use");
  if (!line.parse(arguments)) return kDone;
  if (out.empty()) throw usage_error("data synth: --out is missing");
  read_size(size, request.form);
  request.count = narrow<size_t>(count);
  request.out = out;

  const Stopwatch watch;
  TerminalObserver observer;
  const DrawResult drawn = draw_dataset(request, observer);
  fmt::print(
      "{} training and {} test images of {}x{}, synthetic digits of seed {}, in {} ({:.1f} s)\n",
      grouped(drawn.train_images), grouped(drawn.test_images), request.form.height,
      request.form.width, request.seed, out, watch.seconds());
  return kDone;
}

}  // namespace inkling
