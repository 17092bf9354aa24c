#include "eval/metrics/metrics_text.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

// Labels 0 0 0 1 1 2, guesses 0 0 1 1 2 2, class 3 nowhere.
Metrics example() {
  std::vector<float> rows(6 * 4);
  const size_t guesses[] = {0, 0, 1, 1, 2, 2};
  for (size_t i = 0; i < 6; ++i) rows[i * 4 + guesses[i]] = 1;
  return compute_metrics(rows, std::vector<uint8_t>{0, 0, 0, 1, 1, 2}, 4);
}

const std::vector<std::string> kNames{"0", "1", "bag", "3"};

TEST(ClassificationReport, HasScikitLearnsLayout) {
  EXPECT_EQ(classification_report(example(), kNames),
            "              precision    recall  f1-score   support\n"
            "\n"
            "           0     1.0000    0.6667    0.8000         3\n"
            "           1     0.5000    0.5000    0.5000         2\n"
            "         bag     0.5000    1.0000    0.6667         1\n"
            "\n"
            "    accuracy                         0.6667         6\n"
            "   macro avg     0.6667    0.7222    0.6556         6\n"
            "weighted avg     0.7500    0.6667    0.6778         6\n");
}

TEST(ClassificationReport, WidensForLongNames) {
  const std::vector<std::string> names{"a", "b", "a name of some length", "d"};
  const std::string text = classification_report(example(), names);
  EXPECT_NE(text.find("a name of some length     0.5000"), std::string::npos) << text;
  EXPECT_NE(text.find("         weighted avg     0.7500"), std::string::npos) << text;
}

TEST(ConfusionTable, HasTrueClassesAsRows) {
  EXPECT_EQ(confusion_table(example(), kNames),
            "true \\ predicted    0    1  bag    3\n"
            "               0    2    1    0    0\n"
            "               1    0    1    1    0\n"
            "             bag    0    0    1    0\n"
            "               3    0    0    0    0\n");
}

}  // namespace
}  // namespace inkling
