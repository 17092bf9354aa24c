// inkling ensemble
#include <fmt/core.h>

#include "base/error.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/terminal_observer.h"
#include "jobs/training/combine_models.h"

namespace inkling {

int run_ensemble(const Arguments& arguments) {
  CombineRequest request;
  std::string out = "runs/ensemble";
  CommandLine line(
      "ensemble",
      "Combine several trained models into one that predicts the mean of their probabilities\n"
      "and can be used wherever a model can. Example:\n"
      "  inkling train --recipe recipes/best.toml --seeds 5 --out runs/best\n"
      "  inkling ensemble runs/best/seed-* --out runs/best-of-five\n"
      "  inkling evaluate --model runs/best-of-five");
  line.positionals("MODEL", request.models, true, "two or more run folders or model files");
  line.text("--out", out, "folder for model.safetensors");
  line.text("--name", request.name, "name of the network");
  if (!line.parse(arguments)) return kDone;
  if (request.models.size() < 2)
    throw usage_error("ensemble: expected at least two models, found 1");
  request.out = out;

  TerminalObserver observer;
  const CombineResult made = combine_models(request, observer);
  fmt::print("{}: {} networks, {} parameters, {:.2f} MFLOP per image\n", made.file.string(),
             request.models.size(), grouped(made.parameters), made.flops / 1e6);
  return kDone;
}

}  // namespace inkling
