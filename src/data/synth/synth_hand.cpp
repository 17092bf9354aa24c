#include "data/synth/synth_hand.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

struct Point {
  double x, y;
};
Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
Point operator*(double s, Point a) { return {s * a.x, s * a.y}; }
double length(Point a) { return std::sqrt(a.x * a.x + a.y * a.y); }

using Path = std::vector<Point>;

constexpr double kStep = 0.035;  // between dots of a path, in digit heights: 0.7 pixels in MNIST

// A normal number that never strays beyond `limit` deviations.
double bounded_normal(Random& random, double limit = 2.5) {
  return std::clamp(random.normal(), -limit, limit);
}

// The points of a stroke, each moved; a move carries over to the next point by half.
std::vector<FormPoint> jittered(const FormStroke& stroke, double jitter, Random& random) {
  constexpr double kCarried = 0.5;
  const double fresh = std::sqrt(1 - kCarried * kCarried);
  std::vector<FormPoint> points = stroke;
  Point move{random.normal(), random.normal()};
  for (FormPoint& point : points) {
    point.x += jitter * move.x;
    point.y += jitter * move.y;
    move = kCarried * move + fresh * Point{random.normal(), random.normal()};
  }
  return points;
}

// The curve from b to c of a centripetal Catmull-Rom spline (Barry and Goldman 1988; Yuksel et al.
// 2011), b excluded and c included.
void append_curve(Point a, Point b, Point c, Point d, Path& path) {
  const double ab = std::sqrt(std::max(length(b - a), 1e-6));
  const double bc = std::sqrt(std::max(length(c - b), 1e-6));
  const double cd = std::sqrt(std::max(length(d - c), 1e-6));
  // As a Hermite curve over t in [0, 1].
  const Point out = bc * ((1 / ab) * (b - a) - (1 / (ab + bc)) * (c - a) + (1 / bc) * (c - b));
  const Point in = bc * ((1 / bc) * (c - b) - (1 / (bc + cd)) * (d - b) + (1 / cd) * (d - c));
  const int steps = std::max(1, static_cast<int>(std::ceil(length(c - b) / kStep)));
  for (int i = 1; i <= steps; ++i) {
    const double t = 1.0 * i / steps, t2 = t * t, t3 = t2 * t;
    path.push_back((2 * t3 - 3 * t2 + 1) * b + (t3 - 2 * t2 + t) * out + (3 * t2 - 2 * t3) * c +
                   (t3 - t2) * in);
  }
}

// A path through every point, turning at corners and curving through the rest.
Path path_through(const std::vector<FormPoint>& points) {
  const auto at = [&](size_t i) { return Point{points[i].x, points[i].y}; };
  Path path{at(0)};
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const Point b = at(i), c = at(i + 1);
    const bool starts = i == 0 || points[i].corner;
    const bool ends = i + 2 == points.size() || points[i + 1].corner;
    append_curve(starts ? b - (c - b) : at(i - 1), b, c, ends ? c + (c - b) : at(i + 2), path);
  }
  return path;
}

// Rounds the corners off as a quick pen does. The ends stay.
void smooth(Path& path, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    Point before = path.front();
    for (size_t i = 1; i + 1 < path.size(); ++i) {
      const Point here = path[i];
      path[i] = 0.25 * before + 0.5 * here + 0.25 * path[i + 1];
      before = here;
    }
  }
}

// Makes the path's end longer (amount above 0) or shorter, at most by a quarter of its points.
void loosen_end(Path& path, double amount) {
  if (path.size() < 4) return;
  if (amount >= 0) {
    const Point last = path.back(), direction = last - path[path.size() - 3];
    const double norm = length(direction);
    if (norm > 1e-6) path.push_back(last + (amount / norm) * direction);
    return;
  }
  const size_t dropped = std::min(path.size() / 4, static_cast<size_t>(-amount / kStep + 0.5));
  path.resize(path.size() - dropped);
}

// A smooth random displacement of the plane: a few long waves.
class Warp {
 public:
  Warp(double amplitude, Random& random) {
    for (Wave& wave : waves_) {
      const double angle = random.uniform(0, 2 * std::numbers::pi);
      const double frequency = 2 * std::numbers::pi * random.uniform(0.3, 1.1);  // a height
      wave.kx = frequency * std::cos(angle);
      wave.ky = frequency * std::sin(angle);
      wave.phase = random.uniform(0, 2 * std::numbers::pi);
      const double fraction = amplitude * std::sqrt(2.0 / kWaves);
      wave.by = {fraction * random.normal(), fraction * random.normal()};
    }
  }
  Point operator()(Point p) const {
    Point moved = p;
    for (const Wave& wave : waves_) {
      moved = moved + std::sin(wave.kx * p.x + wave.ky * p.y + wave.phase) * wave.by;
    }
    return moved;
  }

