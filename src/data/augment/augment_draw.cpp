#include "data/augment/augment_draw.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

constexpr uint64_t kAugmentStream = 0x6175676d656e74;  // "augment"

void draw_erasing(const AugmentOptions& options, int height, int width, Random& random,
                  AugmentDraw& draw) {
  const bool erases = random.uniform() < options.erase_probability;
  const double fraction = random.uniform(options.erase_low, options.erase_high);
  const double aspect = random.uniform(1, 2);
  const bool upright = random.uniform() < 0.5;
  const double place_x = random.uniform(), place_y = random.uniform();
  if (!erases) return;
  const double area = fraction * height * width;
  const double long_side = std::sqrt(area * aspect), short_side = std::sqrt(area / aspect);
  const auto side = [](double length, int most) {
    return std::min(narrow<int>(std::lround(length)), most);
  };
  draw.erase_width = side(upright ? short_side : long_side, width);
  draw.erase_height = side(upright ? long_side : short_side, height);
  draw.erase_x = static_cast<int>(place_x * (width - draw.erase_width + 1));
  draw.erase_y = static_cast<int>(place_y * (height - draw.erase_height + 1));
}

}  // namespace

AugmentDraw draw_augmentation(const AugmentOptions& options, int height, int width, uint64_t seed,
                              int epoch, uint32_t index) {
  Random random(seed, kAugmentStream ^ mix_bits(narrow<uint64_t>(epoch)), index);
  const auto either_way = [&](double range) { return random.uniform(-range, range); };
  // Every field draws, used or not, so that each has its own place in the stream.
  AugmentDraw draw;
  draw.rotation = either_way(options.rotation);
  draw.scale_x = random.uniform(options.scale_low, options.scale_high);
  draw.scale_y = random.uniform(options.scale_low, options.scale_high);
  draw.shift_x = either_way(options.shift);
  draw.shift_y = either_way(options.shift);
  draw.shear = either_way(options.shear);
  draw.perspective_x = either_way(options.perspective);
  draw.perspective_y = either_way(options.perspective);
  draw.stroke = random.uniform(-options.thin, options.thicken);
  draw.contrast = random.uniform(options.contrast_low, options.contrast_high);
  draw.noise = random.uniform(0, options.noise);
  draw.flip = random.uniform() < options.horizontal_flip_probability;
  const uint64_t keys = random.bits();
  draw.elastic_key = static_cast<uint32_t>(keys);
  draw.noise_key = narrow<uint32_t>(keys >> 32);
  draw.elastic_alpha = options.elastic_alpha;
  draw_erasing(options, height, width, random, draw);
  return draw;
}

kernels::SourceMap source_map(const AugmentDraw& draw, int height, int width) {
  const double angle = draw.rotation * (std::numbers::pi / 180);
  const double cosine = std::cos(angle), sine = std::sin(angle);
  // Forwards, y pointing down: p = M (q - centre) + centre + shift, M = rotation · shear · scale.
  // Rotation is [c s; -s c], shear [1 -k; 0 1]; a flip is a negative scale.
  const double x_scale = draw.flip ? -draw.scale_x : draw.scale_x;
  const double m00 = cosine * x_scale, m01 = (sine - cosine * draw.shear) * draw.scale_y;
  const double m10 = -sine * x_scale, m11 = (cosine + sine * draw.shear) * draw.scale_y;
  const double determinant = x_scale * draw.scale_y;  // m00 m11 - m01 m10
  const double i00 = m11 / determinant, i01 = -m01 / determinant;
  const double i10 = -m10 / determinant, i11 = m00 / determinant;
  // Backwards, q = centre + inverse (p - centre - shift) / w, where w is 1 in the centre.
  const double centre_x = (width - 1) / 2.0, centre_y = (height - 1) / 2.0;
  const double w_x = draw.perspective_x / (width / 2.0), w_y = draw.perspective_y / (height / 2.0);
  const double w_0 = 1 - w_x * centre_x - w_y * centre_y;
  const double from_x = centre_x + draw.shift_x, from_y = centre_y + draw.shift_y;
  const auto f = [](double v) { return static_cast<float>(v); };
  return {.x_x = f(centre_x * w_x + i00),
          .x_y = f(centre_x * w_y + i01),
          .x_0 = f(centre_x * w_0 - i00 * from_x - i01 * from_y),
          .y_x = f(centre_y * w_x + i10),
          .y_y = f(centre_y * w_y + i11),
          .y_0 = f(centre_y * w_0 - i10 * from_x - i11 * from_y),
          .w_x = f(w_x),
          .w_y = f(w_y),
          .w_0 = f(w_0)};
}

}  // namespace inkling
