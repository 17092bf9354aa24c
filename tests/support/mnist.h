// Real MNIST for the tests that want it, found as the program finds it; where it is not, the test
// is skipped and says so.
//
//   TEST(PixelStatistics, OfMnistAreTheKnownOnes) {
//     SKIP_WITHOUT_MNIST();
//     const Dataset train = load_dataset("mnist", Split::kTrain);
#pragma once

#include <gtest/gtest.h>

#include "data/sources/sources.h"

#define SKIP_WITHOUT_MNIST()                                                                  \
  if (!::inkling::find_dataset("mnist"))                                                      \
  GTEST_SKIP() << "needs MNIST: set INKLING_DATA to the folder that holds mnist/, or put it " \
                  "in data/ or the user's cache"
