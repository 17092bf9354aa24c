#include "recognize/find_digit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "base/check.h"
#include "base/index.h"
#include "recognize/rules.h"

namespace inkling {
namespace {

// Pixels between two boxes in the direction in which they are farther apart; 0 where they overlap.
int gap(const PixelBox& a, const PixelBox& b) {
  const int across = std::max(a.left, b.left) - std::min(a.right, b.right);
  const int down = std::max(a.top, b.top) - std::min(a.bottom, b.bottom);
  return std::max({0, across, down});
}

bool is_frame_or_rule(const Ink& ink, const InkPiece& piece) {
  const PixelBox& box = piece.box;
  const bool spans_width = box.left == 0 && box.right == ink.width;
  const bool spans_height = box.top == 0 && box.bottom == ink.height;
  const double filled = double{1} * piece.pixels / (double{1} * box.width() * box.height());
  if (spans_width && spans_height && filled < 0.15) return true;  // a frame
  const bool flat = box.width() > 0.6 * ink.width && box.height() < 0.06 * ink.width;
  const bool upright = box.height() > 0.6 * ink.height && box.width() < 0.04 * ink.height &&
                       (box.left == 0 || box.right == ink.width);  // elsewhere it is a 1
  return flat || upright;
}

std::optional<NormalisedDigit> digit_of(const Ink& ink, const Picture& grey) {
  const std::vector<int> pieces = pieces_of_digit(ink);
  if (pieces.empty()) return std::nullopt;
  NormalisedDigit digit = normalised_digit(ink, pieces);
  digit.box = in_picture(digit.box, ink, grey);
  return digit;
}

}  // namespace

std::vector<int> pieces_of_digit(const Ink& ink) {
  std::vector<int> candidates;
  for (int i = 0; i < count_of(ink.pieces); ++i) {
    if (!is_frame_or_rule(ink, at(ink.pieces, i))) candidates.push_back(i);
  }
  if (candidates.empty()) return {};
  const auto pixels = [&](int i) { return at(ink.pieces, i).pixels; };
  const int largest = *std::ranges::max_element(candidates, {}, pixels);
  const PixelBox& box = at(ink.pieces, largest).box;
  const int reach = std::max(box.width(), box.height()) / 3;
  const int least = std::max(3, pixels(largest) / 60);  // less is a speck
  std::erase_if(candidates, [&](int i) {
    return i != largest && (pixels(i) < least || gap(at(ink.pieces, i).box, box) > reach);
  });
  return candidates;
}

std::optional<NormalisedDigit> find_digit(const Picture& grey) {
  INKLING_CHECK(grey.channels == 1);
  if (is_normalised(grey)) return NormalisedDigit{grey.pixels, {0, 0, grey.width, grey.height}};
  return digit_of(find_ink(grey), grey);
}

std::vector<NormalisedDigit> find_digit_candidates(const Picture& grey) {
  INKLING_CHECK(grey.channels == 1);
  std::vector<NormalisedDigit> candidates;
  if (is_normalised(grey)) {
    candidates.push_back({grey.pixels, {0, 0, grey.width, grey.height}});
    return candidates;
  }
  Ink ink = find_ink(grey);
  if (const auto digit = digit_of(ink, grey)) candidates.push_back(*digit);
  if (!erase_rules(ink)) return candidates;
  if (const auto digit = digit_of(ink, grey)) candidates.push_back(*digit);
  return candidates;
}

bool holds_normalised_digits(const Dataset& dataset) {
  constexpr size_t kLooked = 1000;  // images
  if (dataset.image_size() != size_t{kFormSide} * kFormSide || dataset.width != kFormSide ||
      dataset.channels != 1 || !std::holds_alternative<std::vector<uint8_t>>(dataset.images)) {
    return false;
  }
  const size_t looked = std::min(kLooked, dataset.size());
  size_t normalised = 0;
  for (size_t i = 0; i < looked; ++i) {
    const std::span<const uint8_t> image = dataset.image(i);
    normalised += is_normalised({.width = kFormSide,
                                 .height = kFormSide,
                                 .channels = 1,
                                 .pixels = {image.begin(), image.end()}});
  }
  return looked > 0 && normalised >= looked - looked / 100;
}

}  // namespace inkling
