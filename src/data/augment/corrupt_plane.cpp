#include "data/augment/corrupt_plane.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

using Strengths = std::array<double, kCorruptionStrengths>;

double length_unit(const Plane& plane) { return std::min(plane.height, plane.width) / 28.0; }

// Knuth's method: uniforms multiplied until e^-mean is passed. For means up to some hundreds.
int poisson(double mean, Random& random) {
  const double limit = std::exp(-mean);
  int count = -1;
  for (double product = 1; product > limit; product *= random.uniform()) ++count;
  return std::max(count, 0);
}

// Each pixel counts photons, `photons` where it is white.
void shot_noise(Plane& plane, double photons, Random& random) {
  plane.transform([&](double v) { return poisson(v * photons, random) / photons; });
}

// Pixels replaced by black or white, either as likely.
void impulse_noise(Plane& plane, double fraction, Random& random) {
  for (float& v : plane.values) {
    const double luck = random.uniform();
    if (luck < fraction) v = luck < fraction / 2 ? 0.0F : 1.0F;
  }
}

struct Glass {
  double sigma;     // of the blur before and after, pixels
  double fraction;  // of the pixels that are swapped
  int reach;        // how far
};

// Pixels swapped with near ones between two blurs.
void glass_blur(Plane& plane, const Glass& glass, Random& random) {
  plane = blurred(plane, glass.sigma);
  const uint64_t span = narrow<uint64_t>(2 * glass.reach + 1);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      const int dy = narrow<int>(random.below(span)) - glass.reach;
      const int dx = narrow<int>(random.below(span)) - glass.reach;
      if (random.uniform() >= glass.fraction) continue;
      const int there_y = std::clamp(y + dy, 0, plane.height - 1);
      const int there_x = std::clamp(x + dx, 0, plane.width - 1);
      std::swap(plane.at(y, x), plane.at(there_y, there_x));
    }
  }
  plane = blurred(plane, glass.sigma);
}

// The mean along a line of `length` pixels, at most 45 degrees from level.
void motion_blur(Plane& plane, double length, Random& random) {
  const double angle = random.uniform(-std::numbers::pi / 4, std::numbers::pi / 4);
  const int samples = 2 * static_cast<int>(std::ceil(length)) + 1;
  const Plane still = plane;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      double sum = 0;
      for (int s = 0; s < samples; ++s) {
        const double along = length * (1.0 * s / (samples - 1) - 0.5);
        sum += still.sample(y + along * std::sin(angle), x + along * std::cos(angle));
      }
      plane.at(y, x) = static_cast<float>(sum / samples);
    }
  }
}

// Inverts a stripe down the middle.
void stripe(Plane& plane, double width) {
  const int columns = narrow<int>(std::lround(width)), begin = (plane.width - columns) / 2;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = begin; x < begin + columns; ++x) plane.at(y, x) = 1 - plane.at(y, x);
  }
}

// A cloud between 0 and 1: noise of halving wavelengths, each half as strong (a fractal, as the
// diamond-square plasma of ImageNet-C is one).
Plane cloud(int height, int width, Random& random) {
  Plane sum(height, width);
  float amplitude = 1;
  for (double wavelength = std::max(height, width); wavelength >= 2; wavelength /= 2) {
    Plane lattice(static_cast<int>(std::ceil(height / wavelength)) + 2,
                  static_cast<int>(std::ceil(width / wavelength)) + 2);
    lattice.transform([&](double) { return random.uniform(); });
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        sum.at(y, x) += amplitude * lattice.sample(y / wavelength, x / wavelength);
      }
    }
    amplitude /= 2;
  }
  const auto [least, most] = std::ranges::minmax(sum.values);
  for (float& v : sum.values) v = most > least ? (v - least) / (most - least) : 0;
  return sum;
}

// Light scattered by the cloud, then dimmed so that the brightest pixel stays as bright.
void fog(Plane& plane, double density, Random& random) {
  const Plane mist = cloud(plane.height, plane.width, random);
  const auto haze = static_cast<float>(density), all = static_cast<float>(1 + density);
  for (size_t i = 0; i < plane.values.size(); ++i) {
    plane.values[i] = (plane.values[i] + haze * mist.values[i]) / all;
  }
}

