#include "jobs/training/combine_models.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "store/find_model.h"
#include "store/model_file.h"
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

CombineResult combine_models(const CombineRequest& request, JobObserver& observer) {
  if (RunFolder::state(request.out) != RunFolder::State::kNone) {
    throw usage_error("--out: {} holds a run; name another folder for the ensemble",
                      request.out.string());
  }

  std::vector<Model> models;
  models.reserve(request.models.size());
  for (const std::string& member : request.models) {
    expect_not_cancelled(observer);
    models.push_back(find_model(member, "MODEL").model);
  }
  const std::vector<EnsembleMember> members = as_members(request.models, models);
  Model ensemble = make_ensemble(members, request.name);
  ensemble.notes[kMembersNote] = members_note(members);
  const FolderLock alone = lock_for_training(request.out);
  clear_results(request.out);  // of an earlier ensemble
  const std::filesystem::path file = request.out / kModelFile;
  save_model(file, ensemble);
  return {
      .file = file, .parameters = ensemble.net->parameter_count(), .flops = ensemble.net->flops()};
}

}  // namespace inkling
