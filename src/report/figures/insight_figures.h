// The figures of what is behind a run's answers (insight.h), and of what happens to them when the
// pictures get worse.
//
// saliency, filters, feature_map, robustness, robustness_curves.
#pragma once

#include <string>

#include "eval/robustness/robustness.h"
#include "report/draw/figure.h"
#include "report/figures/insight.h"

namespace inkling {

// A row a mistake: the image, saliency, Grad-CAM, occlusion. Without a mistake it says so.
Figure saliency_figure(const EvaluatedRun& run, const Insight& insight);
Figure filters_figure(const EvaluatedRun& run, const Insight& insight);
Figure feature_map(const EvaluatedRun& run, const Insight& insight);

Figure robustness_figure(const Robustness& robustness, const std::string& source);
Figure robustness_curves(const Robustness& robustness, const std::string& source);
// Both, or neither where it was not measured (null).
void add_robustness_figures(const Robustness* robustness, const std::string& source,
                            FigureSheet& sheet);

}  // namespace inkling
