#include "jobs/reader/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "base/check.h"
#include "base/index.h"
#include "data/scale.h"
#include "data/synth/synth_forms.h"
#include "data/synth/synth_hand.h"
#include "data/synth/synth_pen.h"
#include "data/synth/synth_scribble.h"
#include "data/synth/synth_world_forms.h"
#include "recognize/pieces.h"

namespace inkling {
namespace {

// Ink of one glyph, cut to its box.
struct Glyph {
  int height = 0, width = 0;
  std::vector<uint8_t> ink;  // [height, width]
};

// The canvas a scene grows on.
struct Page {
  int height, width;
  std::vector<uint8_t> ink;  // [height, width]
  std::vector<int> owner;

  Page(int h, int w)
      : height(h),
        width(w),
        ink(narrow<size_t>(h * w)),
        owner(narrow<size_t>(h * w), Scene::kGround) {}

  // The darker ink owns the pixel.
  void add(int y, int x, uint8_t level, int who) {
    if (y < 0 || x < 0 || y >= height || x >= width) return;
    uint8_t& here = at(ink, y * width + x);
    if (level > here && level >= 110) at(owner, y * width + x) = who;
    here = std::max(here, level);
  }
  void add(const Glyph& glyph, int top, int left, int who) {
    for (int y = 0; y < glyph.height; ++y) {
      for (int x = 0; x < glyph.width; ++x) {
        add(top + y, left + x, at(glyph.ink, y * glyph.width + x), who);
      }
    }
  }
};

Glyph cut_to_ink(int height, int width, std::span<const uint8_t> pixels) {
  PixelBox box{width, height, 0, 0};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (at(pixels, y * width + x) >= 40) box = joined(box, {x, y, x + 1, y + 1});
    }
  }
  if (box.width() <= 0) return {.height = 1, .width = 1, .ink = {0}};
  Glyph glyph{.height = box.height(), .width = box.width(), .ink = {}};
  for (int y = box.top; y < box.bottom; ++y) {
    const auto row = pixels.begin() + y * width;
    glyph.ink.insert(glyph.ink.end(), row + box.left, row + box.right);
  }
  return glyph;
}

// How one writer writes a row.
struct Writer {
  double slant = 0;       // to the right, width a height
  double pen_radius = 0;  // pixels
  double stretch = 1;
  bool small_zeros = false, wide_zeros = false, joins = false;
  HandStyle style;

  Writer(double digit_height, Random& random) {
    slant = 0.18 * random.normal();
    pen_radius = digit_height * 0.06 * std::exp(std::clamp(0.45 * random.normal(), -1.0, 1.0));
    stretch = std::exp(0.15 * random.normal());
    small_zeros = random.uniform() < 0.3;
    wide_zeros = random.uniform() < 0.3;
    joins = random.uniform() < 0.2;
    style.pen_radius = pen_radius / digit_height;
    style.pen_spread = 0.05;
    style.slant = 0.05;
    style.slant_spread = 0.14;
  }
};

Glyph sheared(const Glyph& glyph, double slant) {
  const int reach = static_cast<int>(std::ceil(std::abs(slant) * glyph.height));
  Glyph out{.height = glyph.height, .width = glyph.width + reach, .ink = {}};
  out.ink.resize(narrow<size_t>(out.height * out.width));
  for (int y = 0; y < glyph.height; ++y) {
    const double along = slant > 0 ? slant * (glyph.height - 1 - y) : -slant * y;
    const int move = std::min(reach, static_cast<int>(std::lround(along)));
    std::copy_n(glyph.ink.begin() + y * glyph.width, glyph.width,
                out.ink.begin() + y * out.width + move);
  }
  return cut_to_ink(out.height, out.width, out.ink);
}

Glyph drawn(const PenDrawing& drawing, double scale, Random& random) {
  const InkBox box = ink_box(drawing);
  constexpr double kBorder = 3;
  InkCanvas canvas(static_cast<int>(std::clamp(scale * box.height() + 2 * kBorder, 3.0, 400.0)),
                   static_cast<int>(std::clamp(scale * box.width() + 2 * kBorder, 3.0, 800.0)));
  draw_ink(drawing,
           {.scale = scale,
            .left = kBorder - scale * box.left,
            .top = kBorder - scale * box.top,
            .softness = random.uniform(1, 2.5)},
           canvas);
  return cut_to_ink(canvas.height, canvas.width, canvas.pixels);
}

