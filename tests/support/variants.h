// Test parameters: every kernel variant by name; one this CPU lacks is skipped under its name.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "kernels/variant.h"

namespace inkling {

class VariantTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (const kernels::Variant& variant : kernels::variants()) {
      if (variant.name != GetParam()) continue;
      if (!variant.supported) {
        GTEST_SKIP() << "this CPU lacks the variant " << variant.name << " (" << variant.needs
                     << ")";
      }
      variant_ = &variant;
    }
  }
  const kernels::Variant& variant() const { return *variant_; }

 private:
  const kernels::Variant* variant_ = nullptr;
};

inline std::vector<std::string> variant_names() {
  std::vector<std::string> names;
  for (const kernels::Variant& variant : kernels::variants()) names.emplace_back(variant.name);
  return names;
}

inline std::string variant_test_name(const ::testing::TestParamInfo<std::string>& info) {
  return info.param;
}

// Random shapes a kernel is tried on: 300, or 40 where INKLING_TEST_SAMPLE asks for a sample
// (under sanitizers).
inline int shapes_to_try() { return std::getenv("INKLING_TEST_SAMPLE") ? 40 : 300; }

#define INKLING_FOR_ALL_VARIANTS(suite) \
  INSTANTIATE_TEST_SUITE_P(Every, suite, ::testing::ValuesIn(variant_names()), variant_test_name)

}  // namespace inkling
