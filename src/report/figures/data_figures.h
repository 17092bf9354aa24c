// The figures of `inkling inspect`: what a dataset looks like. Each takes what was measured and
// returns a figure for a FigureSheet (figure.h).
//
// sample_digits, class_distribution, mean_digits, pixel_histogram, outliers, suspect_labels,
// preprocessing, data_augmentation_examples.
#pragma once

#include "data/dataset.h"
#include "eval/data_report/inspection.h"
#include "nn/engine.h"
#include "report/draw/figure.h"

namespace inkling {

// The splits that were inspected. Figures copy what they show.
struct InspectedData {
  const Dataset& train;
  const Dataset& test;
};

Figure sample_digits(const InspectedData& data);
Figure class_distribution(const Inspection& inspection);
Figure mean_digits(const InspectedData& data, const Inspection& inspection);
Figure pixel_histogram(const Inspection& inspection);
// The farthest of both splits; without outliers, a sentence.
Figure outliers_figure(const InspectedData& data, const Inspection& inspection);
// The most certain of both splits, given and suggested label below each; without any, a sentence.
Figure suspect_labels(const InspectedData& data, const Inspection& inspection);
// One image on its way into the network: bytes, normalised, and the numbers themselves.
Figure preprocessing(const InspectedData& data, const Inspection& inspection);
// Images beside variants by the presets `standard` and `strong`.
Figure data_augmentation_examples(const InspectedData& data, Engine& engine, uint64_t seed);

// All of them; suspect_labels only if suspects were looked for.
void add_data_figures(const InspectedData& data, const Inspection& inspection, Engine& engine,
                      FigureSheet& sheet);

}  // namespace inkling
