#include "data/augment/augment_options.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.h"

namespace inkling {
namespace {

TEST(AugmentOptions, DefaultsChangeNothing) {
  EXPECT_TRUE(changes_nothing({}));
  EXPECT_TRUE(changes_nothing(augment_preset("none")));
  // What is switched off does not count, whatever its settings.
  EXPECT_TRUE(changes_nothing({.elastic_sigma = 7, .erase_low = 0.1, .erase_high = 0.2}));
}

TEST(AugmentOptions, EveryRangeAloneChangesSomething) {
  for (const AugmentField& field : augment_fields()) {
    if (field.name == "elastic_sigma" || field.name == "erase_low" || field.name == "erase_high") {
      continue;  // settings of what another field switches on
    }
    AugmentOptions options;
    options.*field.value = 0.25;
    EXPECT_FALSE(changes_nothing(options)) << field.name;
  }
}

TEST(AugmentOptions, EveryFieldIsListedOnce) {
  // As many as the struct holds doubles, each member once.
  EXPECT_EQ(augment_fields().size() * sizeof(double), sizeof(AugmentOptions));
  AugmentOptions options;
  for (const AugmentField& field : augment_fields()) {
    EXPECT_NE(options.*field.value, 0.625) << field.name;
    options.*field.value = 0.625;
  }
}

TEST(AugmentPresets, StandardMovesAndStrongAddsTheRest) {
  const AugmentOptions standard = augment_preset("standard"), strong = augment_preset("strong");
  for (const AugmentOptions& options : {standard, strong}) {
    EXPECT_GT(options.rotation, 0);
    EXPECT_LT(options.scale_low, 1);
    EXPECT_GT(options.scale_high, 1);
    EXPECT_GT(options.shift, 0);
    EXPECT_GT(options.shear, 0);
  }
  EXPECT_EQ(standard.elastic_alpha, 0);
  EXPECT_EQ(standard.noise, 0);
  EXPECT_EQ(standard.thicken, 0);
  EXPECT_GT(strong.perspective, 0);
  EXPECT_GT(strong.elastic_alpha, 0);
  EXPECT_GT(strong.thin, 0);
  EXPECT_GT(strong.thicken, 0);
  EXPECT_LT(strong.contrast_low, 1);
  EXPECT_GT(strong.noise, 0);
  EXPECT_GT(strong.erase_probability, 0);
  EXPECT_GT(strong.erase_high, 0);
}

TEST(AugmentPresets, NeverFlip) {
  for (const std::string_view name : augment_preset_names()) {
    EXPECT_EQ(augment_preset(name).horizontal_flip_probability, 0) << name;
  }
}

TEST(AugmentPresets, AreWithinTheFieldsRanges) {
  for (const std::string_view name : augment_preset_names()) {
    EXPECT_NO_THROW(expect_augment_ranges(augment_preset(name))) << name;
  }
}

TEST(AugmentPresets, UnknownNamesAreRefused) {
  EXPECT_ERROR(augment_preset("standart"), ErrorKind::kUsage, "none, standard or strong",
               "standart", "did you mean \"standard\"");
}

TEST(AugmentOptions, ValuesOutOfRangeAreRefusedByName) {
  for (const AugmentField& field : augment_fields()) {
    for (const double value :
         {field.least - 0.01, field.greatest + 0.01, std::numeric_limits<double>::quiet_NaN(),
          std::numeric_limits<double>::infinity()}) {
      AugmentOptions options;
      options.*field.value = value;
      EXPECT_ERROR(expect_augment_ranges(options), ErrorKind::kUsage,
                   std::string(field.name).c_str());
    }
  }
}

TEST(AugmentOptions, LowEndsAboveHighEndsAreRefused) {
  EXPECT_ERROR(expect_augment_ranges({.scale_low = 1.2, .scale_high = 1.1}), ErrorKind::kUsage,
               "scale_low is 1.2", "scale_high, 1.1");
  EXPECT_ERROR(expect_augment_ranges({.contrast_low = 1.5}), ErrorKind::kUsage, "contrast_low");
  EXPECT_ERROR(expect_augment_ranges({.erase_low = 0.5}), ErrorKind::kUsage, "erase_low");
}

}  // namespace
}  // namespace inkling
