#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"
#include "base/random.h"
#include "eval/normalisation.h"
#include "eval/predict.h"

namespace inkling {
namespace {

// A batch needs no memory beyond the size of the training split.
int largest_batch(const Recipe& recipe, const SplitIndices& split) {
  return std::clamp(count_of(split.train), 1, recipe.batch);
}

Error diverged(const Recipe& recipe, const std::string& what) {
  return input_error("training diverged: {}; try a smaller learning rate than {}{}{}", what,
                     recipe.lr,
                     recipe.schedule.warmup > 0 ? "" : ", a warm-up (--schedule-warmup 1)",
                     recipe.optimiser.clip > 0 ? "" : ", gradient clipping (--optimiser-clip 1)");
}

// Of coarse clocks too, on which no time may have passed.
double per_second(double images, double seconds) { return images / std::max(seconds, 1e-9); }

// A new one each step.
uint32_t dropout_seed(const Recipe& recipe, int64_t step) {
  return static_cast<uint32_t>(mix_bits(recipe.seed ^ mix_bits(static_cast<uint64_t>(step))));
}

}  // namespace

Trainer::Trainer(const Recipe& recipe, Model& model, const Dataset& dataset,
                 const SplitIndices& split, Engine& engine, const Model* teacher)
    : recipe_(recipe),
      model_(model),
      dataset_(dataset),
      split_(split),
      engine_(engine),
      assembler_(dataset, statistics_of(model.normalisation)),
      augmenter_(recipe.augment.ranges, dataset, statistics_of(model.normalisation),
                 *engine.kernels().warp, {.seed = recipe.seed, .workers = engine.pool().threads()}),
      network_(*model.net, Mode::kTrain, largest_batch(recipe, split), engine),
      classifier_(*model.net, engine),
      optimiser_(recipe.optimiser, *model.net, engine),
      kept_(model.net->parameter_floats) {
  expect_fit(*model.net, dataset);
  if (split.train.empty()) throw input_error("{}: no image to train on", dataset.name);
  if (recipe.ema > 0) average_.emplace(recipe.ema, *model.net, engine);
  if (teacher) teacher_.emplace(*teacher, model, largest_batch(recipe, split), engine);
}

TrainingResult Trainer::run(const TrainingObserver& observer) {
  INKLING_CHECK(observer.now);
  TrainingResult result;
  while (epochs_done() < recipe_.epochs && !out_of_patience()) {
    EpochRecord record = train_epoch(epochs_done() + 1, observer);
    result.interrupted = observer.stop && observer.stop();
    if (result.interrupted && epochs_done() > 0) break;  // keep what was evaluated
    validate(record);
    keep(record);
    if (result.interrupted) {
      kept_epoch_ = 0;
      break;
    }
    history_.push_back(record);
    if (observer.between_epochs) observer.between_epochs(*this);
    if (observer.epoch) observer.epoch(record);
  }
  std::copy(kept_.begin(), kept_.end(), model_.parameters.all().begin());
  result.history = history_;
  result.best_epoch = kept_epoch_;
  result.stopped_early = !result.interrupted && out_of_patience();
  result.train_seconds = train_seconds_;
  result.images_per_second =
      per_second(1.0 * count_of(split_.train) * epochs_done(), train_seconds_);
  return result;
}

EpochRecord Trainer::train_epoch(int epoch, const TrainingObserver& observer) {
  const std::vector<uint32_t> order = epoch_order(split_.train, recipe_.seed, epoch);
  const int images = count_of(order);
  const TrainingLength length{.steps_an_epoch = ceil_div(images, recipe_.batch),
                              .epochs = recipe_.epochs};
  EpochRecord record{.epoch = epoch};
  double loss_sum = 0;
  int correct = 0, seen = 0;
  const double began = observer.now();
  do {
    const int n = std::min(recipe_.batch, images - seen);
    const auto first = order.begin() + seen;
    load({first, first + n}, epoch);
    network_.forward(model_.parameters, n, dropout_seed(recipe_, steps_));
    const LossResult loss = this->loss(n);
    if (!std::isfinite(loss.sum)) {
      throw diverged(recipe_, fmt::format("the loss is {} in epoch {}, step {}", loss.sum, epoch,
                                          seen / recipe_.batch + 1));
    }
    network_.backward(model_.parameters);
    record.lr = recipe_.lr * schedule_factor(recipe_.schedule, length, steps_);
    optimiser_.step(record.lr, network_.gradients(), model_.parameters);
    ++steps_;
    if (average_) average_->update(steps_, model_.parameters);
    seen += n;
    loss_sum += loss.sum;
    correct += loss.correct;
    if (observer.progress) {
      const double rate = per_second(seen, observer.now() - began);
      const double left = (images - seen) + 1.0 * images * (recipe_.epochs - epoch);
      observer.progress({.epoch = epoch,
                         .epochs = recipe_.epochs,
                         .images_done = seen,
                         .images = images,
                         .images_per_second = rate,
                         .seconds_left = left / rate,
                         .loss = loss_sum / seen});
    }
  } while (seen < images && !(observer.stop && observer.stop()));
  record.seconds = observer.now() - began;
  record.images_per_second = per_second(seen, record.seconds);
  record.train_loss = loss_sum / seen;
  record.train_accuracy = 1.0 * correct / seen;
  train_seconds_ += record.seconds;
  return record;
}

void Trainer::load(std::span<const uint32_t> indices, int epoch) {
  const Tensor& input = network_.input();
  const int images = count_of(indices);
  engine_.pool().run(pieces_of(images), [&](int piece, int worker) {
    const int begin = piece_begin(images, piece), end = piece_begin(images, piece + 1);
    augmenter_.assemble({indices.begin() + begin, indices.begin() + end}, epoch, worker,
                        input.image(begin), input.image_stride, input.row_stride);
  });
  labels_.resize(indices.size());
  assembler_.gather_labels(indices, labels_.data());
}

// Of the batch that went forward; also sets the gradient that backward starts from.
LossResult Trainer::loss(int images) {
  const LossResult hard = network_.loss(labels_, static_cast<float>(recipe_.label_smoothing));
  if (!teacher_) return hard;
  const DistillationOptions options{.fraction = static_cast<float>(recipe_.distil.fraction),
                                    .temperature = static_cast<float>(recipe_.distil.temperature)};
  const std::span<const float> predictions = teacher_->predictions(network_.input(), images);
  for (const Network::Head& head : network_.heads_apart()) {
    add_distillation(*head.logits, predictions, options, {}, *head.gradient);
  }
  return add_distillation(network_.logits(), predictions, options, hard,
                          network_.logits_gradient());
}

void Trainer::validate(EpochRecord& record) {
  record.val_loss = record.val_accuracy = record.val_macro_f1 =
      std::numeric_limits<double>::quiet_NaN();
  expect_sound_weights(record);
  // Without validation images, a few training images show whether predictions are finite.
  const bool none = split_.validation.empty();
  const std::span<const uint32_t> evaluated =
      none ? std::span(split_.train).first(std::min<size_t>(split_.train.size(), 128))
           : std::span(split_.validation);
  classifier_.update(result_weights());
  const std::vector<float> probabilities =
      predict_dataset(classifier_, dataset_, evaluated, statistics_of(model_.normalisation));
  if (!std::ranges::all_of(probabilities, [](float p) { return std::isfinite(p); })) {
    throw diverged(recipe_, fmt::format("the network's predictions are not finite after epoch {}",
                                        record.epoch));
  }
  if (none) return;
  std::vector<uint8_t> labels(evaluated.size());
  assembler_.gather_labels(evaluated, labels.data());
  const Metrics metrics =
      compute_metrics(probabilities, labels, model_.net->classes, model_.refuses());
  record.val_loss = metrics.loss;
  record.val_accuracy = metrics.accuracy;
  record.val_macro_f1 = metrics.macro.f1;
}

// A rectifier may hide weights that are not finite from the predictions.
void Trainer::expect_sound_weights(const EpochRecord& record) {
  if (!std::ranges::all_of(result_weights().all(), [](float w) { return std::isfinite(w); })) {
    throw diverged(recipe_, fmt::format("weights are not finite after epoch {}", record.epoch));
  }
}

// Equal accuracy or F1 falls back to loss.
bool Trainer::improves(const EpochRecord& record) const {
  if (best_.epoch == 0 || split_.validation.empty()) return true;
  const bool by_f1 = recipe_.val_metric == "macro-f1";
  const double now = by_f1 ? record.val_macro_f1 : record.val_accuracy;
  const double best = by_f1 ? best_.val_macro_f1 : best_.val_accuracy;
  if (recipe_.val_metric != "loss" && now != best) return now > best;
  return record.val_loss < best_.val_loss;
}

void Trainer::keep(const EpochRecord& record) {
  const bool best = improves(record);
  if (best) best_ = record;
  if (!best && recipe_.keep == "best") return;
  std::ranges::copy(result_weights().all(), kept_.begin());
  kept_epoch_ = record.epoch;
}

bool Trainer::out_of_patience() const {
  return recipe_.patience > 0 && epochs_done() - best_.epoch >= recipe_.patience;
}

Parameters& Trainer::result_weights() {
  return average_ ? average_->parameters() : model_.parameters;
}

Checkpoint Trainer::checkpoint() const {
  const auto copied = [](std::span<const float> values) {
    return std::vector<float>(values.begin(), values.end());
  };
  Checkpoint checkpoint{.steps = steps_,
                        .train_seconds = train_seconds_,
                        .best_epoch = best_.epoch,
                        .history = history_,
                        .images = split_.train.size(),
                        .mean = model_.normalisation.mean,
                        .sd = model_.normalisation.sd,
                        .weights = copied(model_.parameters.all()),
                        .kept = copied(kept_weights())};
  if (average_) checkpoint.average = copied(average_->parameters().all());
  for (const std::span<float> part : optimiser_.state()) {
    checkpoint.optimiser.push_back(copied(part));
  }
  return checkpoint;
}

void Trainer::restore(const Checkpoint& checkpoint) {
  if (checkpoint.images != split_.train.size() ||
      Normalisation{checkpoint.mean, checkpoint.sd} != model_.normalisation) {
    throw input_error(
        "the checkpoint was trained on {} images of mean {} and deviation {}; {} has {} of mean "
        "{} and deviation {}",
        checkpoint.images, checkpoint.mean, checkpoint.sd, dataset_.name, split_.train.size(),
        model_.normalisation.mean, model_.normalisation.sd);
  }
  const auto fill = [](const std::vector<float>& from, std::span<float> to, const char* what) {
    if (from.size() != to.size()) {
      throw input_error("the checkpoint has {1} {0}, the recipe's network {2}", what, from.size(),
                        to.size());
    }
    std::ranges::copy(from, to.begin());
  };
  const int epochs = count_of(checkpoint.history), best = checkpoint.best_epoch;
  const std::vector<std::span<float>> optimiser = optimiser_.state();
  if (epochs < 1 || best < 1 || best > epochs || checkpoint.optimiser.size() != optimiser.size()) {
    throw input_error("the checkpoint does not fit the recipe");
  }
  fill(checkpoint.weights, model_.parameters.all(), "weights");
  fill(checkpoint.kept, {kept_.data(), kept_.size()}, "kept weights");
  if (average_) fill(checkpoint.average, average_->parameters().all(), "averages");
  for (size_t i = 0; i < optimiser.size(); ++i) {
    fill(checkpoint.optimiser[i], optimiser[i], "optimiser values");
  }
  optimiser_.set_steps(checkpoint.steps);
  steps_ = checkpoint.steps;
  train_seconds_ = checkpoint.train_seconds;
  history_ = checkpoint.history;
  best_ = at(history_, best - 1);
  kept_epoch_ = recipe_.keep == "last" ? epochs : best;
}

}  // namespace inkling