Glyph pen_digit(int digit, double height, const Writer& writer, Random& random) {
  const bool world = random.uniform() < 0.5;
  const DigitForm& form =
      world ? pick_form(world_digit_forms(digit), random) : pick_form(digit, random);
  const PenDrawing drawing = write_digit(digit, form, writer.style, random);
  return drawn(drawing, height / std::max(0.3, ink_box(drawing).height()), random);
}

Glyph mnist_digit(const Dataset& mnist, uint32_t index, double height, const Writer& writer,
                  Random& random) {
  const Glyph small = cut_to_ink(mnist.height, mnist.width, mnist.image(index));
  const double wide =
      height * small.width / small.height * writer.stretch * std::exp(0.08 * random.normal());
  const Picture large =
      scaled({.width = small.width, .height = small.height, .channels = 1, .pixels = small.ink},
             std::max(4, static_cast<int>(height)), std::max(3, static_cast<int>(wide)));
  // Enlarged, an edge is blurred: steeper, about the level that keeps or changes the pen's width.
  const double middle = std::clamp(110 - 60 * random.normal(), 50.0, 190.0);
  const double gain = std::max(random.uniform(1.5, 4), 127 / middle);  // the ground stays 0
  Glyph glyph{.height = large.height, .width = large.width, .ink = {}};
  for (const uint8_t level : large.pixels) {
    glyph.ink.push_back(
        static_cast<uint8_t>(std::clamp(127 + gain * (level - middle), 0.0, 255.0)));
  }
  return sheared(glyph, writer.slant);
}

Glyph widened(const Glyph& glyph, double factor) {
  const Picture wide =
      scaled({.width = glyph.width, .height = glyph.height, .channels = 1, .pixels = glyph.ink},
             glyph.height, std::max(3, static_cast<int>(glyph.width * factor)));
  return {.height = wide.height, .width = wide.width, .ink = wide.pixels};
}

// The thin line of a pen that was not lifted between two digits. Nobody owns it.
void join(Page& page, double x0, double y0, double x1, double y1, double radius) {
  InkCanvas canvas(page.height, page.width);
  const PenStroke stroke{
      {x0, y0, radius}, {(x0 + x1) / 2, (y0 + y1) / 2 + radius, radius}, {x1, y1, radius}};
  draw_ink({.digit = 0, .form = "join", .strokes = {stroke}}, {.softness = 1.5}, canvas);
  for (int i = 0; i < count_of(canvas.pixels); ++i) {
    at(page.ink, i) = std::max(at(page.ink, i), at(canvas.pixels, i));
  }
}

Glyph pen_form(const DigitForm& form, double scale, const Writer& writer, Random& random) {
  return drawn(write_digit(0, form, writer.style, random), scale, random);
}

// Light and dark of the paper, and the ink on it.
Picture printed(const Page& page, Random& random) {
  Picture grey{.width = page.width, .height = page.height, .channels = 1, .pixels = {}};
  const double paper = random.uniform(140, 250), ink = paper * random.uniform(0.1, 0.62);
  const double tilt_x = 25 * random.normal(), tilt_y = 25 * random.normal();
  const double noise = random.uniform() < 0.5 ? random.uniform(0, 3) : random.uniform(0, 12);
  const bool patterned = random.uniform() < 0.4, inverted = random.uniform() < 0.25;
  const double contrast = patterned ? random.uniform(0.04, 0.3) * (paper - ink) : 0;
  const double angle = random.uniform(-0.5, 0.5), period = random.uniform(6, 16);
  const double wave = random.uniform(0, 4), length = random.uniform(30, 120);
  // The edge of the field a row stands in: a band of another grey at the top or at the bottom.
  const bool banded = random.uniform() < 0.15, at_top = random.uniform() < 0.5;
  const double edge = page.height * random.uniform(0.02, 0.2), slope = 0.05 * random.normal();
  const double band = random.uniform(-0.35, 0.35) * (paper - ink);
  for (int y = 0; y < page.height; ++y) {
    for (int x = 0; x < page.width; ++x) {
      double level = paper + tilt_x * (double{1} * x / page.width - 0.5) +
                     tilt_y * (double{1} * y / page.height - 0.5);
      if (contrast > 0) {
        const double across = y + angle * x + wave * std::sin(2 * std::numbers::pi * x / length);
        const double place = across / period - std::floor(across / period);
        if (place < 0.25) level -= contrast;
      }
      if (banded && (at_top ? y : page.height - y) < edge + slope * (x - page.width / 2.0)) {
        level += band;
      }
      const double covered = at(page.ink, y * page.width + x) / 255.0;
      level += covered * (ink - level) + noise * random.normal();
      const double seen = std::clamp(inverted ? 255 - level : level, 0.0, 255.0);
      grey.pixels.push_back(static_cast<uint8_t>(seen));
    }
  }
  return grey;
}

