// What is wrong on the command line itself: exit code 2, and the message names the option.
#include "cli/program.h"

namespace inkling {
namespace {

struct BadArguments {
  const char* name;
  Words words;
  std::vector<std::string> message;
};

// For GoogleTest's lists of parameters.
void PrintTo(const BadArguments& bad, std::ostream* out) { *out << bad.name; }

const std::vector<BadArguments>& bad_arguments() {
  static const std::vector<BadArguments> all = {
      {"UnknownCommand", {"trian"}, {"unknown command \"trian\"", "did you mean \"train\""}},
      {"UnknownOption", {"train", "--epoch", "3"}, {"\"--epoch\"", "did you mean \"--epochs\""}},
      {"UnknownWord", {"models", "cnn3"}, {"models", "\"cnn3\""}},
      {"OptionTwice", {"train", "--seed", "1", "--seed", "2"}, {"--seed"}},
      {"ValueMissing", {"train", "--epochs"}, {"--epochs"}},
      {"EmptyText", {"train", "--out", ""}, {"--out"}},
      {"UnknownModel", {"train", "--model", "cn3"}, {"\"cn3\"", "did you mean \"cnn3\""}},
      {"UnknownIsa", {"train", "--isa", "avx1024"}, {"--isa", "auto", "generic", "\"avx1024\""}},
      {"UnknownPrecision", {"train", "--precision", "f16"}, {"--precision", "f32", "\"f16\""}},
      {"DatasetThatIsAPath", {"train", "--dataset", "a/b"}, {"dataset", "--data-dir", "a/b"}},
      {"LrNotANumber", {"train", "--lr", "nan"}, {"--lr", "\"nan\""}},
      {"LrInfinite", {"train", "--lr", "inf"}, {"--lr", "\"inf\""}},
      {"LrBeyondDouble", {"train", "--lr", "1e999"}, {"--lr", "\"1e999\""}},
      {"LrNegative", {"train", "--lr", "-1"}, {"--lr", "above 0", "\"-1\""}},
      {"LrZero", {"train", "--lr", "0"}, {"--lr", "above 0", "\"0\""}},
      {"EpochsNegative", {"train", "--epochs", "-1"}, {"--epochs", "from 1", "\"-1\""}},
      {"EpochsZero", {"train", "--epochs", "0"}, {"--epochs", "from 1", "\"0\""}},
      {"EpochsInScientificNotation", {"train", "--epochs", "1e3"}, {"--epochs", "\"1e3\""}},
      {"EpochsBeyondInteger",
       {"train", "--epochs", "99999999999999999999"},
       {"--epochs", "\"99999999999999999999\""}},
      {"BatchZero", {"train", "--batch", "0"}, {"--batch", "from 1", "\"0\""}},
      {"BatchWithLetters", {"train", "--batch", "12x"}, {"--batch", "\"12x\""}},
      {"SeedNegative", {"train", "--seed", "-1"}, {"--seed", "from 0", "\"-1\""}},
      {"SeedMinusZero", {"train", "--seed", "-0"}, {"--seed", "\"-0\""}},
      {"ValFractionOne", {"train", "--val-fraction", "1"}, {"--val-fraction", "\"1\""}},
      {"ValFractionNegative", {"train", "--val-fraction", "-0.1"}, {"--val-fraction", "\"-0.1\""}},
      {"ThreadsNegative", {"train", "--threads", "-2"}, {"--threads", "\"-2\""}},
      {"UnknownSchedule",
       {"train", "--schedule", "cosin"},
       {"--schedule", "did you mean \"cosine\""}},
      {"MisspeltField", {"train", "--augment-rotaton", "3"}, {"\"--augment-rotation\""}},
      {"NeitherTrueNorFalse",
       {"train", "--optimiser-nesterov", "yes"},
       {"true or false", "\"yes\""}},
      {"WarmUpBeyondTheEnd",
       {"train", "--epochs", "2", "--schedule-warmup", "3"},
       {"schedule.warmup", "epochs"}},
      {"UnknownOptimiser", {"train", "--optimiser", "lion"}, {"--optimiser", "adam", "\"lion\""}},
      {"UnknownSplit",
       {"evaluate", "--model", "x", "--split", "dev"},
       {"--split", "validation", "\"dev\""}},
      {"EvaluateWithoutModel", {"evaluate"}, {"--model is missing"}},
      {"ReadWithoutPicture", {"read"}, {"read", "PICTURE"}},
      {"PredictOfAnUnknownForm",
       {"predict", "--model", "x", "--form", "square", "a.png"},
       {"--form", "ink or whole", "square"}},
      {"PredictWithoutPicture", {"predict", "--model", "x"}, {"predict", "PICTURE"}},
  };
  return all;
}

class CommandLineOf : public Program, public testing::WithParamInterface<BadArguments> {};

TEST_P(CommandLineOf, IsRefusedWithCode2AndLeavesNothing) {
  expect_failure(run(GetParam().words), 2, GetParam().message);
  EXPECT_EQ(folder_.entries(), 0);
}

INSTANTIATE_TEST_SUITE_P(Wrong, CommandLineOf, testing::ValuesIn(bad_arguments()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_F(Program, ImagesWithoutLabelsAreRefused) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  expect_failure(run({"evaluate", "--model", "run", "--images", "x"}), 2,
                 {"--images and --labels"});
}

TEST_F(Program, WithoutArgumentsItShowsItsHelpAndSaysTheLineWasWrong) {
  const Finished finished = run({});
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(finished.out, testing::HasSubstr("usage: inkling COMMAND"));
  EXPECT_THAT(finished.out, testing::HasSubstr("pipeline"));
}

}  // namespace
}  // namespace inkling
