#include "recognize/rules.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/index.h"

namespace inkling {
namespace {

// y = offset + slope (x - width / 2), pixels.
struct Rule {
  double slope = 0, offset = 0;
  int covered = 0;  // columns

  double at_column(int x, int width) const { return offset + slope * (x - width / 2); }
};

// Ink of one column from y = begin to end.
struct ThinRun {
  int begin = 0, end = 0;

  int middle() const { return (begin + end) / 2; }
  int height() const { return end - begin; }
};

// [width]: each column's vertical runs that are no higher than `thick`.
std::vector<std::vector<ThinRun>> thin_runs(const Ink& ink, int thick) {
  std::vector<std::vector<ThinRun>> runs(narrow<size_t>(ink.width));
  for (int x = 0; x < ink.width; ++x) {
    for (int y = 0; y < ink.height;) {
      const int begin = y;
      while (y < ink.height && at(ink.piece_of, y * ink.width + x) >= 0) ++y;
      if (y > begin && y - begin <= thick) at(runs, x).push_back({begin, y});
      y = std::max(y, begin + 1);
    }
  }
  return runs;
}

// The line that passes through thin runs in the most columns.
Rule best_rule(const std::vector<std::vector<ThinRun>>& runs, int height) {
  constexpr int kSlopes = 12;  // either way
  constexpr double kSteepest = 0.15;
  const int width = count_of(runs);
  Rule best;
  std::vector<int> columns(narrow<size_t>(height));
  for (int s = -kSlopes; s <= kSlopes; ++s) {
    const double slope = kSteepest * s / kSlopes;
    std::ranges::fill(columns, 0);
    for (int x = 0; x < width; ++x) {
      int last = -2;
      for (const ThinRun& run : at(runs, x)) {
        const int offset = static_cast<int>(std::lround(run.middle() - slope * (x - width / 2)));
        // A pixel to either side counts too.
        for (int near = std::max(offset - 1, last + 1); near <= offset + 1; ++near) {
          if (near >= 0 && near < height) ++at(columns, near);
        }
        last = offset + 1;
      }
    }
    const auto most = std::ranges::max_element(columns);
    if (*most > best.covered) {
      best = {.slope = slope, .offset = double(most - columns.begin()), .covered = *most};
    }
  }
  return best;
}

}  // namespace

bool erase_rules(Ink& ink) {
  constexpr double kLeastCovered = 0.7;  // of the width
  constexpr int kMostRules = 8, kReach = 3;
  const int thick = std::max(4, ink.height / 18);
  std::vector<Rule> rules;
  std::vector<std::vector<ThinRun>> runs = thin_runs(ink, thick);
  int rule_height = 0;
  while (count_of(rules) < kMostRules) {
    const Rule rule = best_rule(runs, ink.height);
    if (rule.covered < kLeastCovered * ink.width) break;
    rules.push_back(rule);
    const auto is_on_it = [&](int x, const ThinRun& run) {
      return std::abs(run.middle() - rule.at_column(x, ink.width)) <= kReach;
    };
    std::vector<int> heights;
    for (int x = 0; x < ink.width; ++x) {
      for (const ThinRun& run : at(runs, x)) {
        if (is_on_it(x, run)) heights.push_back(run.height());
      }
    }
    std::ranges::nth_element(heights, heights.begin() + count_of(heights) / 2);
    const int usual = at(heights, count_of(heights) / 2);
    rule_height = std::max(rule_height, usual);
    for (int x = 0; x < ink.width; ++x) {
      std::erase_if(at(runs, x), [&](const ThinRun& run) {
        if (!is_on_it(x, run)) return false;
        // A stroke that runs along the rule for a while is thicker.
        for (int y = run.begin; y < run.end && run.height() <= usual + 1; ++y) {
          at(ink.piece_of, y * ink.width + x) = -1;
          at(ink.strength, y * ink.width + x) = 0;
        }
        return true;
      });
    }
  }
  if (rules.empty()) return false;
  ink.pieces = label_pieces(ink.piece_of, ink.height, ink.width);
  // What is left of a rule: low pieces on it.
  std::vector<bool> keep(ink.pieces.size(), true);
  for (size_t i = 0; i < keep.size(); ++i) {
    const PixelBox& box = ink.pieces[i].box;
    if (box.height() > 2 * rule_height + 2) continue;
    for (const Rule& rule : rules) {
      const double y = rule.at_column((box.left + box.right) / 2, ink.width);
      if (std::abs((box.top + box.bottom) / 2 - y) <= kReach + rule_height) keep[i] = false;
    }
  }
  keep_pieces(keep, ink.pieces, ink.piece_of);
  return true;
}

}  // namespace inkling
