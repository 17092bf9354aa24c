#include "train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "data/pixel_statistics.h"
#include "eval/predictions.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/variants.h"

namespace inkling {
namespace {

// Every layer whose sums could depend on the order of work, and dropout.
constexpr const char* kConvNet = R"(
name = "small"
input = [8, 8, 1]
classes = 4
layers = [
  { type = "conv", filters = 6, kernel = 3, padding = "same" },
  { type = "batch_norm" },
  { type = "relu" },
  { type = "max_pool", window = 2 },
  { type = "flatten" },
  { type = "dense", units = 16 },
  { type = "relu" },
  { type = "dropout", rate = 0.3 },
  { type = "dense", units = 4 },
])";

// Learns by heart what cannot be learnt.
constexpr const char* kWideNet = R"(
name = "wide"
input = [8, 8, 1]
classes = 4
layers = [
  { type = "flatten" },
  { type = "dense", units = 64 },
  { type = "relu" },
  { type = "dense", units = 4 },
])";

// What of a recipe the tests vary. Recipe itself, with its strings, written as a temporary makes
// GCC 12 warn of uninitialised memory.
struct Settings {
  int epochs = 10, batch = 128;
  double lr = 1e-3;
  const char* schedule = "constant";
  const char* optimiser = "adam";
  uint64_t seed = 1;
  double val_fraction = 0.1;
  int patience = 0;
  const char* val_metric = "accuracy";
  const char* keep = "best";
  double label_smoothing = 0, ema = 0;

  Recipe recipe() const {
    Recipe recipe;
    recipe.epochs = epochs;
    recipe.batch = batch;
    recipe.lr = lr;
    recipe.schedule.name = schedule;
    recipe.optimiser.name = optimiser;
    recipe.seed = seed;
    recipe.val_fraction = val_fraction;
    recipe.patience = patience;
    recipe.val_metric = val_metric;
    recipe.keep = keep;
    recipe.label_smoothing = label_smoothing;
    recipe.ema = ema;
    return recipe;
  }
};

// One training, with all it needs and what it said.
struct Training {
  Training(const Dataset& dataset, const Settings& settings, const char* network,
           EngineOptions options)
      : data(dataset),
        recipe(settings.recipe()),
        engine(std::make_unique<Engine>(options)),
        split(stratified_split(data.labels, data.classes, recipe.val_fraction, recipe.seed)),
        pixels(pixel_statistics(data, split.train)),
        model(parse_architecture(network, "net"), pixels.mean, pixels.sd) {
    model.class_names = data.class_names;
    model.parameters.initialise(recipe.seed);
  }
  void run() {
    Trainer trainer(recipe, model, data, split, *engine, teacher);
    result = trainer.run({.progress = [&](const TrainingProgress& p) { progress.push_back(p); },
                          .epoch = [&](const EpochRecord& record) { epochs.push_back(record); },
                          .between_epochs = {}});
  }
  std::string sha256() const { return weights_sha256(tensors_of(*model.net, model.parameters)); }
  Metrics judge(std::span<const uint32_t> indices) {
    return evaluate_model(model, data, indices, *engine);
  }

  Dataset data;
  Recipe recipe;
  std::unique_ptr<Engine> engine;
  SplitIndices split;
  PixelStatistics pixels;
  Model model;
  const Model* teacher = nullptr;
  TrainingResult result;
  std::vector<TrainingProgress> progress;
  std::vector<EpochRecord> epochs;
};

Training training(const Settings& settings, const Drawing& drawing = {},
                  const char* network = kConvNet, const EngineOptions& options = {.threads = 2}) {
  return Training(drawn_dataset(drawing), settings, network, options);
}

Training trained(const Settings& settings, const Drawing& drawing = {},
                 const char* network = kConvNet, const EngineOptions& options = {.threads = 2}) {
  Training t = training(settings, drawing, network, options);
  t.run();
  return t;
}

// Validation loss falls, then rises while the noise is learnt by heart.
Settings overfitting() { return {.epochs = 40, .batch = 16, .lr = 5e-3, .val_metric = "loss"}; }
constexpr Drawing kNoisyLabels{.images = 120, .wrong_labels = 0.5};

class EveryVariant : public VariantTest {};

