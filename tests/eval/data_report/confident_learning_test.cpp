#include "eval/data_report/confident_learning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Worked by hand. Labels 0 0 0 0 1 1:
//   thresholds: (0.9 + 0.8 + 0.1 + 0.625) / 4 = 0.60625 and (0.8 + 0.3) / 2 = 0.55
//   image 2: p_1 = 0.9 >= 0.55, labelled 0: off the diagonal, margin 0.8
//   image 5: p_0 = 0.7 >= 0.60625, labelled 1: off the diagonal, margin 0.4
const std::vector<float> kProbabilities = {0.9F,   0.1F,   0.8F, 0.2F, 0.1F, 0.9F,
                                           0.625F, 0.375F, 0.2F, 0.8F, 0.7F, 0.3F};
const std::vector<uint8_t> kLabels = {0, 0, 0, 0, 1, 1};

TEST(ConfidentLearning, ThresholdsAreMeanSelfConfidence) {
  const ConfidentLearning found = find_suspects(kProbabilities, kLabels, 2);
  EXPECT_THAT(found.thresholds,
              ElementsAre(testing::DoubleNear(0.60625, 1e-6), testing::DoubleNear(0.55, 1e-6)));
}

TEST(ConfidentLearning, JointCountsConfidentImages) {
  const ConfidentLearning found = find_suspects(kProbabilities, kLabels, 2);
  EXPECT_THAT(found.joint, ElementsAre(ElementsAre(3, 1), ElementsAre(1, 1)));
  EXPECT_EQ(found.confident, 2);
  EXPECT_NEAR(found.noise, (0.25 * 4 + 0.5 * 2) / 6, 1e-12);
}

TEST(ConfidentLearning, SuspectsComeSurestFirst) {
  const std::vector<Suspect> suspects = find_suspects(kProbabilities, kLabels, 2).suspects;
  ASSERT_EQ(suspects.size(), 2u);
  EXPECT_EQ(suspects[0].index, 2u);
  EXPECT_EQ(suspects[0].given, 0);
  EXPECT_EQ(suspects[0].suggested, 1);
  EXPECT_NEAR(suspects[0].score, 0.8, 1e-6);
  EXPECT_EQ(suspects[1].index, 5u);
  EXPECT_NEAR(suspects[1].score, 0.4, 1e-6);
  EXPECT_TRUE(suspects[0].confident && suspects[1].confident);
}

// p_1 = 0.55 beats the label 0 but stays below t_1 = 0.9: worth a look, not counted as noise.
TEST(ConfidentLearning, AMistakeWithoutConfidenceIsASuspectButNotNoise) {
  const std::vector<float> probabilities = {0.95F, 0.05F, 0.45F, 0.55F, 0.1F, 0.9F};
  const std::vector<uint8_t> labels = {0, 0, 1};
  const ConfidentLearning found = find_suspects(probabilities, labels, 2);
  ASSERT_EQ(found.suspects.size(), 1u);
  EXPECT_EQ(found.suspects[0].index, 1u);
  EXPECT_FALSE(found.suspects[0].confident);
  EXPECT_EQ(found.confident, 0);
  EXPECT_EQ(found.noise, 0);
}

// Image 1 passes both thresholds (0.4 and 0.35): the likelier class counts, as the paper resolves
// such collisions.
TEST(ConfidentLearning, AmongSeveralConfidentClassesTheLikeliestCounts) {
  const std::vector<float> probabilities = {0.35F, 0.25F, 0.4F,  0.45F, 0.35F,
                                            0.2F,  0.4F,  0.35F, 0.25F};
  const std::vector<uint8_t> labels = {0, 0, 1};
  const ConfidentLearning found = find_suspects(probabilities, labels, 3);
  EXPECT_EQ(found.joint[0][0], 1);
  EXPECT_EQ(found.joint[0][1], 0);
  EXPECT_EQ(found.joint[1][0], 1);  // image 2: 0.4 >= 0.4 for class 0
}

TEST(ConfidentLearning, AClassWithoutImagesIsNeverSuggestedWithConfidence) {
  const std::vector<float> probabilities = {0.3F, 0.7F, 0.8F, 0.2F};
  const std::vector<uint8_t> labels = {0, 0};
  const ConfidentLearning found = find_suspects(probabilities, labels, 2);
  EXPECT_EQ(found.thresholds[1], 1);
  EXPECT_EQ(found.confident, 0);
}

TEST(ConfidentLearning, CertainAndRightGivesNoSuspect) {
  const std::vector<float> probabilities = {1, 0, 0, 1};
  const std::vector<uint8_t> labels = {0, 1};
  EXPECT_THAT(find_suspects(probabilities, labels, 2).suspects, IsEmpty());
}

}  // namespace
}  // namespace inkling
