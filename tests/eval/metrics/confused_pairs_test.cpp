#include "eval/metrics/confused_pairs.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

// 0 as 1 twice, 1 as 0 once, 0 as 2 three times, 3 as 2 once.
Metrics confused() {
  Metrics metrics;
  metrics.classes = 4;
  metrics.confusion = {{9, 2, 3, 0}, {1, 9, 0, 0}, {0, 0, 9, 0}, {0, 0, 1, 9}};
  return metrics;
}

TEST(ConfusedPairs, AreCountedBothWaysMostMistakesFirst) {
  const std::vector<ConfusedPair> pairs = confused_pairs(confused());
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ(pairs[0].first, 0);  // equal mistakes: in order of classes
  EXPECT_EQ(pairs[0].second, 1);
  EXPECT_EQ(pairs[0].first_as_second, 2);
  EXPECT_EQ(pairs[0].second_as_first, 1);
  EXPECT_EQ(pairs[0].mistakes(), 3);
  EXPECT_EQ(pairs[1].second, 2);
  EXPECT_EQ(pairs[2].first, 2);
  EXPECT_EQ(pairs[2].second_as_first, 1);
}

TEST(ConfusedPairs, RankCountsThoseWithMoreMistakes) {
  const std::vector<ConfusedPair> pairs = confused_pairs(confused());
  EXPECT_EQ(confusion_rank(pairs, 0, 1), 1);
  EXPECT_EQ(confusion_rank(pairs, 2, 0), 1);
  EXPECT_EQ(confusion_rank(pairs, 2, 3), 3);
  EXPECT_EQ(confusion_rank(pairs, 1, 3), 0);
}

}  // namespace
}  // namespace inkling
