#include "eval/normalisation.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

TEST(Normalisation, IsTheStatisticsOfItsPixelsThereAndBack) {
  const PixelStatistics measured{.mean = 0.25, .sd = 0.5};
  EXPECT_EQ(normalisation_of(measured), (Normalisation{.mean = 0.25, .sd = 0.5}));
  EXPECT_EQ(statistics_of(normalisation_of(measured)).mean, 0.25);
  EXPECT_EQ(statistics_of(normalisation_of(measured)).sd, 0.5);
}

// x is normalised one way; what comes of it is the same pixel normalised the other way.
TEST(Normalisation, RenormalisingIsNormalisingThePixelTheOtherWay) {
  for (const PixelStatistics from : {PixelStatistics{0.1, 0.3}, PixelStatistics{0.4, 0}}) {
    for (const PixelStatistics to : {PixelStatistics{0.2, 0.25}, PixelStatistics{0.7, 0}}) {
      const Renormalisation change = renormalisation(normalisation_of(from), normalisation_of(to));
      for (const double grey : {0.0, 0.3, 1.0}) {
        EXPECT_NEAR(change.scale * from.normalised(grey) + change.offset, to.normalised(grey),
                    1e-12);
      }
    }
  }
}

}  // namespace
}  // namespace inkling
