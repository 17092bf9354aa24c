#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/random.h"
#include "eval/predictions.h"

namespace inkling {
namespace {

// A batch larger than the training split needs no memory beyond it.
int largest_batch(const Recipe& recipe, const SplitIndices& split) {
  return static_cast<int>(
      std::clamp(split.train.size(), size_t{1}, static_cast<size_t>(recipe.batch)));
}

}  // namespace

Trainer::Trainer(const Recipe& recipe, Model& model, const Dataset& dataset,
                 const SplitIndices& split, Engine& engine)
    : recipe_(recipe),
      model_(model),
      dataset_(dataset),
      split_(split),
      engine_(engine),
      assembler_(dataset, {model.mean, model.sd}),
      augmenter_(augment_preset(recipe.augment), dataset, {model.mean, model.sd},
                 *engine.kernels().warp, {.seed = recipe.seed, .workers = engine.pool().threads()}),
      network_(*model.net, Mode::kTrain, largest_batch(recipe, split), engine),
      classifier_(*model.net, engine),
      optimiser_(recipe.optimiser, *model.net, engine),
      labels_(static_cast<size_t>(recipe.batch)) {
  expect_fit(*model.net, dataset);
  if (split.train.empty()) throw input_error("{}: no image to train on", dataset.name);
}

TrainingResult Trainer::run(const TrainingObserver& observer) {
  TrainingResult result;
  AlignedBuffer<float> best_weights(model_.net->parameter_floats);
  for (int epoch = 1; epoch <= recipe_.epochs; ++epoch) {
    EpochRecord record = train_epoch(epoch, observer);
    result.interrupted = interrupted();
    if (result.interrupted && result.best_epoch > 0) break;  // keep what was judged
    validate(record);
    if (result.best_epoch == 0 || improves(record)) {
      std::copy(model_.parameters.all().begin(), model_.parameters.all().end(),
                best_weights.begin());
      best_ = record;
      result.best_epoch = result.interrupted ? 0 : epoch;
    }
    if (result.interrupted) break;
    result.history.push_back(record);
    observer.epoch(record);
    result.stopped_early = recipe_.patience > 0 && epoch - result.best_epoch >= recipe_.patience;
    if (result.stopped_early) break;
  }
  std::copy(best_weights.begin(), best_weights.end(), model_.parameters.all().begin());
  result.train_seconds = train_seconds_;
  result.images_per_second = static_cast<double>(split_.train.size()) *
                             static_cast<double>(result.history.size()) /
                             std::max(train_seconds_, 1e-9);
  return result;
}

EpochRecord Trainer::train_epoch(int epoch, const TrainingObserver& observer) {
  const std::vector<uint32_t> order = epoch_order(split_.train, recipe_.seed, epoch);
  const size_t batch = static_cast<size_t>(recipe_.batch);
  const size_t steps_an_epoch = (order.size() + batch - 1) / batch;
  const double all_steps = static_cast<double>(steps_an_epoch) * recipe_.epochs;
  EpochRecord record{.epoch = epoch};
  double loss_sum = 0;
  size_t correct = 0, seen = 0;
  Stopwatch watch;
  do {
    const size_t n = std::min(batch, order.size() - seen);
    load(std::span(order).subspan(seen, n), epoch);
    network_.forward(
        model_.parameters, static_cast<int>(n),
        static_cast<uint32_t>(mix_bits(recipe_.seed ^ mix_bits(static_cast<uint64_t>(steps_)))));
    const LossResult loss = network_.loss(std::span(labels_).first(n));
    if (!std::isfinite(loss.sum)) {
      throw input_error(
          "training diverged: the loss is {} in epoch {}, step {}; try a smaller learning rate "
          "than {}",
          loss.sum, epoch, seen / batch + 1, recipe_.lr);
    }
    network_.backward(model_.parameters);
    record.lr =
        recipe_.lr * schedule_factor(recipe_.schedule, static_cast<double>(steps_) / all_steps);
    optimiser_.step(record.lr, network_.gradients(), model_.parameters);
    ++steps_;
    seen += n;
    loss_sum += loss.sum;
    correct += static_cast<size_t>(loss.correct);
    const double rate = static_cast<double>(seen) / watch.seconds();
    const size_t left =
        (order.size() - seen) + order.size() * static_cast<size_t>(recipe_.epochs - epoch);
    observer.progress({.epoch = epoch,
                       .epochs = recipe_.epochs,
                       .images_done = seen,
                       .images = order.size(),
                       .images_per_second = rate,
                       .seconds_left = static_cast<double>(left) / rate,
                       .loss = loss_sum / static_cast<double>(seen)});
  } while (seen < order.size() && !interrupted());
  record.seconds = watch.seconds();
  record.images_per_second = static_cast<double>(seen) / record.seconds;
  record.train_loss = loss_sum / static_cast<double>(seen);
  record.train_accuracy = static_cast<double>(correct) / static_cast<double>(seen);
  train_seconds_ += record.seconds;
  return record;
}

void Trainer::load(std::span<const uint32_t> indices, int epoch) {
  const Tensor& input = network_.input();
  const int images = static_cast<int>(indices.size());
  engine_.pool().run(pieces_of(images), [&](int piece, int worker) {
    const int begin = piece_begin(images, piece), end = piece_begin(images, piece + 1);
    augmenter_.assemble(
        indices.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)), epoch,
        worker, input.image(begin), static_cast<size_t>(input.image_stride),
        static_cast<size_t>(input.row_stride));
  });
  assembler_.gather_labels(indices, labels_.data());
}

void Trainer::validate(EpochRecord& record) {
  record.val_loss = record.val_accuracy = std::numeric_limits<double>::quiet_NaN();
  if (split_.validation.empty()) return;
  classifier_.update(model_.parameters);
  const std::vector<float> probabilities =
      predict_dataset(classifier_, dataset_, split_.validation, {model_.mean, model_.sd});
  if (!std::all_of(probabilities.begin(), probabilities.end(),
                   [](float p) { return std::isfinite(p); })) {
    throw input_error(
        "training diverged: the network's answers are no numbers after epoch {}; try a smaller "
        "learning rate than {}",
        record.epoch, recipe_.lr);
  }
  std::vector<uint8_t> labels(split_.validation.size());
  assembler_.gather_labels(split_.validation, labels.data());
  const Metrics metrics = compute_metrics(probabilities, labels, model_.net->classes);
  record.val_loss = metrics.loss;
  record.val_accuracy = metrics.accuracy;
}

// Without validation images every epoch replaces the one before. Equal accuracy falls back on loss.
bool Trainer::improves(const EpochRecord& record) const {
  if (split_.validation.empty()) return true;
  if (recipe_.val_metric == "accuracy" && record.val_accuracy != best_.val_accuracy) {
    return record.val_accuracy > best_.val_accuracy;
  }
  return record.val_loss < best_.val_loss;
}

Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine) {
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const std::vector<float> probabilities =
      predict_dataset(classifier, dataset, indices, {model.mean, model.sd});
  std::vector<uint8_t> labels;
  for (const uint32_t index : indices) labels.push_back(dataset.labels[index]);
  return compute_metrics(probabilities, labels, model.net->classes);
}

}  // namespace inkling
