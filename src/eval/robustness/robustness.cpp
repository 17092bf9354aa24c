#include "eval/robustness/robustness.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/clock.h"
#include "base/index.h"
#include "base/random.h"
#include "data/batches.h"
#include "data/split.h"
#include "eval/explain/probe.h"
#include "eval/metrics/verdicts.h"
#include "eval/predict.h"

namespace inkling {
namespace {

constexpr uint64_t kSignStream = 0x7369676e;  // "sign"

constexpr std::array kAngles = {-90., -75., -60., -45., -30., -15., 0.,
                                15.,  30.,  45.,  60.,  75.,  90.};
constexpr std::array kShifts = {-8., -6., -4., -2., 0., 2., 4., 6., 8.};  // of 28 pixels
constexpr std::array kScales = {0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4};
constexpr std::array kEpsilons = {0., 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3};

constexpr double kSteps = 1 + kCorruptions * kCorruptionStrengths + kAngles.size() +
                          2 * kShifts.size() + kScales.size() + 2 * kEpsilons.size();

std::vector<uint32_t> stratified_subset(const Dataset& dataset, std::span<const uint32_t> indices,
                                        const RobustnessOptions& options) {
  std::vector<uint32_t> subset(indices.begin(), indices.end());
  if (options.images == 0 || count_of(indices) <= options.images) return subset;
  std::vector<uint8_t> labels;
  for (const uint32_t index : indices) labels.push_back(dataset.labels[index]);
  const double fraction = 1.0 * options.images / count_of(indices);
  const SplitIndices cut = stratified_split(labels, dataset.classes, fraction, options.seed);
  subset.clear();
  for (const uint32_t at : cut.validation) subset.push_back(indices[at]);
  return subset;
}

// The network's accuracy on changed images.
class Evaluator {
 public:
  Evaluator(const EvaluatedNetwork& network, const Dataset& dataset, std::vector<uint32_t> indices,
            Engine& engine, const std::function<void(double)>& progress)
      : network_(network),
        dataset_(dataset),
        indices_(std::move(indices)),
        engine_(engine),
        classifier_(*network.net, engine),
        progress_(progress) {
    classifier_.update(*network.parameters);
  }

  std::span<const uint32_t> indices() const { return indices_; }

  double accuracy_on(const Dataset& images) {
    const std::vector<float> probabilities =
        predict_dataset(classifier_, images, all_indices(images.size()), network_.statistics);
    return accuracy_of(probabilities);
  }

  double corrupted_accuracy(Corruption corruption, int strength, uint64_t seed) {
    return accuracy_on(corrupted(dataset_, indices_, corruption, strength, seed,
                                 *engine_.kernels().warp, engine_.pool()));
  }

  double warped_accuracy(const AugmentDraw& draw) {
    return accuracy_on(warped(
        dataset_, indices_, [&](uint32_t) { return draw; }, *engine_.kernels().warp,
        engine_.pool()));
  }

  // Of every pixel in [0, 1] moved by epsilon along its sign.
  double moved_accuracy(std::span<const int8_t> signs, double epsilon) {
    const Architecture& net = *network_.net;
    std::vector<float> moved, probabilities(indices_.size() * narrow<size_t>(net.classes));
    moved.reserve(signs.size());
    for (const uint32_t index : indices_) {
      for (const uint8_t level : dataset_.image(index)) {
        const double to = std::clamp(level / 255.0 + epsilon * signs[moved.size()], 0.0, 1.0);
        moved.push_back(static_cast<float>(network_.statistics.normalised(to)));
      }
    }
    classifier_.predict(moved.data(), count_of(indices_), probabilities.data());
    return accuracy_of(probabilities);
  }

  std::vector<int8_t> gradient_signs() {
    const Architecture& net = *network_.net;
    const size_t pixels = net.input.size();
    Probe probe(net, *network_.parameters, engine_);
    const BatchAssembler assembler(dataset_, network_.statistics);
    std::vector<float> x(pixels * Probe::kMaxImages);
    std::vector<uint8_t> labels(Probe::kMaxImages);
    std::vector<int8_t> signs;
    for (std::span<const uint32_t> rest = indices_; !rest.empty();) {
      const auto batch = rest.first(std::min<size_t>(Probe::kMaxImages, rest.size()));
      rest = rest.subspan(batch.size());
      assembler.assemble(batch, x.data());
      assembler.gather_labels(batch, labels.data());
      probe.forward(x.data(), count_of(batch));
      probe.backward_from_loss(std::span(labels).first(batch.size()));
      probe.input_gradient(x.data());
      for (size_t p = 0; p < batch.size() * pixels; ++p) {
        signs.push_back(x[p] > 0 ? 1 : x[p] < 0 ? -1 : 0);
      }
    }
    return signs;
  }

