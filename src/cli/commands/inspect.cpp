// inkling inspect: what is in a dataset, what is wrong with it, and what to do about it.
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/inspection_text.h"
#include "eval/data_report/inspection_json.h"
#include "jobs/images/inspect_dataset.h"
#include "jobs/images/load_images.h"
#include "train/run/run_files.h"

namespace inkling {

int run_inspect(const Arguments& arguments) {
  std::string dataset = "mnist", out, data_dir;
  bool no_suspects = false;
  EngineOptions engine_options;
  CommandLine line(
      "inspect",
      "Report what is in a dataset: counts, balance, drift between splits, blank, saturated and\n"
      "off-centre images, copies (also across splits), outliers, labels that are probably wrong.\n"
      "Writes inspect.json and figures/. Example:\n"
      "  inkling inspect --dataset mnist --out runs/mnist-data");
  line.text("--dataset", dataset, "dataset, looked up as --data-dir says");
  add_data_dir_option(line, data_dir);
  line.text("--out", out, "folder for inspect.json and figures/");
  line.flag("--no-suspects", no_suspects, "train nothing: skips the search for wrong labels");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (out.empty()) throw usage_error("inspect: --out is missing");

  Engine engine(engine_options);
  TerminalObserver observer;
  const ImageSource source{.dataset = dataset, .data_dir = data_dir};
  const Dataset train = load_images(source, Split::kTrain, engine.pool(), observer);
  const Dataset test = load_images(source, Split::kTest, engine.pool(), observer);
  const Inspection inspection =
      inspect_dataset({.out = out, .suspects = !no_suspects}, train, test, engine, observer);
  fmt::print("{0}\n{1}/{2} and {1}/{3}, {4:.1f} s\n", inspection_text(inspection), out,
             kInspectionFile, kFiguresFolder, inspection.seconds);
  return kDone;
}

}  // namespace inkling
