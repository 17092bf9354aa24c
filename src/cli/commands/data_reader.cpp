// inkling data reader
#include <fmt/core.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands/data_commands.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "jobs/reader/reader_images.h"

namespace inkling {

int run_data_reader(const Arguments& arguments) {
  ReaderImagesRequest request;
  EngineOptions engine_options;
  std::string out;
  CommandLine line("data reader",
                   "Draw the training images of the built-in reader: MNIST's own, digits found in\n"
                   "drawn rows, and an eleventh class for what is not a digit. tools/train_reader\n"
                   "runs this and then trains.");
  line.text("--out", out, "folder for IDX files and classes.txt, created if missing");
  line.integer("--rows", request.rows, 1, 1'000'000, "rows of digits to draw");
  line.integer("--others", request.others, 1, 1'000'000, "pictures of what is no digit to draw");
  line.integer("--kept-back", request.kept_back, 0, 1'000'000,
               "MNIST training images, the last ones, to leave out");
  line.text("--hard-for", request.hard_for,
            "trained model: add what it gets wrong in twice as many new scenes");
  line.seed("--seed", request.seed, "for the scenes");
  add_data_dir_option(line, request.data_dir);
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (out.empty()) throw usage_error("data reader: --out is missing");
  request.out = out;

  const Stopwatch watch;
  Engine engine(engine_options);
  TerminalObserver observer;
  const ReaderImagesResult drawn = draw_reader_images(request, engine, observer);
  fmt::print("{} digits and {} images of no digit, {} of them mined, in {} ({:.1f} s)\n",
             grouped(drawn.digits), grouped(drawn.refused), grouped(drawn.mined), out,
             watch.seconds());
  return kDone;
}

}  // namespace inkling
