// How a picture became a prediction or a reading, step by step.
#pragma once

#include <optional>
#include <string>

#include "eval/explain/explanation.h"
#include "recognize/reader.h"
#include "recognize/reading.h"
#include "report/draw/figure.h"

namespace inkling {

// The picture with the digit's box, the ink found, the digit as the network sees it, what each of
// its pixels counts for the class predicted, and the probabilities.
Figure prediction_steps_figure(std::string name, const ReadingSteps& steps,
                               const DigitPrediction& prediction,
                               const std::optional<Heatmap>& saliency);

// The picture with the boxes of what was read, the ink found, and what it was cut into.
Figure reading_steps_figure(std::string name, const ReadingSteps& steps, const Reading& reading);

// Each digit read as the network saw it, the ink around it dim.
Figure read_digits_figure(std::string name, const ReadingSteps& steps, const Reading& reading);

}  // namespace inkling
