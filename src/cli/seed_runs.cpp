#include "cli/seed_runs.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/options/shared_options.h"
#include "train/run/json_file.h"
#include "train/run/run_folder.h"
#include "train/study/seed_study.h"

namespace inkling {

nlohmann::ordered_json run_seeds(const SeedRuns& runs, const Dataset& train, const Dataset* test,
                                 Engine& engine) {
  const FolderLock alone = lock_for_training(runs.job.out);
  clear_file(runs.job.out / "seeds.json");  // it comes back when all runs are done
  std::vector<SeedRun> done;
  for (int i = 0; i < runs.seeds; ++i) {
    TrainingJob job = runs.job;
    job.recipe.seed += static_cast<uint64_t>(i);
    job.out /= fmt::format("seed-{}", job.recipe.seed);
    const TrainingOutcome outcome = run_training(job, train, engine);
    if (outcome.result.interrupted) {
      throw Error(ErrorKind::kInterrupted,
                  fmt::format("interrupted in {}; --resume goes on", job.out.string()));
    }
    if (test != nullptr && !std::filesystem::exists(job.out / "metrics-test.json")) {
      evaluate_run(job.out, *test, engine);
    }
    done.push_back({.seed = job.recipe.seed, .folder = job.out});
  }
  nlohmann::ordered_json study = seed_study(done, runs.job.out);
  write_json(runs.job.out / "seeds.json", study);
  return study;
}

std::string accuracy_text(const nlohmann::ordered_json& split, size_t seeds) {
  const auto& accuracy = split["accuracy"];
  const auto range = [](const nlohmann::ordered_json& pair) {
    return fmt::format("{:.2f} to {:.2f}", 100 * pair[0].get<double>(),
                       100 * pair[1].get<double>());
  };
  std::string text = percent(accuracy["mean"].get<double>());
  if (seeds > 1) {
    text += fmt::format(" (sd {:.2f} over {} seeds; mean {} by Student's t; one run",
                        100 * accuracy["sd"].get<double>(), seeds, range(accuracy["mean_ci95"]));
  } else {
    text += " (one seed";
  }
  return text + fmt::format(" {} by Wilson, n {})", range(accuracy["run_ci95"]),
                            grouped(split["n"].get<size_t>()));
}

}  // namespace inkling
