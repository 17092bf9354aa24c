#include "recognize/form.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"
#include "data/scale.h"

namespace inkling {
namespace {

constexpr int kFine = 4;  // fine pixels per pixel of the form, in which the pen is changed

// The strength of these pieces and of the ramps at their edges, cut to their box.
Picture cut_out(const Ink& ink, std::span<const int> pieces, const PixelBox& box) {
  std::vector<bool> wanted(ink.pieces.size(), false);
  for (const int piece : pieces) wanted[narrow<size_t>(piece)] = true;
  Picture out{.width = box.width(), .height = box.height(), .channels = 1, .pixels = {}};
  out.pixels.reserve(narrow<size_t>(box.width() * box.height()));
  const auto is_wanted = [&](int y, int x) {
    const int piece = at(ink.piece_of, y * ink.width + x);
    return piece >= 0 && wanted[narrow<size_t>(piece)];
  };
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const int piece = at(ink.piece_of, y * ink.width + x);
      bool take = piece >= 0 && wanted[narrow<size_t>(piece)];
      if (piece < 0) {
        for (int ny = std::max(0, y - 1); ny <= std::min(ink.height - 1, y + 1) && !take; ++ny) {
          for (int nx = std::max(0, x - 1); nx <= std::min(ink.width - 1, x + 1); ++nx) {
            take |= is_wanted(ny, nx);
          }
        }
      }
      out.pixels.push_back(take ? at(ink.strength, y * ink.width + x) : uint8_t{0});
    }
  }
  return out;
}

// The mean width of the strokes: twice the ink's area over the length of its edge, which is the sum
// of the gradient's length.
double pen_width_of(const Picture& digit) {
  const auto level = [&](int y, int x) {
    if (y < 0 || x < 0 || y >= digit.height || x >= digit.width) return 0.0;
    return at(digit.pixels, y * digit.width + x) / 255.0;
  };
  double area = 0, edge = 0;
  for (int y = -1; y <= digit.height; ++y) {
    for (int x = -1; x <= digit.width; ++x) {
      area += level(y, x);
      edge += std::hypot((level(y, x + 1) - level(y, x - 1)) / 2,
                         (level(y + 1, x) - level(y - 1, x)) / 2);
    }
  }
  return edge > 0 ? 2 * area / edge : 0;
}

// Every pixel the greatest (grow) or least value within a disc; the disc's rim counts in part, so
// that a radius need not be whole.
Picture with_disc(const Picture& digit, double radius, bool grow) {
  const int reach = static_cast<int>(std::ceil(radius));
  Picture out = digit;
  for (int y = 0; y < digit.height; ++y) {
    for (int x = 0; x < digit.width; ++x) {
      const double own = at(digit.pixels, y * digit.width + x);
      double best = own;
      for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
          const double part = std::clamp(radius + 0.5 - std::hypot(dy, dx), 0.0, 1.0);
          if (part == 0) continue;
          const int ny = y + dy, nx = x + dx;
          const bool inside = ny >= 0 && nx >= 0 && ny < digit.height && nx < digit.width;
          const double other = inside ? at(digit.pixels, ny * digit.width + nx) : 0;
          const double blend = own + part * (other - own);
          best = grow ? std::max(best, blend) : std::min(best, blend);
        }
      }
      at(out.pixels, y * digit.width + x) = static_cast<uint8_t>(best + 0.5);
    }
  }
  return out;
}

Picture bordered(const Picture& digit, int border) {
  Picture out{.width = digit.width + 2 * border,
              .height = digit.height + 2 * border,
              .channels = 1,
              .pixels = {}};
  out.pixels.resize(narrow<size_t>(out.width * out.height));
  for (int y = 0; y < digit.height; ++y) {
    std::copy_n(digit.pixels.begin() + y * digit.width, digit.width,
                out.pixels.begin() + (y + border) * out.width + border);
  }
  return out;
}

