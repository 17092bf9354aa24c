#include "recognize/form.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"
#include "data/scale.h"

namespace inkling {
namespace {

// The longer side of a digit, in pixels, while its pen is changed.
constexpr int kLeastFine = 40, kMostFine = 80;

// Whose ink a pixel is: of some of the pieces, of others, of none.
class Owner {
 public:
  enum : uint8_t { kNone, kOwn, kOther };

  Owner(const Ink& ink, std::span<const int> pieces)
      : piece_of_(ink.piece_of.data()), owner_(ink.pieces.size() + 1, kOther) {
    owner_[0] = kNone;
    for (const int piece : pieces) at(owner_, piece + 1) = kOwn;
  }
  uint8_t of(int pixel) const { return owner_.data()[piece_of_[pixel] + 1]; }

 private:
  const int* piece_of_;
  std::vector<uint8_t> owner_;  // by piece + 1; none is piece -1
};

// The strength of the owner's pieces and of the ramps at their edges, cut to their box.
Picture cut_out(const Ink& ink, const Owner& owner, const PixelBox& box) {
  const int height = box.height(), width = box.width(), stride = width + 2;
  // With a border of a pixel: whether it is the owner's, then whether any such is beside it.
  std::vector<uint8_t> own(narrow<size_t>((height + 2) * stride), 0), beside = own;
  for (int y = 0; y < height; ++y) {
    const int first = (box.top + y) * ink.width + box.left;
    uint8_t* out = own.data() + (y + 1) * stride + 1;
    for (int x = 0; x < width; ++x) out[x] = owner.of(first + x) == Owner::kOwn;
  }
  for (size_t i = 1; i + 1 < own.size(); ++i) {
    beside[i] = static_cast<uint8_t>(own[i - 1] | own[i] | own[i + 1]);
  }
  Picture out{.width = width, .height = height, .channels = 1, .pixels = {}};
  out.pixels.resize(narrow<size_t>(height * width));
  for (int y = 0; y < height; ++y) {
    const int first = (box.top + y) * ink.width + box.left;
    const uint8_t* near = beside.data() + (y + 1) * stride + 1;
    for (int x = 0; x < width; ++x) {
      if ((near[x - stride] | near[x] | near[x + stride]) == 0) continue;
      if (owner.of(first + x) == Owner::kOther) continue;
      at(out.pixels, y * width + x) = at(ink.strength, first + x);
    }
  }
  return out;
}

// With so many black pixels around it.
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

// A plane of floats with a border of zeros.
struct BorderedPlane {
  int height, width, border, stride;
  std::vector<float> values;

