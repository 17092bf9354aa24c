#include "train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/expect_error.h"
#include "support/training.h"
#include "support/variants.h"

namespace inkling {
namespace {

// Validation loss falls, then rises while the noise is learnt by heart.
Settings overfitting() { return {.epochs = 40, .batch = 16, .lr = 5e-3, .val_metric = "loss"}; }
constexpr Drawing kNoisyLabels{.images = 120, .wrong_labels = 0.5};

class EveryVariant : public VariantTest {};

TEST_P(EveryVariant, LearnsWhatCanBeLearnt) {
  for (const char* optimiser : {"adam", "sgd"}) {
    Training t = training(
        {.epochs = 6, .batch = 32, .lr = 1e-2, .optimiser = optimiser, .val_fraction = 0.3},
        {.images = 400}, kConvNet, {.isa = std::string(variant().name), .threads = 2});
    EXPECT_LT(t.evaluate(t.split.validation).accuracy, 0.7);
    t.run();
    EXPECT_GT(t.evaluate(t.split.validation).accuracy, 0.95) << optimiser;
    EXPECT_LT(t.epochs.back().train_loss, t.epochs.front().train_loss);
  }
}

TEST_P(EveryVariant, SameSeedGivesTheSameBitsOnAnyNumberOfThreads) {
  const auto sha256 = [&](int threads, uint64_t seed) {
    return trained({.epochs = 2, .batch = 29, .lr = 1e-2, .seed = seed}, {}, kConvNet,
                   {.isa = std::string(variant().name), .threads = threads})
        .sha256();
  };
  const std::string first = sha256(1, 1);
  EXPECT_EQ(sha256(1, 1), first);
  EXPECT_EQ(sha256(2, 1), first);
  EXPECT_EQ(sha256(3, 1), first);
  EXPECT_NE(sha256(1, 2), first);
}

INKLING_FOR_ALL_VARIANTS(EveryVariant);

TEST(Trainer, RepeatsItsRecordsButForTime) {
  const Training a = trained({.epochs = 2, .batch = 29});
  const Training b = trained({.epochs = 2, .batch = 29});
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(a.epochs[i].train_loss, b.epochs[i].train_loss);
    EXPECT_EQ(a.epochs[i].train_accuracy, b.epochs[i].train_accuracy);
    EXPECT_EQ(a.epochs[i].val_loss, b.epochs[i].val_loss);
    EXPECT_EQ(a.epochs[i].val_accuracy, b.epochs[i].val_accuracy);
  }
}

TEST(Trainer, KeepsTheWeightsOfTheBestEpochNotOfTheLast) {
  for (const char* metric : {"loss", "accuracy"}) {
    Settings settings = overfitting();
    settings.val_metric = metric;
    Training t = trained(settings, kNoisyLabels, kWideNet);
    ASSERT_EQ(t.epochs.size(), 40u);
    ASSERT_GT(t.result.best_epoch, 0);
    ASSERT_LT(t.result.best_epoch, 40) << "the last epoch should be worse; draw other data";
    const EpochRecord& best = t.epochs[static_cast<size_t>(t.result.best_epoch) - 1];
    const Metrics kept = t.evaluate(t.split.validation);
    EXPECT_EQ(kept.loss, best.val_loss);
    EXPECT_EQ(kept.accuracy, best.val_accuracy);
    EXPECT_NE(kept.loss, t.epochs.back().val_loss);
    for (const EpochRecord& record : t.epochs) {
      if (metric == std::string("loss")) {
        EXPECT_GE(record.val_loss, best.val_loss);
      } else {
        EXPECT_LE(record.val_accuracy, best.val_accuracy);
        if (record.val_accuracy == best.val_accuracy) {
          EXPECT_GE(record.val_loss, best.val_loss);
        }
      }
    }
  }
}

TEST(Trainer, PatienceStopsThatManyEpochsAfterTheBest) {
  Settings settings = overfitting();
  settings.patience = 3;
  const Training t = trained(settings, kNoisyLabels, kWideNet);
  EXPECT_TRUE(t.result.stopped_early);
  EXPECT_LT(t.epochs.size(), 40u);
  EXPECT_EQ(static_cast<int>(t.epochs.size()), t.result.best_epoch + 3);
}

TEST(Trainer, WithoutPatienceEveryEpochRuns) {
  const Training t = trained(overfitting(), kNoisyLabels, kWideNet);
  EXPECT_FALSE(t.result.stopped_early);
  EXPECT_FALSE(t.result.interrupted);
  EXPECT_EQ(t.epochs.size(), 40u);
  EXPECT_EQ(t.result.history.size(), 40u);
}

TEST(Trainer, DivergenceIsAnErrorThatNamesEpochStepAndRate) {
  for (const char* optimiser : {"adam", "sgd"}) {
    Training t =
        training({.epochs = 3, .batch = 16, .lr = 1e35, .optimiser = optimiser}, {}, kWideNet);
    EXPECT_ERROR(t.run(), ErrorKind::kInput, "diverged", "epoch 1", "step", "learning rate",
                 "1e+35");
  }
}

// The weights of an epoch's only step are seen by validation first.
TEST(Trainer, DivergenceThatValidationFindsIsCalledDivergenceToo) {
  Training t = training({.epochs = 3, .batch = 1000, .lr = 1e35}, {}, kWideNet);
  EXPECT_ERROR(t.run(), ErrorKind::kInput, "diverged", "epoch 1", "learning rate");
}

TEST(Trainer, DivergenceInTheVeryLastStepIsFoundWithoutValidation) {
  for (const double lr : {1e35, 1e39}) {  // weights that overflow the predictions, infinite weights
    Training t = training({.epochs = 1, .batch = 1000, .lr = lr, .val_fraction = 0}, {}, kWideNet);
    EXPECT_ERROR(t.run(), ErrorKind::kInput, "diverged", "after epoch 1", "learning rate");
  }
}

TEST(Trainer, KeepingTheLastEpochPicksNothing) {
  Settings settings = overfitting();
  settings.keep = "last";
  Training t = trained(settings, kNoisyLabels, kWideNet);
  EXPECT_EQ(t.result.best_epoch, 40);
  EXPECT_EQ(t.evaluate(t.split.validation).loss, t.epochs.back().val_loss);
}

TEST(Trainer, MacroF1MayPickTheBestEpoch) {
  Settings settings = overfitting();
  settings.val_metric = "macro-f1";
  Training t = trained(settings, kNoisyLabels, kWideNet);
  const EpochRecord& best = t.epochs[static_cast<size_t>(t.result.best_epoch) - 1];
  EXPECT_EQ(t.evaluate(t.split.validation).macro.f1, best.val_macro_f1);
  for (const EpochRecord& record : t.epochs) EXPECT_LE(record.val_macro_f1, best.val_macro_f1);
}

TEST(Trainer, TheAverageIsEvaluatedAndKept) {
  Settings settings{.epochs = 3, .batch = 20, .lr = 1e-2};
  const Training plain = trained(settings);
  settings.ema = 0.9;
  Training averaged = trained(settings);
  EXPECT_EQ(plain.epochs[2].train_loss, averaged.epochs[2].train_loss);  // the same steps
  EXPECT_NE(plain.sha256(), averaged.sha256());
  const EpochRecord& best = averaged.epochs[static_cast<size_t>(averaged.result.best_epoch) - 1];
  EXPECT_EQ(averaged.evaluate(averaged.split.validation).loss, best.val_loss);
}

TEST(Trainer, SmoothedLabelsCostMoreAtLeast) {
  // With probabilities p the smoothed loss is at least the entropy of its target.
  const Training t = trained({.epochs = 20, .batch = 20, .lr = 1e-2, .label_smoothing = 0.4});
  EXPECT_GT(t.epochs.back().train_loss, -0.7 * std::log(0.7) - 0.3 * std::log(0.1));
}

// A clock that stands still but for two seconds a step: the trainer has no other.
TEST(Trainer, TimesAreThoseOfItsObserversClock) {
  Training t = training({.epochs = 2, .batch = 60}, {}, kWideNet);  // 180 images, 3 steps
  Trainer trainer(t.recipe, t.model, t.data, t.split, *t.engine);
  double now = 1e6;
  std::vector<TrainingProgress> progress;
  const TrainingResult result = trainer.run({.now = [&] { return now; },
                                             .stop =
                                                 [&] {
                                                   now += 2;
                                                   return false;
                                                 },
                                             .progress =
                                                 [&](const TrainingProgress& p) {
                                                   progress.push_back(p);
                                                   now += 0.5;
                                                 }});
  ASSERT_EQ(progress.size(), 6u);
  EXPECT_EQ(progress[1].images_per_second, 120 / 2.5);
  EXPECT_EQ(progress[1].seconds_left, (60 + 180) / (120 / 2.5));
  for (const EpochRecord& record : result.history) {
    EXPECT_EQ(record.seconds, 2 * 2.5 + 0.5);
    EXPECT_EQ(record.images_per_second, 180 / 5.5);
  }
  EXPECT_EQ(result.train_seconds, 11);
  EXPECT_EQ(result.images_per_second, 2 * 180 / 11.0);
}

TEST(Trainer, StopsAfterTheStepAtWhichItsObserverSaysSo) {
  Training t = training({.epochs = 3, .batch = 60}, {}, kWideNet);  // 3 steps an epoch
  Trainer trainer(t.recipe, t.model, t.data, t.split, *t.engine);
  int steps = 0;
  const TrainingResult result =
      trainer.run({.now = [] { return 0.0; },
                   .stop = [&] { return steps == 5; },
                   .progress = [&](const TrainingProgress&) { ++steps; }});
  EXPECT_EQ(steps, 5);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.history.size(), 1u);
  EXPECT_EQ(t.evaluate(t.split.validation).loss,
            result.history[0].val_loss);  // the last whole epoch's
}

