#include "recognize/pieces.h"

#include <algorithm>

#include "base/index.h"

namespace inkling {

PixelBox joined(const PixelBox& a, const PixelBox& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

std::vector<InkPiece> label_pieces(std::vector<int>& piece_of, int height, int width) {
  constexpr int kToVisit = -2;
  for (int& piece : piece_of) piece = piece < 0 ? -1 : kToVisit;
  std::vector<InkPiece> pieces;
  std::vector<int> stack;
  for (int start = 0; start < height * width; ++start) {
    if (at(piece_of, start) != kToVisit) continue;
    const int number = count_of(pieces);
    InkPiece& piece = pieces.emplace_back(InkPiece{.box = {width, height, 0, 0}});
    at(piece_of, start) = number;
    stack.assign(1, start);
    while (!stack.empty()) {
      const int pixel = stack.back();
      stack.pop_back();
      const int y = pixel / width, x = pixel % width;
      piece.box = joined(piece.box, {x, y, x + 1, y + 1});
      ++piece.pixels;
      for (int ny = std::max(0, y - 1); ny <= std::min(height - 1, y + 1); ++ny) {
        for (int nx = std::max(0, x - 1); nx <= std::min(width - 1, x + 1); ++nx) {
          const int next = ny * width + nx;
          if (at(piece_of, next) != kToVisit) continue;
          at(piece_of, next) = number;
          stack.push_back(next);
        }
      }
    }
  }
  return pieces;
}

void keep_pieces(const std::vector<bool>& keep, std::vector<InkPiece>& pieces,
                 std::vector<int>& piece_of) {
  std::vector<int> number(pieces.size(), -1);
  int kept = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (!keep[i]) continue;
    pieces[narrow<size_t>(kept)] = pieces[i];
    number[i] = kept++;
  }
  pieces.resize(narrow<size_t>(kept));
  for (int& piece : piece_of) {
    if (piece >= 0) piece = at(number, piece);
  }
}

}  // namespace inkling
