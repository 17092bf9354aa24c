#include "train/teacher.h"

#include <gtest/gtest.h>

#include <algorithm>

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
  student.recipe.distil = {.teacher = "the teacher", .share = 1, .temperature = 2};
  student.teacher = &teacher.model;
  student.run();
  student.data.labels = labels;
  EXPECT_GT(student.judge(student.split.validation).accuracy, 0.95);
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
    student.recipe.distil = {.teacher = "the teacher", .share = 0.7, .temperature = 2};
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
