#include <array>

#include "data/augment/corrupt.h"

namespace inkling {
namespace {

constexpr std::array<std::string_view, kCorruptions> kCorruptionNames = {
    "shot_noise", "impulse_noise", "glass_blur",  "motion_blur", "shear",
    "scale",      "rotate",        "brightness",  "translate",   "stripe",
    "fog",        "spatter",       "dotted_line", "zigzag",      "canny_edges"};

}  // namespace

std::string_view corruption_name(Corruption corruption) {
  return kCorruptionNames[static_cast<size_t>(corruption)];
}

}  // namespace inkling
