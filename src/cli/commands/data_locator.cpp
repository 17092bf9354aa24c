// inkling data locator
#include <fmt/core.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands/data_commands.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "jobs/reader/locator_images.h"

namespace inkling {

int run_data_locator(const Arguments& arguments) {
  LocatorImagesRequest request;
  EngineOptions engine_options;
  std::string out;
  CommandLine line(
      "data locator",
      "Draw the training images of the built-in locator: windows of drawn rows, each\n"
      "labelled with the digit in its middle, or as between digits. tools/train_reader\n"
      "runs this and then trains.");
  line.text("--out", out, "folder for IDX files and classes.txt, created if missing");
  line.integer("--rows", request.rows, 1, 1'000'000, "rows of digits to draw");
  line.integer("--kept-back", request.kept_back, 0, 1'000'000,
               "MNIST training images, the last ones, to leave out");
  line.seed("--seed", request.seed, "for the rows");
  add_data_dir_option(line, request.data_dir);
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (out.empty()) throw usage_error("data locator: --out is missing");
  request.out = out;

  const Stopwatch watch;
  Engine engine(engine_options);
  TerminalObserver observer;
  const LocatorImagesResult drawn = draw_locator_images(request, engine, observer);
  fmt::print("{} windows with a digit in the middle and {} without, in {} ({:.1f} s)\n",
             grouped(drawn.digits), grouped(drawn.between), out, watch.seconds());
  return kDone;
}

}  // namespace inkling