// Bright drops: where smoothed noise is more than `threshold` standard deviations above its mean.
void spatter(Plane& plane, double threshold, Random& random) {
  Plane noise(plane.height, plane.width);
  noise.transform([&](double) { return random.normal(); });
  noise = blurred(noise, 1.2 * length_unit(plane));
  const double n = count_of(noise.values);
  double mean = 0, square = 0;
  for (const float v : noise.values) {
    mean += v / n;
    square += double{v} * v / n;
  }
  const double sd = std::sqrt(std::max(square - mean * mean, 1e-12));
  for (size_t i = 0; i < plane.values.size(); ++i) {
    const double above = (noise.values[i] - mean) / sd - threshold;
    const auto drop = static_cast<float>(std::clamp(2.5 * above, 0.0, 1.0));
    plane.values[i] = std::max(plane.values[i], drop);
  }
}

// Lines of dots from edge to edge.
void dotted_lines(Plane& plane, int lines, Random& random) {
  const double unit = length_unit(plane), right = plane.width - 1.0;
  for (int line = 0; line < lines; ++line) {
    const double from = random.uniform(0, plane.height - 1.0);
    const double to = random.uniform(0, plane.height - 1.0);
    const double slope = (to - from) / std::max(right, 1.0);
    for (double x = 0; x <= right; x += 4 * unit) {
      const double end = std::min(x + 1.5 * unit, right);
      draw_line(plane, from + slope * x, x, from + slope * end, end, unit);
    }
  }
}

void zigzags(Plane& plane, int lines, Random& random) {
  const double unit = length_unit(plane), left = 2 * unit, right = plane.width - 1 - 2 * unit;
  for (int line = 0; line < lines; ++line) {
    const double from = random.uniform(0, plane.height - 1.0);
    const double slope = random.uniform(-5 * unit, 5 * unit) / std::max(right - left, 1.0);
    double y = from, x = left;
    for (int tooth = 0; x < right; ++tooth) {
      const double next_x = std::min(x + 2 * unit, right);
      const double next_y =
          from + slope * (next_x - left) + (tooth % 2 == 0 ? 2 * unit : -2 * unit);
      draw_line(plane, y, x, next_y, next_x, unit);
      y = next_y;
      x = next_x;
    }
  }
}

// The picture gives way to its edges.
void fade_to_edges(Plane& plane, double fraction) {
  const Plane edges = canny_edges(plane, 0.04F, 0.12F);
  for (size_t i = 0; i < plane.values.size(); ++i) {
    plane.values[i] = std::lerp(plane.values[i], edges.values[i], static_cast<float>(fraction));
  }
}

}  // namespace

void corrupt_plane(Plane& plane, Corruption corruption, int strength, Random& random) {
  const auto of = [&](const auto& strengths) { return at(strengths, strength - 1); };
  const double unit = length_unit(plane);
  switch (corruption) {
    case Corruption::kShotNoise:
      return shot_noise(plane, of(Strengths{60, 25, 12, 5, 3}), random);
    case Corruption::kImpulseNoise:
      return impulse_noise(plane, of(Strengths{0.03, 0.06, 0.1, 0.17, 0.27}), random);
    case Corruption::kGlassBlur:
      return glass_blur(
          plane,
          of(std::array<Glass, kCorruptionStrengths>{
              {{0.4, 0.2, 1}, {0.5, 0.4, 1}, {0.6, 0.7, 1}, {0.7, 1, 1}, {0.8, 1, 2}}}),
          random);
    case Corruption::kMotionBlur:
      return motion_blur(plane, unit * of(Strengths{3, 5, 7, 9, 12}), random);
    case Corruption::kBrightness:
      for (float& v : plane.values) v += static_cast<float>(of(Strengths{0.1, 0.2, 0.3, 0.4, 0.5}));
      return;
    case Corruption::kStripe:
      return stripe(plane, unit * of(Strengths{2, 4, 6, 8, 10}));
    case Corruption::kFog:
      return fog(plane, of(Strengths{0.3, 0.6, 1.0, 1.5, 2.0}), random);
    case Corruption::kSpatter:
      return spatter(plane, of(Strengths{2.2, 1.9, 1.6, 1.35, 1.1}), random);
    case Corruption::kDottedLine:
      return dotted_lines(plane, strength, random);
    case Corruption::kZigzag:
      return zigzags(plane, strength, random);
    case Corruption::kCannyEdges:
      return fade_to_edges(plane, of(Strengths{0.2, 0.4, 0.6, 0.8, 1.0}));
    default:
      INKLING_CHECK(false && "geometric corruptions go through warped()");
  }
}

}  // namespace inkling
