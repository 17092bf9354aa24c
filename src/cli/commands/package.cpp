// inkling package
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "jobs/shipping/package_run.h"
#include "report/card/package.h"

namespace inkling {
namespace {

int check(const std::string& folder) {
  const std::vector<std::string> faults = package_faults(folder);
  for (const std::string& fault : faults) say("{}/{}\n", folder, fault);
  if (!faults.empty()) return kFailed;
  fmt::print("{}: a sound package\n", folder);
  return kDone;
}

}  // namespace

int run_package(const Arguments& arguments) {
  PackageRequest request;
  std::vector<std::string> runs;
  std::string out, metrics, folder;
  EngineOptions engine_options;
  CommandLine line(
      "package",
      "Package a trained model as a Hugging Face model repository: weights, ONNX, a model card\n"
      "with results and snippets, what transformers.js needs. Examples:\n"
      "  inkling package runs/a --out build/digits\n"
      "  inkling package --check build/digits\n"
      "  hf upload NAME/digits build/digits");
  line.positionals("RUN", runs, false,
                   "run folder, package, file, hf://OWNER/NAME, URL, or reader, the built-in one");
  line.text("--out", out, "folder of the package; one that is there is replaced");
  line.text("--title", request.title, "of the card [the run folder's name]");
  line.text("--metrics", metrics, "results, of `inkling evaluate --json FILE` [the run's own]");
  line.text("--data-dir", request.data_dir, "folder of datasets, for the example's image");
  line.text("--check", folder, "check the package in this folder instead, offline");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (!folder.empty()) {
    if (!runs.empty() || !out.empty()) {
      throw usage_error("package: --check takes a folder and nothing else");
    }
    return check(folder);
  }
  if (runs.size() != 1) throw usage_error("package: expected one RUN, found {}", runs.size());
  if (out.empty()) throw usage_error("package: --out is missing");
  request.run = runs[0];
  request.out = out;
  request.metrics = metrics;
  Engine engine(engine_options);
  TerminalObserver observer;
  const PackageResult made = package_run(request, engine, observer);
  fmt::print("{}: {} files, {:.1f} MB\n", out, made.files.size(),
             static_cast<double>(made.bytes) / 1e6);
  fmt::print("try it      inkling predict --model {0} {0}/example.png\n", out);
  fmt::print("publish it  hf upload NAME/{} {}\n",
             std::filesystem::path(out).lexically_normal().filename().string(), out);
  return kDone;
}

}  // namespace inkling