// Cut to what is at least half ink.
Picture cropped(const Picture& digit) {
  PixelBox box{digit.width, digit.height, 0, 0};
  for (int y = 0; y < digit.height; ++y) {
    for (int x = 0; x < digit.width; ++x) {
      if (at(digit.pixels, y * digit.width + x) < 128) continue;
      box = joined(box, {x, y, x + 1, y + 1});
    }
  }
  if (box.width() <= 0) return digit;
  Picture out{.width = box.width(), .height = box.height(), .channels = 1, .pixels = {}};
  for (int y = box.top; y < box.bottom; ++y) {
    const auto row = digit.pixels.begin() + y * digit.width;
    out.pixels.insert(out.pixels.end(), row + box.left, row + box.right);
  }
  return out;
}

// The longer side becomes `longer` pixels, aspect kept.
Picture fitted(const Picture& digit, int longer) {
  const double scale = double{1} * longer / std::max(digit.width, digit.height);
  const auto side = [&](int n) { return std::max(1, static_cast<int>(std::lround(n * scale))); };
  return scaled(digit, side(digit.height), side(digit.width));
}

// On 28x28, the centre of mass as near to the middle as whole pixels bring it.
std::vector<uint8_t> centred(const Picture& digit) {
  double mass = 0, sum_y = 0, sum_x = 0;
  for (int y = 0; y < digit.height; ++y) {
    for (int x = 0; x < digit.width; ++x) {
      const double v = at(digit.pixels, y * digit.width + x);
      mass += v;
      sum_y += v * (y + 0.5);
      sum_x += v * (x + 0.5);
    }
  }
  if (mass == 0) mass = 1;
  const auto place = [](double centre, int side) {
    return std::clamp(static_cast<int>(std::lround(kFormSide / 2.0 - centre)), 0, kFormSide - side);
  };
  const int top = place(sum_y / mass, digit.height), left = place(sum_x / mass, digit.width);
  std::vector<uint8_t> out(narrow<size_t>(kFormSide * kFormSide));
  for (int y = 0; y < digit.height; ++y) {
    std::copy_n(digit.pixels.begin() + y * digit.width, digit.width,
                out.begin() + (top + y) * kFormSide + left);
  }
  return out;
}

}  // namespace

NormalisedDigit normalised_digit(const Ink& ink, std::span<const int> pieces,
                                 const FormOptions& options) {
  INKLING_CHECK(!pieces.empty());
  PixelBox box = at(ink.pieces, pieces[0]).box;
  for (const int piece : pieces) box = joined(box, at(ink.pieces, piece).box);
  Picture digit = cut_out(ink, pieces, box);
  digit = fitted(digit, kFormBox * kFine);
  if (options.pen_width) {
    const double width = pen_width_of(digit) / kFine;
    const double wanted = std::clamp(width, options.thinnest, options.thickest);
    const double radius = std::abs(wanted - width) / 2 * kFine;
    if (radius > 0.25) {
      digit =
          with_disc(bordered(digit, static_cast<int>(std::ceil(radius))), radius, wanted > width);
      digit = cropped(digit);
    }
  }
  return {.pixels = centred(fitted(digit, kFormBox)), .box = box};
}

bool is_normalised(const Picture& grey) {
  if (grey.width != kFormSide || grey.height != kFormSide || grey.channels != 1) return false;
  PixelBox box{kFormSide, kFormSide, 0, 0};
  double mass = 0, sum_y = 0, sum_x = 0;
  for (int y = 0; y < kFormSide; ++y) {
    for (int x = 0; x < kFormSide; ++x) {
      const int v = at(grey.pixels, y * kFormSide + x);
      if (v == 0) continue;
      box = joined(box, {x, y, x + 1, y + 1});
      mass += v;
      sum_y += v * (y + 0.5);
      sum_x += v * (x + 0.5);
    }
  }
  if (mass == 0) return false;
  const int longer = std::max(box.width(), box.height());
  const double middle = kFormSide / 2.0;
  return longer >= kFormBox - 1 && longer <= kFormBox && std::abs(sum_y / mass - middle) <= 1 &&
         std::abs(sum_x / mass - middle) <= 1;
}

}  // namespace inkling
