#include "data/augment/corrupt.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/random.h"
#include "data/plane.h"
#include "kernels/variant.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

// Rings of changing size and place, soft at the rim, as handwriting is.
Dataset rings(int count, int side = 28, int channels = 1) {
  Dataset dataset;
  dataset.name = "rings";
  dataset.height = dataset.width = side;
  dataset.channels = channels;
  dataset.classes = 2;
  dataset.class_names = {"small", "large"};
  const double unit = side / 28.0;
  for (int n = 0; n < count; ++n) {
    const double radius = (n % 2 == 0 ? 5 : 7) * unit, centre = (13 + n % 3) * unit;
    for (int p = 0; p < side * side; ++p) {
      const double distance = std::hypot(p / side - centre, p % side - centre);
      const double ink = std::clamp(2.0 - std::abs(distance - radius) / unit, 0.0, 1.0);
      for (int c = 0; c < channels; ++c) {
        dataset.bytes().push_back(static_cast<uint8_t>(std::lround(240 * ink)));
      }
    }
    dataset.labels.push_back(static_cast<uint8_t>(n % 2));
  }
  return dataset;
}

const kernels::WarpKernels& kernels_of_this_cpu() {
  for (const kernels::Variant& variant : kernels::variants()) {
    if (variant.supported) return *variant.warp;
  }
  std::abort();
}

class Corrupt : public testing::Test {
 protected:
  Dataset make(const Dataset& dataset, Corruption corruption, int strength, uint64_t seed = 1) {
    std::vector<uint32_t> all(dataset.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<uint32_t>(i);
    return corrupted(dataset, all, corruption, strength, seed, kernels_of_this_cpu(), pool_);
  }
  static double mean_change(const Dataset& a, const Dataset& b) {
    double sum = 0;
    for (size_t i = 0; i < a.bytes().size(); ++i) sum += std::abs(a.bytes()[i] - b.bytes()[i]);
    return sum / static_cast<double>(a.bytes().size());
  }

  static double mean_grey(const Dataset& a) {
    return std::accumulate(a.bytes().begin(), a.bytes().end(), 0.0) /
           static_cast<double>(a.bytes().size());
  }

  ThreadPool pool_{2};
};

template <typename Body>
void for_corruptions(Body body) {
  for (int c = 0; c < kCorruptions; ++c) {
    SCOPED_TRACE(corruption_name(static_cast<Corruption>(c)));
    body(static_cast<Corruption>(c));
  }
}

TEST_F(Corrupt, EveryKindChangesThePictureMoreTheStrongerItIs) {
  const Dataset plain = rings(40);
  for_corruptions([&](Corruption corruption) {
    double before = 0;
    for (int strength = 1; strength <= kCorruptionStrengths; ++strength) {
      const Dataset worse = make(plain, corruption, strength);
      ASSERT_EQ(worse.bytes().size(), plain.bytes().size());
      EXPECT_EQ(worse.labels, plain.labels);
      // Smaller rings soon have no pixel in common with the large one: count lost ink instead.
      const double change = corruption == Corruption::kScale ? mean_grey(plain) - mean_grey(worse)
                                                             : mean_change(plain, worse);
      EXPECT_GT(change, before) << "strength " << strength;
      before = change;
    }
  });
}

TEST_F(Corrupt, IsSettledBySeedAndIndexAlone) {
  const Dataset plain = rings(20);
  const std::vector<uint32_t> some{17, 3};
  ThreadPool alone(1);
  for_corruptions([&](Corruption corruption) {
    const Dataset all = make(plain, corruption, 3);
    const Dataset two = corrupted(plain, some, corruption, 3, 1, kernels_of_this_cpu(), alone);
    ASSERT_EQ(two.size(), 2u);
    EXPECT_EQ(two.labels[0], plain.labels[17]);
    for (size_t i = 0; i < some.size(); ++i) {
      EXPECT_TRUE(std::ranges::equal(two.image(i), all.image(some[i])));
    }
  });
}

TEST_F(Corrupt, RandomKindsDifferBySeed) {
  const Dataset plain = rings(20);
  const std::set<Corruption> settled = {Corruption::kScale, Corruption::kBrightness,
                                        Corruption::kStripe, Corruption::kCannyEdges};
  for_corruptions([&](Corruption corruption) {
    const bool same = make(plain, corruption, 3, 1).images == make(plain, corruption, 3, 2).images;
    EXPECT_EQ(same, settled.contains(corruption));
  });
}

TEST_F(Corrupt, NamesAreMnistCsAndAllDifferent) {
  std::set<std::string_view> names;
  for (int c = 0; c < kCorruptions; ++c) names.insert(corruption_name(static_cast<Corruption>(c)));
  EXPECT_EQ(names.size(), size_t{kCorruptions});
  EXPECT_EQ(corruption_name(Corruption::kShotNoise), "shot_noise");
  EXPECT_EQ(corruption_name(Corruption::kCannyEdges), "canny_edges");
}

TEST_F(Corrupt, EveryChannelIsChangedAlike) {
  const Dataset colour = rings(4, 28, 3);
  for_corruptions([&](Corruption corruption) {
    const Dataset worse = make(colour, corruption, 4);
    for (size_t p = 0; p < worse.bytes().size(); p += 3) {
      ASSERT_EQ(worse.bytes()[p], worse.bytes()[p + 1]) << p;
      ASSERT_EQ(worse.bytes()[p], worse.bytes()[p + 2]) << p;
    }
  });
}

TEST_F(Corrupt, ImagesOfOtherSizesAreFine) {
  for (const int side : {1, 5, 64}) {
    const Dataset odd = rings(2, side);
    for_corruptions([&](Corruption corruption) {
      for (const int strength : {1, 5}) {
        EXPECT_EQ(make(odd, corruption, strength).bytes().size(), odd.bytes().size());
      }
    });
  }
}

TEST_F(Corrupt, StripeInvertsTheMiddleAndNothingElse) {
  const Dataset plain = rings(1), worse = make(plain, Corruption::kStripe, 3);  // 6 columns
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 28; ++x) {
      const int was = plain.bytes()[size_t(y * 28 + x)], is = worse.bytes()[size_t(y * 28 + x)];
      EXPECT_EQ(is, x >= 11 && x < 17 ? 255 - was : was) << y << ", " << x;
    }
  }
}