// As a camera or a scanner with fewer pixels sees it.
Picture blurred(const Picture& grey, Random& random) {
  if (random.uniform() < 0.35) return grey;
  const double scale = random.uniform(0.35, 0.9);
  const auto side = [&](int n) { return std::max(8, static_cast<int>(n * scale)); };
  return scaled(scaled(grey, side(grey.height), side(grey.width)), grey.height, grey.width);
}

Scene scene_of(Page page, std::vector<int> digits, Random& random) {
  Scene scene{
      .grey = blurred(printed(page, random), random), .owner = {}, .digits = std::move(digits)};
  scene.owner = std::move(page.owner);
  return scene;
}

void draw_rule(Page& page, double y, Random& random) {
  const double slope = 0.04 * random.normal(), half = random.uniform(0.7, 2.2);
  for (int x = 0; x < page.width; ++x) {
    const double middle = y + slope * (x - page.width / 2.0);
    for (int row = static_cast<int>(middle - half - 1); row <= static_cast<int>(middle + half + 1);
         ++row) {
      const double level = std::clamp(half + 0.5 - std::abs(row - middle), 0.0, 1.0);
      page.add(row, x, static_cast<uint8_t>(230 * level), Scene::kMark);
    }
  }
}

}  // namespace

Scene draw_row(const Dataset& mnist, std::span<const uint32_t> images, Random& random) {
  constexpr int kMostDigits = 7;
  const int height = narrow<int>(96 + random.below(40));
  const double digit_height = height * random.uniform(0.35, 0.75);
  const Writer writer(digit_height, random);
  const int n = narrow<int>(1 + random.below(kMostDigits));
  Page page(height, 640);
  const double touching = random.uniform() < 0.5 ? 0.75 : 0.25;  // of the gaps
  const double pen_fraction = random.uniform() < 0.5 ? 0.15 : 0.8;
  double baseline = height / 2.0 + digit_height / 2, drift = 0.03 * random.normal();
  double left = random.uniform(4, 40);
  std::vector<int> digits;
  const auto mark = [&](double scale) {
    const DigitForm& form = pick_form(mark_forms(), random);
    const Glyph glyph = pen_form(form, scale, writer, random);
    double top = 1e9;
    for (const FormStroke& stroke : form.strokes) {
      for (const FormPoint& point : stroke) top = std::min(top, point.y);
    }
    page.add(glyph, static_cast<int>(baseline - (1 - top) * scale), static_cast<int>(left),
             Scene::kMark);
    left += glyph.width + digit_height * random.uniform(0, 0.2);
  };
  if (random.uniform() < 0.12) mark(digit_height);
  // Round numbers end in zeros, often written in one go.
  const int zeros_from = random.uniform() < 0.25 ? 1 + narrow<int>(random.below(3)) : n;
  const bool in_one_go = random.uniform() < 0.6;
  for (int i = 0; i < n; ++i) {
    double size = digit_height * std::exp(std::clamp(0.12 * random.normal(), -0.3, 0.25));
    double raised = 0.06 * digit_height * random.normal();
    uint32_t index = images[random.below(images.size())];
    int digit = mnist.labels[index];
    bool pen = random.uniform() < pen_fraction;
    if (pen) digit = narrow<int>(random.below(10));
    const bool round = i >= zeros_from;
    for (int look = 0; round && !pen && digit != 0; ++look) {
      index = images[random.below(images.size())];
      digit = mnist.labels[index];
      pen = look == 100;  // of images without a zero
    }
    if (round) digit = 0;
    if (digit == 0 && writer.small_zeros) {
      const double smaller = random.uniform(0.4, 0.85);
      raised += (1 - smaller) * digit_height * random.uniform(0, 1);
      size *= smaller;
    }
    Glyph glyph = pen ? pen_digit(digit, size, writer, random)
                      : mnist_digit(mnist, index, size, writer, random);
    if (digit == 0 && writer.wide_zeros) glyph = widened(glyph, random.uniform(1, 1.7));
    if (i > 0) {
      const bool close = random.uniform() < (round && in_one_go ? 0.95 : touching);
      left += digit_height * (close ? random.uniform(-0.2, 0.03) : random.uniform(0.03, 0.4));
    }
    if (left + glyph.width + 4 > page.width) break;
    const double top = baseline - raised - glyph.height;
    const bool joined =
        round && in_one_go ? random.uniform() < 0.6 : writer.joins && random.uniform() < 0.5;
    if (i > 0 && joined) {
      const double middle = left, from = top + glyph.height * random.uniform(0, 0.5);
      join(page, middle - random.uniform(0.1, 0.4) * digit_height, from,
           middle + random.uniform(0, 0.2) * digit_height,
           from + 0.1 * digit_height * random.normal(), 0.7 * writer.pen_radius);
    }
    page.add(glyph, static_cast<int>(top), static_cast<int>(left), i);
    left += glyph.width;
    baseline += drift * glyph.width;
    digits.push_back(digit);
    if (i + 1 < n && random.uniform() < 0.15) {
      left += digit_height * random.uniform(0, 0.1);
      mark(digit_height);
    }
  }
  if (random.uniform() < 0.3) {
    left += digit_height * random.uniform(0, 0.3);
    mark(digit_height);
  }
  if (random.uniform() < 0.4) draw_rule(page, baseline + random.uniform(-4, 12), random);
  if (random.uniform() < 0.1) draw_rule(page, random.uniform(0, height), random);
  // Cut to the width used, but not narrower than high.
  const int width = std::clamp(static_cast<int>(left + random.uniform(4, 40)), height, page.width);
  Page cut(height, width);
  for (int y = 0; y < height; ++y) {
    std::copy_n(page.ink.begin() + y * page.width, width, cut.ink.begin() + y * width);
    std::copy_n(page.owner.begin() + y * page.width, width, cut.owner.begin() + y * width);
  }
  return scene_of(std::move(cut), std::move(digits), random);
}

