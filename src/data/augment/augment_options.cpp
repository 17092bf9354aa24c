#include "data/augment/augment_options.h"

#include <algorithm>

#include "base/error.h"
#include "base/suggest.h"

namespace inkling {
namespace {

struct Preset {
  std::string_view name;
  AugmentOptions options;
};

constexpr std::string_view kPresetNames[] = {"none", "standard", "strong"};

// Ranges settled on MNIST's validation split (docs/journal.md).
constexpr Preset kPresets[] = {
    {kPresetNames[0], {}},
    {kPresetNames[1],
     {.rotation = 10, .scale_low = 0.9, .scale_high = 1.1, .shift = 1, .shear = 0.15}},
    {kPresetNames[2],
     {.rotation = 10,
      .scale_low = 0.9,
      .scale_high = 1.1,
      .shift = 1,
      .shear = 0.15,
      .perspective = 0.06,
      .elastic_alpha = 16,
      .elastic_sigma = 4,
      .thin = 0.3,
      .thicken = 0.4,
      .contrast_low = 0.7,
      .contrast_high = 1.2,
      .noise = 10,
      .erase_probability = 0.1,
      .erase_low = 0.01,
      .erase_high = 0.03}},
};

using A = AugmentOptions;
constexpr AugmentField kFields[] = {
    {"rotation", &A::rotation, 0, 180, "degrees", "largest rotation, either way"},
    {"scale_low", &A::scale_low, 0.1, 10, "", "smallest scale factor, drawn for each axis"},
    {"scale_high", &A::scale_high, 0.1, 10, "",
     "largest scale factor; above 1 makes the ink bigger"},
    {"shift", &A::shift, 0, 4096, "pixels", "largest shift along each axis"},
    {"shear", &A::shear, 0, 10, "", "largest slant: pixels to the side per pixel of height"},
    {"perspective", &A::perspective, 0, 0.4, "",
     "largest fraction by which an edge comes nearer or goes farther"},
    {"elastic_alpha", &A::elastic_alpha, 0, 10000, "pixels",
     "strength of elastic distortion (Simard et al. 2003); 0: none"},
    {"elastic_sigma", &A::elastic_sigma, 0.5, 32, "pixels", "smoothness of elastic distortion"},
    {"thin", &A::thin, 0, 1, "",
     "thinner strokes: at most this fraction of an erosion by one pixel"},
    {"thicken", &A::thicken, 0, 1, "",
     "thicker strokes: at most this fraction of a dilation by one pixel"},
    {"contrast_low", &A::contrast_low, 0, 10, "", "smallest factor on the grey levels"},
    {"contrast_high", &A::contrast_high, 0, 10, "", "largest factor on the grey levels"},
    {"noise", &A::noise, 0, 255, "grey levels",
     "largest standard deviation of the noise per pixel, of 255"},
    {"erase_probability", &A::erase_probability, 0, 1, "",
     "of erasing a rectangle (Zhong et al. 2020)"},
    {"erase_low", &A::erase_low, 0, 1, "", "smallest fraction of the area erased"},
    {"erase_high", &A::erase_high, 0, 1, "", "largest fraction of the area erased"},
    {"horizontal_flip_probability", &A::horizontal_flip_probability, 0, 1, "",
     "of mirroring; for clothes, never for digits"},
};

void expect_ordered(const char* what, double low, double high) {
  if (low <= high) return;
  throw usage_error("augmentation: {}_low is {}, above {}_high, {}", what, low, what, high);
}

}  // namespace

std::span<const std::string_view> augment_preset_names() { return kPresetNames; }

AugmentOptions augment_preset(std::string_view name) {
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return preset.options;
  }
  throw usage_error("augmentation: expected none, standard or strong, found \"{}\"{}", name,
                    did_you_mean(name, kPresetNames));
}

bool changes_nothing(AugmentOptions options) {
  const AugmentOptions unchanged;
  if (options.elastic_alpha == 0) options.elastic_sigma = unchanged.elastic_sigma;
  if (options.erase_probability == 0) options.erase_low = options.erase_high = 0;
  return options == unchanged;
}

std::span<const AugmentField> augment_fields() { return kFields; }

void expect_augment_ranges(const AugmentOptions& options) {
  for (const AugmentField& field : kFields) {
    const double value = options.*field.value;
    if (value >= field.least && value <= field.greatest) continue;  // never true of NaN
    throw usage_error("augmentation: {}: expected {} to {}, found {}", field.name, field.least,
                      field.greatest, value);
  }
  expect_ordered("scale", options.scale_low, options.scale_high);
  expect_ordered("contrast", options.contrast_low, options.contrast_high);
  expect_ordered("erase", options.erase_low, options.erase_high);
}

}  // namespace inkling
