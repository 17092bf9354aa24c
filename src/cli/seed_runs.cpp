#include "cli/seed_runs.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/options/shared_options.h"
#include "sys/json_file.h"
#include "train/run/run_folder.h"

namespace inkling {

SeedStudy run_seeds(const SeedRuns& runs, const Dataset& train, const Dataset* test,
                    Engine& engine) {
  const FolderLock alone = lock_for_training(runs.job.out);
  const std::filesystem::path file = runs.job.out / kSeedsFile;
  clear_file(file);  // it comes back when all runs are done
  std::vector<SeedRun> done;
  for (int i = 0; i < runs.seeds; ++i) {
    TrainingJob job = runs.job;
    job.recipe.seed += static_cast<uint64_t>(i);
    job.out /= seed_folder(job.recipe.seed);
    const TrainingOutcome outcome = run_training(job, train, engine);
    if (outcome.result.interrupted) {
      throw Error(ErrorKind::kInterrupted,
                  fmt::format("interrupted in {}; --resume goes on", job.out.string()));
    }
    if (test != nullptr && !std::filesystem::exists(RunFiles{job.out}.test_metrics())) {
      evaluate_run(job.out, *test, engine);
    }
    done.push_back({.seed = job.recipe.seed, .folder = job.out});
  }
  SeedStudy study = seed_study(done, runs.job.out);
  write_json(file, seed_study_json(study));
  return study;
}

std::string accuracy_text(const SplitStudy& split, size_t seeds) {
  const auto range = [](const Interval& interval) {
    return fmt::format("{:.2f} to {:.2f}", 100 * interval.low, 100 * interval.high);
  };
  std::string text = percent(split.accuracy.mean);
  if (seeds > 1) {
    text += fmt::format(" (sd {:.2f} over {} seeds; mean {} by Student's t; one run",
                        100 * split.accuracy.sd, seeds, range(split.accuracy.mean_ci95));
  } else {
    text += " (one seed";
  }
  return text + fmt::format(" {} by Wilson, n {})", range(split.run_ci95),
                            grouped(static_cast<size_t>(split.n)));
}

}  // namespace inkling
