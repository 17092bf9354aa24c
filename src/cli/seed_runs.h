// The same training with several seeds: what `train --seeds` does once and `sweep` at every point.
#pragma once

#include <string>

#include "cli/training_job.h"
#include "train/study/seed_study.h"

namespace inkling {

struct SeedRuns {
  TrainingJob job;  // its seed is the first; job.out holds a run folder "seed-K" for each
  int seeds = 1;
};

// Trains those that are not finished and writes job.out/seeds.json (train/study/seed_study.h),
// which it returns. `test` null: no test figures. Without job.resume all start over. Throws Error
// (interrupted) after Ctrl-C, and where another process trains into job.out.
SeedStudy run_seeds(const SeedRuns& runs, const Dataset& train, const Dataset* test,
                    Engine& engine);

// "98.61 % (sd 0.05 over 5 seeds; mean 98.55 to 98.67 by Student's t; one run 98.29 to 98.88 by
// Wilson, n 6,000)", of a seed study's "validation" or "test".
std::string accuracy_text(const SplitStudy& split, size_t seeds);

}  // namespace inkling