TEST(Trainer, ResumesFromItsCheckpointToTheSameBits) {
  for (const char* optimiser : {"sgd", "adam", "muon"}) {
    const Settings settings{.epochs = 5,
                            .batch = 29,
                            .lr = 1e-2,
                            .schedule = "cosine",
                            .optimiser = optimiser,
                            .ema = 0.9};
    Training whole = training(settings);
    std::vector<Checkpoint> checkpoints;
    Trainer trainer(whole.recipe, whole.model, whole.data, whole.split, *whole.engine);
    whole.run(trainer, [&](const Trainer& now) { checkpoints.push_back(now.checkpoint()); });
    ASSERT_EQ(checkpoints.size(), 5u);
    for (const Checkpoint& checkpoint : checkpoints) {
      Training rest = training(settings);
      Trainer second(rest.recipe, rest.model, rest.data, rest.split, *rest.engine);
      second.restore(checkpoint);
      rest.run(second);
      EXPECT_EQ(rest.sha256(), whole.sha256()) << optimiser << checkpoint.history.size();
      EXPECT_EQ(rest.result.history.size(), 5u);
      EXPECT_EQ(rest.result.history.back().val_loss, whole.epochs.back().val_loss);
    }
  }
}

TEST(Trainer, CheckpointsOfAnotherTrainingAreRefused) {
  Training t = training({.epochs = 1});
  std::optional<Checkpoint> checkpoint;
  Trainer trainer(t.recipe, t.model, t.data, t.split, *t.engine);
  t.run(trainer, [&](const Trainer& now) { checkpoint = now.checkpoint(); });
  const auto restored = [&](const Settings& settings, const Drawing& drawing, const char* network) {
    Training other = training(settings, drawing, network);
    Trainer(other.recipe, other.model, other.data, other.split, *other.engine).restore(*checkpoint);
  };
  EXPECT_NO_THROW(restored({.epochs = 1}, {}, kConvNet));
  EXPECT_ERROR((restored({.epochs = 1}, {.images = 300}, kConvNet), 0), ErrorKind::kInput, "180",
               "270");
  EXPECT_ERROR((restored({.epochs = 1}, {}, kWideNet), 0), ErrorKind::kInput, "weights");
  EXPECT_ERROR((restored({.epochs = 1, .optimiser = "sgd"}, {}, kConvNet), 0), ErrorKind::kInput,
               "does not fit");
}