TEST_P(EveryVariant, LearnsWhatCanBeLearnt) {
  for (const char* optimiser : {"adam", "sgd"}) {
    Training t = training(
        {.epochs = 6, .batch = 32, .lr = 1e-2, .optimiser = optimiser, .val_fraction = 0.3},
        {.images = 400}, kConvNet, {.isa = std::string(variant().name), .threads = 2});
    EXPECT_LT(t.judge(t.split.validation).accuracy, 0.7);
    t.run();
    EXPECT_GT(t.judge(t.split.validation).accuracy, 0.95) << optimiser;
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
    const Metrics kept = t.judge(t.split.validation);
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
  for (const double lr : {1e35, 1e39}) {  // weights that overflow the answers, infinite weights
    Training t = training({.epochs = 1, .batch = 1000, .lr = lr, .val_fraction = 0}, {}, kWideNet);
    EXPECT_ERROR(t.run(), ErrorKind::kInput, "diverged", "after epoch 1", "learning rate");
  }
}

TEST(Trainer, KeepingTheLastEpochPicksNothing) {
  Settings settings = overfitting();
  settings.keep = "last";
  Training t = trained(settings, kNoisyLabels, kWideNet);
  EXPECT_EQ(t.result.best_epoch, 40);
  EXPECT_EQ(t.judge(t.split.validation).loss, t.epochs.back().val_loss);
}

TEST(Trainer, MacroF1MayPickTheBestEpoch) {
  Settings settings = overfitting();
  settings.val_metric = "macro-f1";
  Training t = trained(settings, kNoisyLabels, kWideNet);
  const EpochRecord& best = t.epochs[static_cast<size_t>(t.result.best_epoch) - 1];
  EXPECT_EQ(t.judge(t.split.validation).macro.f1, best.val_macro_f1);
  for (const EpochRecord& record : t.epochs) EXPECT_LE(record.val_macro_f1, best.val_macro_f1);
}

TEST(Trainer, TheAverageIsWhatIsJudgedAndKept) {
  Settings settings{.epochs = 3, .batch = 20, .lr = 1e-2};
  const Training plain = trained(settings);
  settings.ema = 0.9;
  Training averaged = trained(settings);
  EXPECT_EQ(plain.epochs[2].train_loss, averaged.epochs[2].train_loss);  // the same steps
  EXPECT_NE(plain.sha256(), averaged.sha256());
  const EpochRecord& best = averaged.epochs[static_cast<size_t>(averaged.result.best_epoch) - 1];
  EXPECT_EQ(averaged.judge(averaged.split.validation).loss, best.val_loss);
}

TEST(Trainer, SmoothedLabelsCostMoreAtLeast) {
  // With probabilities p the smoothed loss is at least the entropy of its target.
  const Training t = trained({.epochs = 20, .batch = 20, .lr = 1e-2, .label_smoothing = 0.4});
  EXPECT_GT(t.epochs.back().train_loss, -0.7 * std::log(0.7) - 0.3 * std::log(0.1));
}

TEST(Trainer, GoesOnFromItsCheckpointToTheSameBits) {
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
    trainer.run(
        {.progress = [](const TrainingProgress&) {},
         .epoch = [&](const EpochRecord& record) { whole.epochs.push_back(record); },
         .between_epochs = [&](const Trainer& now) { checkpoints.push_back(now.checkpoint()); }});
    ASSERT_EQ(checkpoints.size(), 5u);
    for (const Checkpoint& checkpoint : checkpoints) {
      Training rest = training(settings);
      Trainer second(rest.recipe, rest.model, rest.data, rest.split, *rest.engine);
      second.restore(checkpoint);
      const TrainingResult result = second.run({.progress = [](const TrainingProgress&) {},
                                                .epoch = [](const EpochRecord&) {},
                                                .between_epochs = {}});
      EXPECT_EQ(rest.sha256(), whole.sha256()) << optimiser << checkpoint.history.size();
      EXPECT_EQ(result.history.size(), 5u);
      EXPECT_EQ(result.history.back().val_loss, whole.epochs.back().val_loss);
    }
  }
}

TEST(Trainer, CheckpointsOfAnotherTrainingAreRefused) {
  Training t = training({.epochs = 1});
  std::optional<Checkpoint> checkpoint;
  Trainer trainer(t.recipe, t.model, t.data, t.split, *t.engine);
  trainer.run({.progress = [](const TrainingProgress&) {},
               .epoch = [](const EpochRecord&) {},
               .between_epochs = [&](const Trainer& now) { checkpoint = now.checkpoint(); }});
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
  EXPECT_EQ(t.progress[0].images_done, 32u);
  EXPECT_EQ(t.progress[1].images_done, 64u);
  EXPECT_EQ(t.progress[2].images_done, 70u);
  EXPECT_EQ(t.progress[2].images, 70u);
  const Metrics all = t.judge(t.split.train);
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

TEST(Trainer, ATeacherTeachesWhatNoLabelSays) {
  Training teacher = trained({.epochs = 6, .batch = 32, .lr = 1e-2}, {.images = 400});
  Training student = training({.epochs = 6, .batch = 32, .lr = 1e-2, .val_fraction = 0.3},
                              {.images = 400}, kWideNet);
  const std::vector<uint8_t> labels = student.data.labels;
  std::ranges::fill(student.data.labels, uint8_t{0});
  student.recipe.distil = {.teacher = "the teacher", .share = 1, .temperature = 2};
  student.teacher = &teacher.model;
  student.run();
  student.data.labels = labels;
  EXPECT_GT(student.judge(student.split.validation).accuracy, 0.95);
}

TEST(Trainer, ATeacherOfOtherImagesOrClassesIsRefused) {
  Training t = training({});
  const Training small(drawn_dataset({.classes = 3}), Settings{},
                       R"(name = "three"
input = [8, 8, 1]
classes = 3
layers = [{ type = "flatten" }, { type = "dense", units = 3 }])",
                       {.threads = 2});
  t.teacher = &small.model;
  EXPECT_ERROR(t.run(), ErrorKind::kInput, "teacher three", "8x8x1 of 4 classes", "8x8x1 of 3");
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
