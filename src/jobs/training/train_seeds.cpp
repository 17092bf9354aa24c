#include "jobs/training/train_seeds.h"

#include <fmt/core.h>

#include <cstdint>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/index.h"
#include "sys/json_file.h"
#include "train/run/run_folder.h"
#include "train/study/seed_study.h"

namespace inkling {

SeedStudy train_seeds(const SeedsRequest& request, const Dataset& train, const Dataset* test,
                      Engine& engine, JobObserver& observer) {
  const std::filesystem::path& out = request.first.out;
  const uint64_t largest = uint64_t{INT64_MAX} - narrow<uint64_t>(request.seeds - 1);
  if (request.first.recipe.seed > largest) {
    throw usage_error("--seed: expected at most {} with {} seeds, found {}", largest, request.seeds,
                      request.first.recipe.seed);
  }
  const FolderLock alone = lock_for_training(out);
  const std::filesystem::path file = out / kSeedsFile;
  clear_file(file);  // written again when all runs are done
  std::vector<SeedRun> done;
  for (int i = 0; i < request.seeds; ++i) {
    TrainRequest one = request.first;
    one.recipe.seed += narrow<uint64_t>(i);
    one.out /= seed_folder(one.recipe.seed);
    const TrainOutcome outcome = train_run(one, train, engine, observer);
    if (outcome.result.interrupted) {
      throw Error(ErrorKind::kInterrupted,
                  fmt::format("interrupted in {}; --resume continues", one.out.string()));
    }
    if (test != nullptr && !was_evaluated_on_test(one.out)) {
      evaluate_on_test(one.out, outcome, *test, engine);
    }
    done.push_back({.seed = one.recipe.seed, .folder = one.out});
  }
  SeedStudy study = seed_study(done, out);
  write_json(file, seed_study_json(study));
  return study;
}

std::filesystem::path recipe_of_run(const std::filesystem::path& out, int seeds) {
  std::filesystem::path run = out;
  std::error_code code;
  if (seeds > 1) {
    uint64_t least = UINT64_MAX;
    for (const auto& entry : std::filesystem::directory_iterator(out, code)) {
      const auto seed = seed_of_folder(entry.path().filename().string());
      if (!seed || *seed >= least) continue;
      least = *seed;
      run = entry.path();
    }
  }
  return RunFolder::state(run) == RunFolder::State::kNone ? "" : RunFiles{run}.recipe();
}

}  // namespace inkling