  BorderedPlane(const Picture& picture, int around)
      : height(picture.height),
        width(picture.width),
        border(around),
        stride(picture.width + 2 * around),
        values(narrow<size_t>((picture.height + 2 * around) * stride), 0.0f) {
    for (int y = 0; y < height; ++y) {
      std::copy_n(picture.pixels.begin() + y * width, width, values.begin() + offset(y, 0));
    }
  }
  int offset(int y, int x) const { return (y + border) * stride + x + border; }
};

// The mean width of the strokes: twice the ink's area over the length of its edge, which is the sum
// of the gradient's length.
double pen_width_of(const Picture& digit) {
  const Picture plane = bordered(digit, 2);
  int area = 0;
  double edge = 0;
  for (int y = 1; y < plane.height - 1; ++y) {
    const uint8_t* row = plane.pixels.data() + y * plane.width;
    for (int x = 1; x < plane.width - 1; ++x) {
      const int dx = row[x + 1] - row[x - 1], dy = row[x + plane.width] - row[x - plane.width];
      area += row[x];
      if ((dx | dy) != 0) edge += std::sqrt(double{1} * (dx * dx + dy * dy)) / 2;
    }
  }
  return edge > 0 ? 2.0 * area / edge : 0;
}

// Every pixel the greatest (grow) or least value within a disc; the disc's rim counts in part, so
// that a radius need not be whole.
Picture with_disc(const Picture& digit, double radius, bool grow) {
  const int reach = static_cast<int>(std::ceil(radius));
  const BorderedPlane plane(digit, reach);
  struct Neighbour {
    int offset;
    float part;  // it counts
  };
  std::vector<Neighbour> disc;
  for (int dy = -reach; dy <= reach; ++dy) {
    for (int dx = -reach; dx <= reach; ++dx) {
      const auto part = static_cast<float>(
          std::clamp(radius + 0.5 - std::sqrt(double{1} * dy * dy + dx * dx), 0.0, 1.0));
      if (part > 0) disc.push_back({.offset = dy * plane.stride + dx, .part = part});
    }
  }
  Picture out = digit;
  std::vector<float> best(narrow<size_t>(digit.width));
  for (int y = 0; y < digit.height; ++y) {
    const float* own = plane.values.data() + plane.offset(y, 0);
    std::copy_n(own, digit.width, best.begin());
    for (const auto& [offset, part] : disc) {
      const float* other = own + offset;
      float* kept = best.data();
      if (grow) {
        for (int x = 0; x < digit.width; ++x) {
          kept[x] = std::max(kept[x], own[x] + part * (other[x] - own[x]));
        }
      } else {
        for (int x = 0; x < digit.width; ++x) {
          kept[x] = std::min(kept[x], own[x] + part * (other[x] - own[x]));
        }
      }
    }
    for (int x = 0; x < digit.width; ++x) {
      at(out.pixels, y * digit.width + x) = static_cast<uint8_t>(at(best, x) + 0.5f);
    }
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

// Where a digit's picture goes on 28x28: the centre of mass as near to the middle as whole pixels
// bring it.
struct Place {
  int top = 0, left = 0;
};

Place centred(const Picture& digit) {
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
  return {.top = place(sum_y / mass, digit.height), .left = place(sum_x / mass, digit.width)};
}

// The others' ink in the part of the picture that 28x28 show if the box goes to a place there,
// `height` by `width`.
Picture surroundings_of(const Ink& ink, const Owner& owner, const PixelBox& box, const Place& place,
                        int height, int width) {
  const double scale_y = double{1} * box.height() / height,
               scale_x = double{1} * box.width() / width;
  const int top = static_cast<int>(std::lround(box.top - place.top * scale_y));
  const int left = static_cast<int>(std::lround(box.left - place.left * scale_x));
  Picture part{.width = std::max(1, static_cast<int>(std::lround(kFormSide * scale_x))),
               .height = std::max(1, static_cast<int>(std::lround(kFormSide * scale_y))),
               .channels = 1,
               .pixels = {}};
  part.pixels.resize(narrow<size_t>(part.width * part.height), 0);
  for (int y = std::max(0, -top); y < std::min(part.height, ink.height - top); ++y) {
    uint8_t* out = part.pixels.data() + y * part.width;
    for (int x = std::max(0, -left); x < std::min(part.width, ink.width - left); ++x) {
      const int pixel = (top + y) * ink.width + left + x;
      if (owner.of(pixel) == Owner::kOther) out[x] = at(ink.strength, pixel);
    }
  }
  return scaled(part, kFormSide, kFormSide);
}

}  // namespace

NormalisedDigit normalised_digit(const Ink& ink, std::span<const int> pieces,
                                 const FormOptions& options) {
  INKLING_CHECK(!pieces.empty());
  PixelBox box = at(ink.pieces, pieces[0]).box;
  for (const int piece : pieces) box = joined(box, at(ink.pieces, piece).box);
  const Owner owner(ink, pieces);
  Picture digit = cut_out(ink, owner, box);
  if (options.pen_width) {
    const int longer = std::max(digit.width, digit.height);
    if (longer < kLeastFine || longer > kMostFine) digit = fitted(digit, kMostFine);
    const double fine = std::max(digit.width, digit.height) / double{kFormBox};
    const double width = pen_width_of(digit) / fine;
    const double wanted = std::clamp(width, options.thinnest, options.thickest);
    const double radius = std::abs(wanted - width) / 2 * fine;
    if (radius > 0.25) {
      digit =
          with_disc(bordered(digit, static_cast<int>(std::ceil(radius))), radius, wanted > width);
      digit = cropped(digit);
    }
  }
  digit = fitted(digit, kFormBox);
  const Place place = centred(digit);
  NormalisedDigit form{.pixels = {}, .box = box};
  if (options.surroundings > 0) {
    form.pixels = surroundings_of(ink, owner, box, place, digit.height, digit.width).pixels;
    for (uint8_t& level : form.pixels) level = static_cast<uint8_t>(options.surroundings * level);
  }
  form.pixels.resize(narrow<size_t>(kFormSide * kFormSide), 0);
  for (int y = 0; y < digit.height; ++y) {
    uint8_t* out = form.pixels.data() + (place.top + y) * kFormSide + place.left;
    for (int x = 0; x < digit.width; ++x) {
      out[x] = std::max(out[x], at(digit.pixels, y * digit.width + x));
    }
  }
  return form;
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
