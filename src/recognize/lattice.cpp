#include "recognize/lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/index.h"

namespace inkling {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

double log_sum(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  return high == kNever ? kNever : high + std::log1p(std::exp(low - high));
}

// What is known of an arc before the network sees it: digits of a row are about equally high,
// though zeros are often small; marks are much smaller.
double log_prior_of_size(const Arc& arc, const Row& row) {
  const double height = arc.box.height() / row.digit_height;
  const double longer = std::max(arc.box.height(), arc.box.width()) / row.digit_height;
  double prior = 0;
  if (longer < 0.45) prior -= 10 * (0.45 - longer);
  if (height < 0.3) prior -= 10 * (0.3 - height);
  if (height > 1.6) prior -= 4 * (height - 1.6);
  return prior;
}

}  // namespace

std::vector<Arc> arcs_of(const Ink& atoms, const Row& row) {
  constexpr int kMostAtoms = 9;
  constexpr double kWidest = 1.7, kWidestGap = 0.5;  // in digit heights
  std::vector<Arc> arcs;
  for (int first = 0; first < count_of(atoms.pieces); ++first) {
    PixelBox box = at(atoms.pieces, first).box;
    for (int last = first; last < std::min(first + kMostAtoms, count_of(atoms.pieces)); ++last) {
      const PixelBox& next = at(atoms.pieces, last).box;
      if (next.left - box.right > kWidestGap * row.digit_height) break;
      box = joined(box, next);
      if (last > first && box.width() > kWidest * row.digit_height) break;
      arcs.push_back({.first = first, .last = last, .box = box});
    }
  }
  return arcs;
}

BestPath best_path(std::span<const InkPiece> atoms, const Row& row, std::span<const Arc> arcs,
                   std::span<const float> scores, int digits, double skip_score) {
  const int n = count_of(atoms);
  double mean = 0;  // ink of an atom, pixels
  for (const InkPiece& atom : atoms) mean += double{1} * atom.pixels / n;
  const auto ink = [&](int atom) { return std::min(3.0, at(atoms, atom).pixels / mean); };
  std::vector<double> ink_of_arc(arcs.size(), 0);
  for (size_t i = 0; i < arcs.size(); ++i) {
    for (int atom = arcs[i].first; atom <= arcs[i].last; ++atom) ink_of_arc[i] += ink(atom);
  }
  const auto skip = [&](int atom) { return skip_score * ink(atom); };
  const auto gain = [&](int arc, int digit) {
    return at(ink_of_arc, arc) * at(scores, arc * digits + digit) +
           log_prior_of_size(at(arcs, arc), row);
  };
  // The best path to each atom, and the sum of all.
  std::vector<double> best(narrow<size_t>(n + 1), kNever), sum = best;
  std::vector<int> arc_to(narrow<size_t>(n + 1), -1), digit_to = arc_to;
  best[0] = sum[0] = 0;
  int arc = 0;
  for (int atom = 0; atom < n; ++atom) {
    const auto reach = [&](int to, double more, int by, int digit) {
      if (at(best, atom) + more > at(best, to)) {
        at(best, to) = at(best, atom) + more;
        at(arc_to, to) = by;
        at(digit_to, to) = digit;
      }
      at(sum, to) = log_sum(at(sum, to), at(sum, atom) + more);
    };
    reach(atom + 1, skip(atom), -1, -1);
    for (; arc < count_of(arcs) && at(arcs, arc).first == atom; ++arc) {
      for (int d = 0; d < digits; ++d) reach(at(arcs, arc).last + 1, gain(arc, d), arc, d);
    }
  }
  BestPath path;
  for (int atom = n; atom > 0;) {
    const int by = at(arc_to, atom);
    if (by < 0) {
      --atom;
      continue;
    }
    const int digit = at(digit_to, atom);
    path.digits.push_back({.arc = by, .digit = digit});
    atom = at(arcs, by).first;
  }
  std::ranges::reverse(path.digits);

  // The sum of the paths to each atom that have read so many digits of the text.
  const int length = count_of(path.digits), columns = length + 1;
  std::vector<double> same(narrow<size_t>((n + 1) * columns), kNever);
  same[0] = 0;
  arc = 0;
  for (int atom = 0; atom < n; ++atom) {
    const auto reach = [&](int from, int to, double more) {
      at(same, to) = log_sum(at(same, to), at(same, from) + more);
    };
    for (int read = 0; read <= length; ++read) {
      reach(atom * columns + read, (atom + 1) * columns + read, skip(atom));
    }
    for (; arc < count_of(arcs) && at(arcs, arc).first == atom; ++arc) {
      for (int read = 0; read < length; ++read) {
        reach(atom * columns + read, (at(arcs, arc).last + 1) * columns + read + 1,
              gain(arc, at(path.digits, read).digit));
      }
    }
  }
  path.confidence = std::exp(same.back() - at(sum, n));
  return path;
}

}  // namespace inkling
