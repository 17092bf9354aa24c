// The reader that comes with Inkling, on digits of our own pen that it did not learn from.
#include "recognize/reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/index.h"
#include "base/random.h"
#include "data/synth/synth.h"
#include "data/synth/synth_world_forms.h"
#include "nn/architecture/zoo.h"
#include "store/default_reader.h"
#include "support/digit_row.h"
#include "support/expect_error.h"
#include "support/mnist.h"

namespace inkling {
namespace {

class DefaultReader : public testing::Test {
 protected:
  Engine engine_{EngineOptions{.precision = "f32", .threads = 1}};
  Reader reader_{default_reader(), engine_};
  Reader::Workspace workspace_ = reader_.workspace();
};

TEST_F(DefaultReader, RefusesWithAnEleventhClass) {
  EXPECT_TRUE(reader_.model().refuses());
  EXPECT_EQ(reader_.model().net->classes, 11);
  EXPECT_EQ(reader_.model().class_names.back(), "not-a-digit");
}

TEST_F(DefaultReader, SaysWhereInTheFileWhoseReductionItSaw) {
  Picture picture = row_of("35", 90);
  const DigitPrediction one = reader_.predict(picture, workspace_);
  const Reading all = reader_.read(picture, workspace_);
  picture.reduction = 4;
  const auto larger = [](const PixelBox& box) {
    return PixelBox{4 * box.left, 4 * box.top, 4 * box.right, 4 * box.bottom};
  };
  EXPECT_EQ(reader_.predict(picture, workspace_).box, larger(*one.box));
  const Reading reduced = reader_.read(picture, workspace_);
  ASSERT_EQ(reduced.digits.size(), all.digits.size());
  EXPECT_EQ(reduced.digits[1].box, larger(all.digits[1].box));
}

TEST_F(DefaultReader, PredictsOneDigitAndItsProbabilities) {
  const DigitPrediction prediction = reader_.predict(row_of("3", 90), workspace_);
  EXPECT_EQ(prediction.digit, 3);
  EXPECT_EQ(prediction.label, "3");
  ASSERT_EQ(prediction.probabilities.size(), 10u);
  double sum = prediction.p_refused;
  for (const float p : prediction.probabilities) sum += p;
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST_F(DefaultReader, ReadsARow) {
  const Reading reading = reader_.read(row_of("8305", 60), workspace_);
  EXPECT_EQ(reading.text, "8305");
  ASSERT_EQ(reading.digits.size(), 4u);
  EXPECT_NEAR(reading.digits[3].box.left, 30 + 3 * 75, 6);
  EXPECT_NEAR(reading.digits[3].box.top, 30, 6);
}

TEST_F(DefaultReader, RefusesABlankPageWhetherItPredictsOrReads) {
  const Picture blank{
      .width = 80, .height = 60, .channels = 1, .pixels = std::vector<uint8_t>(4800, 240)};
  EXPECT_EQ(reader_.predict(blank, workspace_).refusal, Refusal::kBlank);
  EXPECT_EQ(reader_.read(blank, workspace_).refusal, Refusal::kBlank);
}

TEST_F(DefaultReader, RefusesLetters) {
  for (const DigitForm& letter : letter_forms()) {
    if (std::string_view("KMWRXE").find(letter.name) == std::string_view::npos) continue;
    SCOPED_TRACE(letter.name);
    Random random(77);
    InkCanvas canvas(150, 150);
    draw_ink(write_digit(0, letter, HandStyle{}, random),
             {.scale = 80, .left = 75, .top = 75, .softness = 1.5}, canvas);
    const Picture light{.width = 150, .height = 150, .channels = 1, .pixels = canvas.pixels};
    EXPECT_EQ(reader_.predict(light, workspace_).refusal, Refusal::kNotADigit);
  }
}

TEST_F(DefaultReader, AModelWhoseNoteNamesAnotherClassDoesNotRefuse) {
  Model model = default_reader();
  model.notes["reject_class"] = "letters";
  EXPECT_FALSE(model.refuses());
  model.class_names = {"letters"};
  EXPECT_FALSE(model.refuses());
}

TEST_F(DefaultReader, SaysTheSameOnManyThreads) {
  const Picture picture = row_of("276", 60);
  const Reading alone = reader_.read(picture, workspace_);
  std::vector<std::string> texts(4);
  std::vector<std::thread> threads;
  for (std::string& text : texts) {
    threads.emplace_back([&] {
      Reader::Workspace workspace = reader_.workspace();
      text = reader_.read(picture, workspace).text;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& text : texts) EXPECT_EQ(text, alone.text);
}

TEST_F(DefaultReader, ANetworkThatTakesPicturesWholeReadsNoRows) {
  Model model(zoo_architecture("logistic"), {});
  for (int c = 0; c < 10; ++c) model.class_names.push_back(std::to_string(c));
  model.parameters.initialise(1);
  const Reader whole(std::move(model), engine_);
  Reader::Workspace workspace = whole.workspace();
  EXPECT_ERROR(whole.read(row_of("1", 40), workspace), ErrorKind::kInput, "reads ink");
  EXPECT_TRUE(whole.predict(row_of("1", 40), workspace).is_read());
}

}  // namespace
}  // namespace inkling