TEST(Trainer, WithoutValidationTheLastEpochIsKept) {
  Training t = training({.epochs = 3, .batch = 32, .val_fraction = 0, .patience = 1});
  ASSERT_TRUE(t.split.validation.empty());
  t.run();
  EXPECT_EQ(t.result.best_epoch, 3);
  EXPECT_FALSE(t.result.stopped_early);
  for (const EpochRecord& record : t.epochs) {
    EXPECT_TRUE(std::isnan(record.val_loss));
    EXPECT_TRUE(std::isnan(record.val_accuracy));
  }
}

TEST(Trainer, TheLastBatchIsWhatIsLeftAndCountsAsMuch) {
  // A rate too small to move a weight, no dropout, no batch norm: the epoch's mean loss must be
  // that of the images one by one.
  Training t =
      trained({.epochs = 1, .batch = 32, .lr = 1e-20, .val_fraction = 0}, {.images = 70}, kWideNet);
  ASSERT_EQ(t.progress.size(), 3u);
  EXPECT_EQ(t.progress[0].images_done, 32);
  EXPECT_EQ(t.progress[1].images_done, 64);
  EXPECT_EQ(t.progress[2].images_done, 70);
  EXPECT_EQ(t.progress[2].images, 70);
  const Metrics all = t.evaluate(t.split.train);
  EXPECT_NEAR(t.epochs[0].train_loss, all.loss, 1e-5);
  EXPECT_EQ(t.epochs[0].train_accuracy, all.accuracy);
}

