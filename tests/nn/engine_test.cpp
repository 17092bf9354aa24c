#include "nn/engine.h"

#include "support/expect_error.h"
#include "support/variants.h"

namespace inkling {
namespace {

TEST(Engine, UnknownInstructionSetListsTheKnownOnes) {
  EXPECT_ERROR(Engine({.isa = "avx1024", .threads = 1}), ErrorKind::kUsage, "--isa", "auto",
               "generic", "found \"avx1024\"");
}

TEST(Engine, AutomaticChoiceIsTheFirstSupportedVariant) {
  const Engine engine({.threads = 1});
  for (const kernels::Variant& variant : kernels::variants()) {
    if (!variant.supported) continue;
    EXPECT_EQ(engine.kernels().name, variant.name);
    break;
  }
}

TEST(Engine, UnknownPrecisionIsRefused) {
  EXPECT_ERROR(Engine({.precision = "f16", .threads = 1}), ErrorKind::kUsage, "--precision",
               "auto, f32 or bf16", "found \"f16\"");
}

TEST(Engine, PrecisionTheVariantLacksIsRefused) {
  EXPECT_ERROR(Engine({.isa = "generic", .precision = "bf16", .threads = 1}), ErrorKind::kUsage,
               "--precision bf16", "generic");
}

TEST(Engine, ThreadsAreThoseAskedFor) {
  Engine three({.threads = 3}), any({.threads = 0});
  EXPECT_EQ(three.pool().threads(), 3);
  EXPECT_EQ(any.pool().threads(), available_cores());
}

class EngineVariants : public testing::TestWithParam<std::string> {};

TEST_P(EngineVariants, ForcedIsTakenOrRefusedByName) {
  for (const kernels::Variant& variant : kernels::variants()) {
    if (variant.name != GetParam()) continue;
    const EngineOptions options{.isa = GetParam(), .threads = 1};
    if (variant.supported) {
      EXPECT_EQ(Engine(options).kernels().name, GetParam());
    } else {
      EXPECT_ERROR(Engine(options), ErrorKind::kUsage, "--isa", GetParam().c_str(), "lacks it",
                   variant.needs);
    }
  }
}

INKLING_FOR_ALL_VARIANTS(EngineVariants);

TEST(Engine, AutoPrecisionIsWhatTheCpuIsFasterIn) {
  const Engine automatic({.threads = 1});
  EXPECT_EQ(automatic.precision(), automatic.kernels().bf16_is_faster ? "bf16" : "f32");
  if (automatic.kernels().bf16 != nullptr) {
    EXPECT_EQ(Engine({.precision = "bf16", .threads = 1}).precision(), "bf16");
  }
  EXPECT_EQ(Engine({.isa = "generic", .threads = 1}).precision(), "f32");
}

}  // namespace
}  // namespace inkling
