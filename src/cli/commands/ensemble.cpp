// inkling ensemble
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "store/model_file.h"
#include "store/weights_hash.h"
#include "train/run/run_folder.h"
#include "train/study/ensemble.h"

namespace inkling {
namespace {

std::vector<EnsembleMember> as_members(const std::vector<std::string>& names,
                                       const std::vector<Model>& models) {
  std::vector<EnsembleMember> members;
  for (size_t i = 0; i < models.size(); ++i) members.push_back({&models[i], names[i]});
  return members;
}

}  // namespace

int run_ensemble(const Arguments& arguments) {
  std::vector<std::string> names;
  std::string out = "runs/ensemble", name = "ensemble";
  CommandLine line(
      "ensemble",
      "Make one model of several trained ones: it answers with the mean of their probabilities\n"
      "and goes wherever a model goes. Example:\n"
      "  inkling train --recipe recipes/best.toml --seeds 5 --out runs/best\n"
      "  inkling ensemble runs/best/seed-* --out runs/best-of-five\n"
      "  inkling evaluate --model runs/best-of-five");
  line.positionals("MODEL", names, true, "two or more run folders or model files");
  line.text("--out", out, "folder for model.safetensors");
  line.text("--name", name, "what the network is called");
  if (!line.parse(arguments)) return kDone;
  if (names.size() < 2) throw usage_error("ensemble: expected at least two models, found 1");
  if (RunFolder::state(out) != RunFolder::State::kNone) {
    throw usage_error("--out: {} holds a run; name another folder for the ensemble", out);
  }

  std::vector<Model> models;
  models.reserve(names.size());
  for (const std::string& member : names)
    models.push_back(load_model(model_file_of(member, "MODEL")));
  const std::vector<EnsembleMember> members = as_members(names, models);
  Model ensemble = make_ensemble(members, name);
  ensemble.notes[kMembersNote] = members_note(members);
  const FolderLock alone = lock_for_training(out);
  clear_results(out);  // of an ensemble that was here before
  const std::filesystem::path file = std::filesystem::path(out) / kModelFile;
  save_model(file, ensemble);
  fmt::print("{}: {} networks, {} parameters, {:.2f} MFLOP an image\n", file.string(),
             models.size(), grouped(ensemble.net->parameter_count()), ensemble.net->flops() / 1e6);
  return kDone;
}

}  // namespace inkling
