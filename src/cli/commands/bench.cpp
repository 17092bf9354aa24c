// inkling bench: the engine's figures on this machine, from random images.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/bench_text.h"

namespace inkling {

int run_bench(const Arguments& arguments) {
  BenchRequest request;
  EngineOptions engine_options;
  bool json = false;
  CommandLine line(
      "bench",
      "Measure the engine on random images: every step of a training step, training and\n"
      "inference as a whole, and the fraction of the cores' peak that they reach.");
  line.text("--model", request.model, "name from `inkling models`, or a network file (.toml)");
  line.integer("--batch", request.batch, 1, 4096, "images per training step");
  line.real("--seconds", request.seconds, 0, 600, false, "length of each measurement");
  line.flag("--json", json, "print JSON");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;

  Engine engine(engine_options);
  TerminalObserver observer;
  const auto report = bench_json(request, bench_engine(request, engine, observer), engine);
  fmt::print("{}", json ? json_text(report, 2) + "\n" : bench_text(request, report));
  return kDone;
}

}  // namespace inkling