Scene draw_no_digit(Random& random) {
  const int side = narrow<int>(96 + random.below(40));
  Page page(side, side + narrow<int>(random.below(60)));
  const double height = side * random.uniform(0.35, 0.8);
  Writer writer(height, random);
  const auto place = [&](const Glyph& glyph, double x) {
    page.add(glyph, (page.height - glyph.height) / 2, static_cast<int>(x), Scene::kMark);
  };
  const double kind = random.uniform();
  if (kind < 0.6) {
    const Glyph glyph = sheared(pen_form(pick_form(letter_forms(), random), height, writer, random),
                                0.7 * writer.slant);
    place(glyph, (page.width - glyph.width) / 2);
  } else if (kind < 0.7) {  // two letters that touch
    const Glyph first = pen_form(pick_form(letter_forms(), random), height, writer, random);
    const Glyph second = pen_form(pick_form(letter_forms(), random), height, writer, random);
    place(first, 8);
    place(second, 8 + first.width - random.uniform(-0.02, 0.15) * height);
  } else if (kind < 0.88) {
    const Glyph glyph = drawn(write_scribble(writer.style, random), height, random);
    place(glyph, (page.width - glyph.width) / 2);
  } else {  // a filled shape with a texture: a polygon in polar coordinates
    std::array<double, 12> radius{};
    const double rough = random.uniform(0.05, 0.5);
    for (double& r : radius) r = height / 2 * std::clamp(1 + rough * random.normal(), 0.2, 1.4);
    const double wide = random.uniform(0.5, 1.3), stripes = random.uniform(4, 20);
    const double texture = random.uniform(0, 1), turn = random.uniform(0, std::numbers::pi);
    for (int y = 0; y < page.height; ++y) {
      for (int x = 0; x < page.width; ++x) {
        const double dy = y - page.height / 2.0, dx = (x - page.width / 2.0) / wide;
        const double angle = (std::atan2(dy, dx) / (2 * std::numbers::pi) + 0.5) * count_of(radius);
        const int corner = static_cast<int>(angle) % count_of(radius);
        const double along = angle - std::floor(angle);
        const double edge =
            at(radius, corner) * (1 - along) + at(radius, (corner + 1) % count_of(radius)) * along;
        if (std::hypot(dx, dy) > edge) continue;
        const double stripe =
            std::sin((dx * std::cos(turn) + dy * std::sin(turn)) * 2 * std::numbers::pi / stripes);
        const double level = 255 * (1 - texture * (0.5 + 0.5 * stripe) * random.uniform(0.5, 1));
        page.add(y, x, static_cast<uint8_t>(level), Scene::kMark);
      }
    }
  }
  return scene_of(std::move(page), {}, random);
}

}  // namespace inkling
