// The same training with several seeds: what `train --seeds` does once and a sweep at every point.
#pragma once

#include <filesystem>

#include "jobs/train_run.h"
#include "train/study/seed_study.h"

namespace inkling {

struct SeedsRequest {
  TrainRequest first;  // its seed is the first; first.out holds a run folder "seed-K" for each
  int seeds = 1;
};

// Trains those that are not finished and writes first.out/seeds.json (train/study/seed_study.h),
// which it returns. `test` null: no test figures. Without first.resume all start over. Throws Error
// (interrupted) once cancelled, and where another process trains into first.out.
SeedStudy train_seeds(const SeedsRequest& request, const Dataset& train, const Dataset* test,
                      Engine& engine, JobObserver& observer);

// The recipe of the run in `out`, or with several seeds of the one with the least: what resuming
// goes on with where no recipe is named. Empty where there is no run yet.
std::filesystem::path recipe_of_run(const std::filesystem::path& out, int seeds);

}  // namespace inkling