TEST(Trainer, BatchesBeyondTheNumberOfImagesAreOneBatch) {
  const Training huge = trained({.epochs = 2, .batch = 65536});
  EXPECT_EQ(huge.progress.size(), 2u);
  EXPECT_EQ(huge.sha256(), trained({.epochs = 2, .batch = 180}).sha256());
}

TEST(Trainer, RecordsSayWhatTheScheduleDid) {
  const Training t = trained({.epochs = 3, .batch = 60, .lr = 0.5, .schedule = "linear"},
                             {.images = 200}, kWideNet);  // 180 images, 3 steps an epoch
  ASSERT_EQ(t.epochs.size(), 3u);
  for (int e = 0; e < 3; ++e) {
    const EpochRecord& record = t.epochs[static_cast<size_t>(e)];
    EXPECT_EQ(record.epoch, e + 1);
    EXPECT_NEAR(record.lr, 0.5 * (1 - (3 * e + 2) / 9.0), 1e-12);
    EXPECT_GT(record.seconds, 0);
    EXPECT_GT(record.images_per_second, 0);
  }
}

TEST(Trainer, ImagesTheNetworkCannotReadAreRefused) {
  Training sides = training({}, {.side = 9});
  EXPECT_ERROR(sides.run(), ErrorKind::kInput, "drawn", "small", "8x8x1", "9x9x1");
  Training classes = training({}, {.classes = 6});
  EXPECT_ERROR(classes.run(), ErrorKind::kInput, "drawn", "4 classes", "found 6");
}

TEST(Trainer, NothingToTrainOnIsRefused) {
  Training t = training({});
  t.split.train.clear();
  EXPECT_ERROR(t.run(), ErrorKind::kInput, "drawn", "no image to train on");
}

}  // namespace
}  // namespace inkling