  std::vector<int8_t> random_signs(uint64_t seed) const {
    std::vector<int8_t> signs;
    for (const uint32_t index : indices_) {
      Random random(seed, kSignStream, index);
      for (size_t p = 0; p < network_.net->input.size(); ++p) {
        signs.push_back(random.below(2) == 0 ? -1 : 1);
      }
    }
    return signs;
  }

 private:
  double accuracy_of(std::span<const float> probabilities) {
    int correct = 0;
    for (size_t i = 0; i < indices_.size(); ++i) {
      const int guess = predicted_class(row_of(probabilities, i, network_.net->classes));
      correct += guess == dataset_.labels[indices_[i]] ? 1 : 0;
    }
    if (progress_) progress_(++steps_ / kSteps);
    return 1.0 * correct / count_of(indices_);
  }

  const EvaluatedNetwork& network_;
  const Dataset& dataset_;
  std::vector<uint32_t> indices_;
  Engine& engine_;
  Classifier classifier_;
  const std::function<void(double)>& progress_;
  double steps_ = 0;
};

template <typename Amounts, typename Draw>
std::vector<RobustnessPoint> sweep(Evaluator& evaluator, const Amounts& amounts, Draw draw) {
  std::vector<RobustnessPoint> points;
  for (const double amount : amounts)
    points.push_back({amount, evaluator.warped_accuracy(draw(amount))});
  return points;
}

void measure_corruptions(Evaluator& evaluator, Robustness& result) {
  for (int c = 0; c < kCorruptions; ++c) {
    CorruptionAccuracy row{.corruption = static_cast<Corruption>(c)};
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      const double accuracy = evaluator.corrupted_accuracy(row.corruption, strength, result.seed);
      at(row.accuracy, strength - 1) = accuracy;
      row.mean += accuracy / kCorruptionStrengths;
    }
    result.mean_corrupted += row.mean / kCorruptions;
    result.corruptions.push_back(row);
  }
}

void measure_geometry(Evaluator& evaluator, double unit, Robustness& result) {
  std::array<double, kShifts.size()> shifts{};
  std::ranges::transform(kShifts, shifts.begin(), [&](double shift) { return shift * unit; });
  result.rotation = sweep(evaluator, kAngles, [](double a) { return AugmentDraw{.rotation = a}; });
  result.shift_x = sweep(evaluator, shifts, [](double s) { return AugmentDraw{.shift_x = s}; });
  result.shift_y = sweep(evaluator, shifts, [](double s) { return AugmentDraw{.shift_y = s}; });
  result.scale =
      sweep(evaluator, kScales, [](double f) { return AugmentDraw{.scale_x = f, .scale_y = f}; });
}

}  // namespace

Robustness measure_robustness(const EvaluatedNetwork& network, const Dataset& dataset,
                              std::span<const uint32_t> indices, Engine& engine,
                              const RobustnessOptions& options,
                              const std::function<void(double fraction)>& progress) {
  expect_fit(*network.net, dataset);
  expect_labels(dataset);
  const Stopwatch watch;
  Evaluator evaluator(network, dataset, stratified_subset(dataset, indices, options), engine,
                      progress);
  const int n = count_of(evaluator.indices());
  Robustness result{.n = n, .of = std::ssize(indices), .seed = options.seed};
  const double unit = std::min(dataset.height, dataset.width) / 28.0;
  result.clean = evaluator.warped_accuracy({});
  result.clean_ci95 = wilson_interval95(std::llround(result.clean * n), n);
  measure_corruptions(evaluator, result);
  measure_geometry(evaluator, unit, result);
  const std::vector<int8_t> worst = evaluator.gradient_signs(),
                            any = evaluator.random_signs(options.seed);
  for (const double epsilon : kEpsilons) {
    result.fgsm.push_back({epsilon, evaluator.moved_accuracy(worst, epsilon),
                           evaluator.moved_accuracy(any, epsilon)});
  }
  result.seconds = watch.seconds();
  return result;
}

}  // namespace inkling
