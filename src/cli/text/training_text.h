// The results of trainings as people read them in a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "eval/metrics/metrics.h"
#include "train/recipe/recipe.h"
#include "train/study/seed_study.h"

namespace inkling {

// "validation accuracy 98.61 % (95 % interval 98.29 to 98.88), loss 0.0432, epoch 7". `epoch`:
// the one whose weights were kept.
std::string accuracy_line(std::string_view split, const Metrics& metrics, const Recipe& recipe,
                          std::optional<int> epoch = {});

// "98.61 % (sd 0.05 over 5 seeds; mean 98.55 to 98.67 by Student's t; one run 98.29 to 98.88 by
// Wilson, n 6,000)", a split of a seed study.
std::string accuracy_text(const SplitStudy& split, int seeds);
// A line per run and split of a seed study, and one for all runs.
std::string seeds_text(const SeedStudy& study, int seeds);

}  // namespace inkling
