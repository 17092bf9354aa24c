// The figures of what is behind a run's predictions (insight.h), and of their robustness to
// corrupted images.
//
// saliency, filters, feature_map, robustness, robustness_curves.
#pragma once

#include <string>

#include "eval/robustness/robustness.h"
#include "report/draw/figure.h"
#include "report/figures/insight.h"

namespace inkling {

// A row per mistake: the image, saliency, Grad-CAM, occlusion; without mistakes, a sentence.
Figure saliency_figure(const EvaluatedRun& run, const Insight& insight);
Figure filters_figure(const EvaluatedRun& run, const Insight& insight);
Figure feature_map(const EvaluatedRun& run, const Insight& insight);

Figure robustness_figure(const Robustness& robustness, const std::string& source);
Figure robustness_curves(const Robustness& robustness, const std::string& source);
// Both, or neither if it was not measured (null).
void add_robustness_figures(const Robustness* robustness, const std::string& source,
                            FigureSheet& sheet);

}  // namespace inkling