 private:
  static constexpr int kWaves = 3;
  struct Wave {
    double kx, ky, phase;
    Point by;
  };
  std::array<Wave, kWaves> waves_{};
};

// Gives the upper half more of the height and of the width, or less.
struct Proportion {
  double high, wide;  // below 1, so that nothing folds over
  Proportion(double spread, Random& random)
      : high(std::clamp(spread * random.normal(), -0.6, 0.6)),
        wide(std::clamp(spread * random.normal(), -0.6, 0.6)) {}
  // y from -0.5 at the top to 0.5.
  Point operator()(Point p) const {
    return {p.x * (1 - wide * p.y), p.y + high * (0.25 - p.y * p.y)};
  }
};

// Slant, stretch and turn about the middle of the digit.
struct Affine {
  double xx, xy, yx, yy;
  Affine(const HandStyle& style, Random& random) {
    const double slant = style.slant + style.slant_spread * bounded_normal(random);
    const double wide = style.width * std::exp(style.stretch * bounded_normal(random));
    const double angle = style.turn * bounded_normal(random);
    const double c = std::cos(angle), s = std::sin(angle);
    xx = c * wide;
    xy = -c * slant - s;
    yx = s * wide;
    yy = -s * slant + c;
  }
  Point operator()(Point p) const { return {xx * p.x + xy * p.y, yx * p.x + yy * p.y}; }
};

// Radius along the path: one slow wave of pressure and a lighter or heavier end.
PenStroke inked(const Path& path, double radius, double pressure, Random& random) {
  const double phase = random.uniform(0, 2 * std::numbers::pi);
  const double turns = random.uniform(0.5, 1.5) * 2 * std::numbers::pi;
  const double wave = pressure * random.normal(), tilt = pressure * random.normal();
  PenStroke stroke;
  stroke.reserve(path.size());
  for (size_t i = 0; i < path.size(); ++i) {
    const double t = double(i) / double(path.size() - 1);
    const double load = wave * std::sin(phase + turns * t) + tilt * (t - 0.5);
    stroke.push_back({path[i].x, path[i].y, radius * std::exp(std::clamp(load, -0.7, 0.5))});
  }
  return stroke;
}

}  // namespace

const DigitForm& pick_form(int digit, Random& random) {
  return pick_form(digit_forms(digit), random);
}

const DigitForm& pick_form(std::span<const DigitForm> forms, Random& random) {
  double fractions = 0;
  for (const DigitForm& form : forms) fractions += form.fraction;
  double left = random.uniform(0, fractions);
  for (const DigitForm& form : forms) {
    left -= form.fraction;
    if (left < 0) return form;
  }
  return forms.back();
}

PenDrawing write_digit(int digit, const DigitForm& form, const HandStyle& style, Random& random) {
  PenDrawing drawing{digit, form.name, {}};
  const double jitter = style.jitter * random.uniform(0.4, 1.6);
  const int rounding = narrow<int>(random.below(6));
  const Warp warp(style.warp, random);
  const Proportion proportion(style.proportion, random);
  const double tremor = style.tremor * random.uniform(0, 2);
  const Affine affine(style, random);
  const double radius = style.pen_radius * std::exp(style.pen_spread * bounded_normal(random, 2.2));
  for (const FormStroke& form_stroke : form.strokes) {
    Path path = path_through(jittered(form_stroke, jitter, random));
    smooth(path, rounding);
    loosen_end(path, style.loose_ends * bounded_normal(random));
    std::reverse(path.begin(), path.end());
    loosen_end(path, style.loose_ends * bounded_normal(random));
    std::reverse(path.begin(), path.end());
    const Point shift = jitter * Point{random.normal(), random.normal()};
    for (Point& point : path) {
      const Point shaken = point + shift + tremor * Point{random.normal(), random.normal()};
      point = affine(warp(proportion(shaken - Point{0.3, 0.5})));
    }
    drawing.strokes.push_back(inked(path, radius, style.pressure, random));
  }
  return drawing;
}

}  // namespace inkling
