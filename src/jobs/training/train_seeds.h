// The same training with several seeds: `train --seeds` does it once, a sweep at every point.
#pragma once

#include <filesystem>

#include "jobs/training/train_run.h"
#include "train/study/seed_study.h"

namespace inkling {

struct SeedsRequest {
  TrainRequest first;  // its seed is the first; first.out holds a run folder "seed-K" for each
  int seeds = 1;
};

// Trains the runs that are not finished, writes first.out/seeds.json (train/study/seed_study.h) and
// returns it. `test` null: no test results. Without first.resume all runs start over. Throws Error
// (interrupted) once cancelled, and if another process is training into first.out. Threads:
// observer.h.
SeedStudy train_seeds(const SeedsRequest& request, const Dataset& train, const Dataset* test,
                      Engine& engine, JobObserver& observer);

// The recipe of the run in `out` or, of several seeds, of the run with the lowest: what resuming
// uses if no recipe is named. Empty if there is no run yet.
std::filesystem::path recipe_of_run(const std::filesystem::path& out, int seeds);

}  // namespace inkling
