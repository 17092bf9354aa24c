#include "train/teacher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "eval/normalisation.h"
#include "support/expect_error.h"
#include "support/training.h"

namespace inkling {
namespace {

TEST(Teacher, TeachesWhatNoLabelSays) {
  Training teacher = trained({.epochs = 6, .batch = 32, .lr = 1e-2}, {.images = 400});
  Training student = training({.epochs = 6, .batch = 32, .lr = 1e-2, .val_fraction = 0.3},
                              {.images = 400}, kWideNet);
  const std::vector<uint8_t> labels = student.data.labels;
  std::ranges::fill(student.data.labels, uint8_t{0});
  student.recipe.distil = {.teacher = "the teacher", .fraction = 1, .temperature = 2};
  student.teacher = &teacher.model;
  student.run();
  student.data.labels = labels;
  EXPECT_GT(student.evaluate(student.split.validation).accuracy, 0.95);
}

// What a teacher says does not depend on how its student normalises pixels.
TEST(Teacher, SaysTheSameWhateverTheDeviations) {
  Training t = training({});
  for (const double teacher_sd : {0.3, 0.0}) {
    const Model teacher = [&] {
      Model model(*t.model.net, {0.2, teacher_sd});
      model.parameters.initialise(7);
      return model;
    }();
    const std::vector<uint32_t> indices{0, 1, 2};
    Classifier alone(*teacher.net, *t.engine);
    alone.update(teacher.parameters);
    const std::vector<float> wanted =
        predict_dataset(alone, t.data, indices, statistics_of(teacher.normalisation));
    for (const double student_sd : {0.4, 0.0}) {
      const Model student(*t.model.net, {0.1, student_sd});
      Network network(*student.net, Mode::kTrain, 3, *t.engine);
      const Tensor& batch = network.input();
      BatchAssembler(t.data, statistics_of(student.normalisation))
          .assemble(indices, batch.image(0), static_cast<size_t>(batch.image_stride),
                    static_cast<size_t>(batch.row_stride));
      Teacher said(teacher, student, 3, *t.engine);
      const std::span<const float> predictions = said.predictions(batch, 3);
      ASSERT_EQ(predictions.size(), wanted.size());
      for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(predictions[i], wanted[i], 2e-5) << i;
    }
  }
}

// A mixture of one member that learns apart is that member, whatever it learns from.
TEST(Teacher, TeachesMembersThatLearnApart) {
  Training teacher = trained({.epochs = 2, .batch = 32, .lr = 1e-2}, {.images = 200});
  const auto weights = [&](const char* end) {
    const std::string net = std::string(R"(name = "n"
input = [8, 8, 1]
classes = 4
layers = [{ type = "flatten" }, { type = "dense", units = 4, name = "a" })") +
                            end + "]";
    Training student =
        training({.epochs = 2, .batch = 32, .lr = 1e-2}, {.images = 200}, net.c_str());
    student.recipe.distil = {.teacher = "the teacher", .fraction = 0.7, .temperature = 2};
    student.teacher = &teacher.model;
    student.run();
    const std::span<float> all = student.model.parameters.all();
    return std::vector<float>(all.begin(), all.end());
  };
  EXPECT_EQ(weights(R"(, { type = "mixture", of = ["a"], apart = true })"), weights(""));
}

TEST(Teacher, OfOtherImagesOrClassesIsRefused) {
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

}  // namespace
}  // namespace inkling
