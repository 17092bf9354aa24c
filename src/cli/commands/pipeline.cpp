// inkling pipeline: from data to report.
#include <fmt/core.h>

#include <cstdio>

#include "base/clock.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/inspection_text.h"
#include "cli/text/pipeline_text.h"
#include "data/synth/synth.h"
#include "jobs/run_pipeline.h"

namespace inkling {
namespace {

// Prints what is known about the data before training starts.
class Display : public TerminalObserver {
 public:
  Display(Engine& engine, std::string out) : engine_(engine), out_(std::move(out)) {}

  void training_images(const Dataset& train) override {
    const int threads = engine_.pool().threads();
    fmt::print("inkling {}, variant {}, {} thread{}\n", INKLING_VERSION, engine_.kernels().name,
               threads, threads == 1 ? "" : "s");
    fmt::print("data: {}, {} training images of {}x{}, {} classes\n{}\n", train.name,
               grouped(train.size()), train.height, train.width, train.classes,
               train.name == kSyntheticName
                   ? "SYNTHETIC DIGITS, drawn by Inkling itself: no figure below shows how well "
                     "it reads handwriting.\n"
                   : "");
    std::fflush(stdout);
  }
  void inspected(const Inspection& inspection) override {
    fmt::print("{}data report in {}/data\n\n", findings_text(inspection), out_);
    std::fflush(stdout);
  }

 private:
  Engine& engine_;
  std::string out_;
};

}  // namespace

int run_pipeline(const Arguments& arguments) {
  PipelineRequest request;
  std::string out = "runs/demo";
  EngineOptions engine_options;
  CommandLine line(
      "pipeline",
      "Find the data, inspect it, train the baseline and the networks, evaluate them on the test\n"
      "set, compare them, write report.html about the one chosen on validation images, and "
      "package\n"
      "it. With neither MNIST's files nor a network to fetch them, it uses synthetic digits and\n"
      "says so; a dataset you name is never replaced.");
  line.text("--dataset", request.dataset, "dataset, looked up as --data-dir says [mnist]");
  add_data_dir_option(line, request.data_dir);
  line.text("--out", out, "folder for the runs");
  line.flag("--quick", request.quick, "fewer epochs on 12,000 images: a preview, not a result");
  line.seed("--seed", request.seed, "for everything random");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;

  request.out = out;

  const Stopwatch watch;
  Engine engine(engine_options);
  Display display(engine, out);
  const PipelineResult result = run_pipeline(request, engine, display);
  fmt::print("test set, {} {}images{}:\n\n{}\n{}runs in {}, {:.0f} s in all\n",
             grouped(result.test_images), result.synthetic ? "synthetic " : "",
             request.quick ? " (quick: a preview, not a result)" : "", pipeline_table(result),
             pipeline_summary(result), out, watch.seconds());
  fmt::print(
      "\n{0} is ready for the Hugging Face Hub. Try it, publish it:\n"
      "  inkling predict --model {0} {0}/example.png\n"
      "  hf upload NAME/digits {0}\n",
      result.package.string());
  return kDone;
}

}  // namespace inkling