TEST_F(Corrupt, ShotNoiseKeepsTheMeanGreyAndBlackBlack) {
  Dataset flat = rings(100);
  for (size_t i = 0; i < flat.bytes().size(); ++i) flat.bytes()[i] = i % 28 < 14 ? 0 : 100;
  const Dataset noisy = make(flat, Corruption::kShotNoise, 1);  // 60 photons: clipping is rare
  double sum = 0, square = 0;
  for (size_t i = 0; i < noisy.bytes().size(); ++i) {
    if (i % 28 < 14) {
      ASSERT_EQ(noisy.bytes()[i], 0);
      continue;
    }
    sum += noisy.bytes()[i];
    square += noisy.bytes()[i] * noisy.bytes()[i];
  }
  const double n = 100 * 28 * 14, mean = sum / n;
  EXPECT_NEAR(mean, 100, 0.5);
  // Poisson: variance mean / photons, in grey levels 255 * 100 / 60.
  EXPECT_NEAR(square / n - mean * mean, 255.0 * 100 / 60, 10);
}

TEST_F(Corrupt, ImpulseNoiseReplacesItsShareByBlackAndWhite) {
  Dataset flat = rings(100);
  std::ranges::fill(flat.bytes(), uint8_t{100});
  const Dataset noisy = make(flat, Corruption::kImpulseNoise, 5);
  const double n = static_cast<double>(noisy.bytes().size());
  EXPECT_NEAR(double(std::ranges::count(noisy.bytes(), 0)) / n, 0.135, 0.005);
  EXPECT_NEAR(double(std::ranges::count(noisy.bytes(), 255)) / n, 0.135, 0.005);
  EXPECT_NEAR(double(std::ranges::count(noisy.bytes(), 100)) / n, 0.73, 0.005);
}

TEST_F(Corrupt, TranslationShiftsBothWaysByItsStrength) {
  const Dataset plain = rings(30), moved = make(plain, Corruption::kTranslation, 4);
  std::set<std::pair<int, int>> found;
  for (size_t n = 0; n < plain.size(); ++n) {
    for (const int dy : {-4, 4}) {
      for (const int dx : {-4, 4}) {
        bool same = true;
        for (int y = 5; y < 23; ++y) {
          for (int x = 5; x < 23; ++x) {
            same = same && moved.image(n)[size_t(y * 28 + x)] ==
                               plain.image(n)[size_t((y - dy) * 28 + x - dx)];
          }
        }
        if (same) found.insert({dy, dx});
      }
    }
  }
  EXPECT_EQ(found.size(), 4u);
}

TEST_F(Corrupt, FloatsAreRefusedByName) {
  const Dataset floats = in_floats(rings(3));
  EXPECT_ERROR(make(floats, Corruption::kFog, 1), ErrorKind::kInput, "rings", "bytes");
  EXPECT_ERROR(make(floats, Corruption::kShear, 1), ErrorKind::kInput, "rings", "bytes");
}

TEST_F(Corrupt, UnlabelledImagesStayUnlabelled) {
  Dataset plain = rings(3);
  const Dataset labelled = make(plain, Corruption::kFog, 1);
  plain.labels.clear();
  EXPECT_EQ(make(plain, Corruption::kFog, 1).bytes(), labelled.bytes());
  EXPECT_TRUE(make(plain, Corruption::kFog, 1).labels.empty());
}

TEST_F(Corrupt, WarpedByNothingIsTheImageItself) {
  const Dataset plain = rings(3);
  const std::vector<uint32_t> indices{2, 0};
  const Dataset same = warped(
      plain, indices, [](uint32_t) { return AugmentDraw{}; }, kernels_of_this_cpu(), pool_);
  EXPECT_TRUE(std::ranges::equal(same.image(0), plain.image(2)));
  EXPECT_TRUE(std::ranges::equal(same.image(1), plain.image(0)));
  EXPECT_EQ(same.labels[0], plain.labels[2]);
}

}  // namespace
}  // namespace inkling
