// inkling report: everything known about a run as one page.
#include <fmt/core.h>

#include "base/clock.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "jobs/evaluation/write_report.h"

namespace inkling {

int run_report(const Arguments& arguments) {
  std::vector<std::string> runs;
  std::string inspection, comparison, data_dir;
  EngineOptions engine_options;
  CommandLine line(
      "report",
      "Write RUN/report.html, one self-contained page, and RUN/figures: how good the network is\n"
      "and how certain that is, its data, training, mistakes and confidence, and a comparison\n"
      "with others. It reports test results once `evaluate` or `train --test` has run, else\n"
      "validation results. Example:\n"
      "  inkling report runs/demo/cnn3");
  line.positionals("RUN", runs, true, "run folder");
  line.text("--inspection", inspection,
            "folder of `inkling inspect`, for the data section [RUN/../data, if it is one]");
  line.text("--comparison", comparison,
            "folder of `inkling compare --out`, for the comparison [RUN/.., if it is one]");
  add_data_dir_option(line, data_dir);
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;

  Engine engine(engine_options);
  TerminalObserver observer;
  for (const std::string& run : runs) {
    const Stopwatch watch;
    const ReportResult result = write_report(
        {.run = run, .inspection = inspection, .comparison = comparison, .data_dir = data_dir},
        engine, observer);
    const Metrics& metrics = result.evaluation.metrics;
    fmt::print("{}: accuracy {} on {} {} images; {} ({:.1f} s)\n", result.model,
               percent(metrics.accuracy), grouped(metrics.n), result.split, result.page.string(),
               watch.seconds());
  }
  return kDone;
}

}  // namespace inkling
