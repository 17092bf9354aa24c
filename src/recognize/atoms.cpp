#include "recognize/atoms.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/index.h"

namespace inkling {
namespace {

constexpr int kSideStep = 24;  // what a step to the side costs, in levels of ink

// The ink of one piece in its box.
struct PieceInk {
  int height = 0, width = 0;
  std::vector<int> level;  // [height, width], 0 … 255
};

PieceInk ink_of_piece(const Ink& ink, int piece) {
  const PixelBox& box = at(ink.pieces, piece).box;
  PieceInk part{.height = box.height(), .width = box.width(), .level = {}};
  part.level.reserve(narrow<size_t>(part.height * part.width));
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const int pixel = y * ink.width + x;
      part.level.push_back(at(ink.piece_of, pixel) == piece ? at(ink.strength, pixel) : 0);
    }
  }
  return part;
}

// The cheapest way from the first row to each pixel, rows taken downwards or upwards.
struct Ways {
  std::vector<int> cost;  // [height, width], without the pixel's own ink
  std::vector<int> from;  // [height, width], the column in the row before
};

Ways cheapest_ways(const PieceInk& part, bool downwards) {
  const int width = part.width;
  Ways ways{.cost = std::vector<int>(part.level.size()),
            .from = std::vector<int>(part.level.size())};
  for (int step = 1; step < part.height; ++step) {
    const int y = downwards ? step : part.height - 1 - step;
    const int before = downwards ? y - 1 : y + 1;
    for (int x = 0; x < width; ++x) {
      int best = 0, column = x;
      for (int side = 0; side < 3; ++side) {
        const int from = x + (side == 0 ? 0 : side == 1 ? -1 : 1);
        if (from < 0 || from >= width) continue;
        const int cost = at(ways.cost, before * width + from) +
                         at(part.level, before * width + from) + (from == x ? 0 : kSideStep);
        if (side == 0 || cost < best) {
          best = cost;
          column = from;
        }
      }
      at(ways.cost, y * width + x) = best;
      at(ways.from, y * width + x) = column;
    }
  }
  return ways;
}

// [height]: the column of a cut in each row; pixels left of it and on it belong to its left.
using Cut = std::vector<int>;

// The cuts of one piece, from the left.
std::vector<Cut> cuts_of(const PieceInk& part, double digit_height) {
  constexpr double kNearest = 0.14;  // to the piece's edge and to one another, in digit heights
  constexpr double kDearest = 0.75;  // ink crossed, in digit heights
  const int nearest = std::max(3, static_cast<int>(kNearest * digit_height));
  if (part.width < 2 * nearest + 2) return {};
  const Ways down = cheapest_ways(part, true), up = cheapest_ways(part, false);
  const int middle = part.height / 2 * part.width;
  std::vector<int> cost(narrow<size_t>(part.width));
  for (int x = 0; x < part.width; ++x) {
    at(cost, x) = at(down.cost, middle + x) + at(up.cost, middle + x) + at(part.level, middle + x);
  }
  std::vector<int> order;
  for (int x = nearest; x < part.width - nearest; ++x) {
    if (at(cost, x) <= kDearest * digit_height * 255) order.push_back(x);
  }
  std::ranges::stable_sort(order, {}, [&](int x) { return at(cost, x); });
  std::vector<int> chosen;
  for (const int x : order) {
    const auto is_near = [&](int other) { return std::abs(other - x) < nearest; };
    if (std::ranges::none_of(chosen, is_near)) chosen.push_back(x);
  }
  std::ranges::sort(chosen);
  std::vector<Cut> cuts;
  for (const int anchor : chosen) {
    Cut& cut = cuts.emplace_back(narrow<size_t>(part.height));
    const int row = part.height / 2;
    at(cut, row) = anchor;
    for (int y = row; y > 0; --y) at(cut, y - 1) = at(down.from, y * part.width + at(cut, y));
    for (int y = row; y + 1 < part.height; ++y) {
      at(cut, y + 1) = at(up.from, y * part.width + at(cut, y));
    }
  }
  return cuts;
}

}  // namespace

Ink cut_into_atoms(const Ink& ink, const Row& row) {
  const int least = std::max(4, static_cast<int>(row.digit_height * row.digit_height / 300));
  Ink atoms = ink;
  std::ranges::fill(atoms.piece_of, -1);
  atoms.pieces.clear();
  for (const int piece : row.pieces) {
    if (at(ink.pieces, piece).pixels < least) continue;
    const PixelBox& box = at(ink.pieces, piece).box;
    const std::vector<Cut> cuts = cuts_of(ink_of_piece(ink, piece), row.digit_height);
    const int first = count_of(atoms.pieces);
    atoms.pieces.resize(atoms.pieces.size() + cuts.size() + 1,
                        {.box = {ink.width, ink.height, 0, 0}});
    for (int y = box.top; y < box.bottom; ++y) {
      for (int x = box.left; x < box.right; ++x) {
        const int pixel = y * ink.width + x;
        if (at(ink.piece_of, pixel) != piece) continue;
        int atom = first;
        for (const Cut& cut : cuts) atom += at(cut, y - box.top) < x - box.left;
        at(atoms.piece_of, pixel) = atom;
        InkPiece& part = at(atoms.pieces, atom);
        part.box = joined(part.box, {x, y, x + 1, y + 1});
        ++part.pixels;
      }
    }
  }
  std::vector<int> order, number(atoms.pieces.size(), -1);
  for (int i = 0; i < count_of(atoms.pieces); ++i) {
    if (at(atoms.pieces, i).pixels >= least) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](int i) {
    return at(atoms.pieces, i).box.left + at(atoms.pieces, i).box.right;
  });
  std::vector<InkPiece> sorted;
  for (const int i : order) {
    at(number, i) = count_of(sorted);
    sorted.push_back(at(atoms.pieces, i));
  }
  atoms.pieces = std::move(sorted);
  for (int& piece : atoms.piece_of) {
    if (piece >= 0) piece = at(number, piece);
  }
  return atoms;
}

}  // namespace inkling
