// Are the probabilities true? Of a hundred predictions made with 90 % confidence ninety should be
// right. Not the mending (temperature.h) and not the drawing (report/).
//
//   Calibration c = measure_calibration(probabilities, labels, classes);
//   c.ece > c.ece_null95.high;   // more miscalibrated than chance makes a calibrated model look
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/metrics/verdicts.h"
#include "stats/wilson.h"

namespace inkling {

inline constexpr int kCalibrationBins = 15;  // as Guo et al. 2017 (arXiv 1706.04599) count

// A point of the reliability diagram: images next to each other in order of confidence.
struct CalibrationBin {
  int n = 0;                       // images
  double lowest = 0, highest = 0;  // confidence
  double confidence = 0;           // its mean
  double accuracy = 0;
  Interval accuracy_ci95;  // Wilson
};

struct Calibration {
  double confidence = 0;  // mean over all images; above the accuracy: over-confident
  // Expected calibration error of the top probability (Naeini et al. 2015), bins of equal mass:
  // sum over bins of n_b / N * |accuracy_b - confidence_b|.
  double ece = 0;
  // Of the true error, by the basic bootstrap over images (Davison and Hinkley 1997, eq. 5.6),
  // which takes off the upward bias that ECE has on a finite set: near ece_null it may lie below
  // `ece`.
  Interval ece_ci95;
  // What a perfectly calibrated model of these confidences would show (labels drawn from its
  // probabilities): the mean, and where 95 % lie. Never 0 on a finite set.
  double ece_null = 0;
  Interval ece_null95;
  double brier = 0;  // mean over images of sum_c (p_c - [c is the label])^2, from 0 to 2
  std::vector<CalibrationBin> bins;  // by rising confidence; those that got no image are left out
};

struct CalibrationOptions {
  int resamples = 1000;  // of the bootstrap and of the null
  uint64_t seed = 1;
};

// The arguments and what is thrown are expect_sound's. Deterministic in the seed.
Calibration measure_calibration(std::span<const float> probabilities,
                                std::span<const uint8_t> labels, int classes,
                                const CalibrationOptions& options = {});

// ECE alone. Throws nothing; the caller owes at least one verdict.
double calibration_error(std::vector<Verdict> verdicts);

}  // namespace inkling
