#include "recognize/rows.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/index.h"

namespace inkling {
namespace {

// The height that half of the ink is in pieces lower than.
double height_of_digits(const Ink& ink, std::vector<int> pieces) {
  std::ranges::sort(pieces, {}, [&](int i) { return at(ink.pieces, i).box.height(); });
  int64_t total = 0;
  for (const int i : pieces) total += at(ink.pieces, i).pixels;
  int64_t seen = 0;
  for (const int i : pieces) {
    seen += at(ink.pieces, i).pixels;
    if (2 * seen >= total) return at(ink.pieces, i).box.height();
  }
  return 0;
}

// Indices of the `n` largest, in ascending order.
template <typename Size>
std::vector<int> largest(int count, int n, const Size& size) {
  std::vector<int> order(narrow<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  if (count <= n) return order;
  std::ranges::stable_sort(order, std::ranges::greater{}, size);
  order.resize(narrow<size_t>(n));
  std::ranges::sort(order);
  return order;
}

bool touches_edge(const Ink& ink, const PixelBox& box) {
  return box.left == 0 || box.top == 0 || box.right == ink.width || box.bottom == ink.height;
}

// The pieces that may be digits or parts of them, and how high digits are. What is much higher is a
// frame, the edge of a sheet or the desk beside it, and so is what runs along the picture's edge.
struct Candidates {
  std::vector<int> pieces;
  double digit_height = 0;
};

Candidates candidates_of(const Ink& ink) {
  constexpr double kHighest = 3;  // in digit heights
  Candidates found;
  const std::vector<int> all =
      largest(count_of(ink.pieces), kMostPieces, [&](int i) { return at(ink.pieces, i).pixels; });
  std::vector<int> inner;
  int highest = 0;
  for (const int i : all) {
    const PixelBox& box = at(ink.pieces, i).box;
    if (touches_edge(ink, box)) continue;
    inner.push_back(i);
    highest = std::max(highest, box.height());
  }
  // Unless the digits themselves reach the edge.
  const bool inside = highest >= std::min(30, ink.height / 4);
  found.digit_height = height_of_digits(ink, inside ? inner : all);
  for (const int i : all) {
    const PixelBox& box = at(ink.pieces, i).box;
    const bool high = box.height() > kHighest * found.digit_height;
    const bool along_side =
        (box.left == 0 || box.right == ink.width) && box.width() * 12 < box.height();
    if (!inside || (!high && !along_side)) found.pieces.push_back(i);
  }
  return found;
}

int overlap(int low_a, int high_a, int low_b, int high_b) {
  return std::min(high_a, high_b) - std::max(low_a, low_b);
}

int find_root(std::vector<int>& parent, int i) {
  while (at(parent, i) != i) i = at(parent, i) = at(parent, at(parent, i));
  return i;
}

}  // namespace

std::vector<Row> find_rows(const Ink& ink) {
  const Candidates candidates = candidates_of(ink);
  const double height = candidates.digit_height;
  std::vector<int> bodies, others;
  for (const int i : candidates.pieces) {
    const PixelBox& box = at(ink.pieces, i).box;
    (box.height() >= 0.45 * height ? bodies : others).push_back(i);
  }
  std::ranges::sort(bodies, {}, [&](int i) { return at(ink.pieces, i).box.left; });

  // Each piece stands in a row with the next one to its right that is beside it.
  std::vector<int> parent(bodies.size());
  std::iota(parent.begin(), parent.end(), 0);
  for (int a = 0; a < count_of(bodies); ++a) {
    const PixelBox& box = at(ink.pieces, at(bodies, a)).box;
    for (int b = a + 1; b < count_of(bodies); ++b) {
      const PixelBox& next = at(ink.pieces, at(bodies, b)).box;
      if (next.left - box.right > 4 * height) break;
      const int beside = overlap(box.top, box.bottom, next.top, next.bottom);
      if (beside < 0.4 * std::min(box.height(), next.height())) continue;
      at(parent, find_root(parent, b)) = find_root(parent, a);
      if (next.left >= box.right) break;
    }
  }
  std::vector<Row> rows;
  std::vector<PixelBox> boxes;
  std::vector<int> row_of_root(bodies.size(), -1);
  for (int a = 0; a < count_of(bodies); ++a) {
    const int root = find_root(parent, a);
    const PixelBox& box = at(ink.pieces, at(bodies, a)).box;
    int& row = at(row_of_root, root);
    if (row < 0) {
      row = count_of(rows);
      rows.emplace_back();
      boxes.push_back(box);
    }
    at(rows, row).pieces.push_back(at(bodies, a));
    at(boxes, row) = joined(at(boxes, row), box);
  }
  for (const int i : others) {
    const PixelBox& box = at(ink.pieces, i).box;
    int best = -1;
    double nearest = 0.25 * height;  // farther above or below is no part of a row
    for (int r = 0; r < count_of(rows); ++r) {
      for (const int j : at(rows, r).pieces) {
        const PixelBox& body = at(ink.pieces, j).box;
        if (overlap(box.left, box.right, body.left, body.right) < -3 * height) continue;
        const double apart = -overlap(box.top, box.bottom, body.top, body.bottom);
        if (apart < nearest) {
          nearest = apart;
          best = r;
        }
      }
    }
    if (best >= 0) at(rows, best).pieces.push_back(i);
  }
  for (Row& row : rows) {
    row.digit_height = height_of_digits(ink, row.pieces);
    std::ranges::sort(row.pieces);
  }
  std::vector<int> order = largest(count_of(rows), kMostRows, [&](int r) {
    int pixels = 0;
    for (const int i : at(rows, r).pieces) pixels += at(ink.pieces, i).pixels;
    return pixels;
  });
  std::ranges::sort(order, {}, [&](int r) { return at(boxes, r).top + at(boxes, r).bottom; });
  std::vector<Row> sorted;
  for (const int r : order) sorted.push_back(std::move(at(rows, r)));
  return sorted;
}

}  // namespace inkling
