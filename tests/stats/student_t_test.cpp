#include "stats/student_t.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

// From R: qt(0.975, df).
TEST(StudentT, QuantilesAreTheTables) {
  EXPECT_NEAR(student_t95(1), 12.706204736432102, 1e-8);
  EXPECT_NEAR(student_t95(2), 4.302652729911275, 1e-8);
  EXPECT_NEAR(student_t95(3), 3.182446305284263, 1e-8);
  EXPECT_NEAR(student_t95(4), 2.776445105197799, 1e-8);
  EXPECT_NEAR(student_t95(9), 2.262157162740992, 1e-8);
  EXPECT_NEAR(student_t95(30), 2.042272456301238, 1e-8);
  EXPECT_NEAR(student_t95(1000), 1.962339080792156, 1e-8);
}

}  // namespace
}  // namespace inkling
