#include "data/quality/duplicates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <unordered_map>

#include "base/check.h"
#include "base/random.h"
#include "data/quality/principal_directions.h"
#include "data/quality/signature.h"

namespace inkling {
namespace {

uint64_t hash_of(std::span<const uint8_t> bytes) {
  uint64_t hash = bytes.size();
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, 8);
    hash = mix_bits(hash ^ word);
  }
  for (; i < bytes.size(); ++i) hash = mix_bits(hash ^ bytes[i]);
  return hash;
}

bool same_image(const Dataset& a, uint32_t i, const Dataset& b, uint32_t j) {
  return std::memcmp(a.image(i).data(), b.image(j).data(), a.image_size()) == 0;
}

bool before(const ImageRef& a, const ImageRef& b) {
  return a.set != b.set ? a.set < b.set : a.index < b.index;
}

void expect_one_size(std::span<const Dataset* const> sets) {
  for (const Dataset* set : sets) INKLING_CHECK(set->image_size() == sets[0]->image_size());
}

// Eight directions hold two thirds of MNIST's variance and fit a vector register: three make the
// cells, all together dismiss nearly every pair without a look at its signatures.
constexpr size_t kPlaces = 8;

// The images of a neighbour search, sorted so that neighbours lie near each other.
struct Candidate {
  ImageRef ref;
  int column = 0, row = 0;             // cell in the plane of the first two directions
  std::array<float, kPlaces> place{};  // along the principal directions
  float inverse_length = 0;          // of the ink: 1 / sqrt(Σ |v - background|²), v in 0 … 255
  const float* signature = nullptr;  // [cells], of length at most one
};

bool by_cell(const Candidate& a, const Candidate& b) {
  if (a.column != b.column) return a.column < b.column;
  if (a.row != b.row) return a.row < b.row;
  if (a.place[2] != b.place[2]) return a.place[2] < b.place[2];
  return before(a.ref, b.ref);
}

class NeighbourSearch {
 public:
  NeighbourSearch(std::span<const Dataset* const> sets, std::span<const TwinImages> exact,
                  double radius)
      : sets_(sets), radius_(radius), background_(background_of(sets)) {
    collect(exact);
    sort_into_cells();
  }

  std::vector<TwinImages> run() const {
    std::vector<TwinImages> twins;
    for (const Candidate& candidate : candidates_) {
      TwinImages twin;
      if (find_earlier(candidate, twin)) twins.push_back(twin);
    }
    std::sort(twins.begin(), twins.end(), [](const TwinImages& a, const TwinImages& b) {
      return a.distance != b.distance ? a.distance < b.distance : before(a.second, b.second);
    });
    return twins;
  }

 private:
  void collect(std::span<const TwinImages> exact) {
    size_t next_copy = 0;  // `exact` is sorted as the images are visited
    for (uint32_t s = 0; s < sets_.size(); ++s) {
      const Dataset& set = *sets_[s];
      signatures_.push_back(signatures_of(set, background_));
      cells_ = set.size() == 0 ? cells_ : signatures_[s].size() / set.size();
      for (uint32_t i = 0; i < set.size(); ++i) {
        if (next_copy < exact.size() && exact[next_copy].second == ImageRef{s, i}) {
          ++next_copy;
          continue;
        }
        double squares = 0;  // a whole number
        for (const uint8_t v : set.image(i)) {
          const int ink = v - background_;
          squares += ink * ink;
        }
        if (squares == 0) continue;
        Candidate candidate;
        candidate.ref = {s, i};
        candidate.inverse_length = 1 / std::sqrt(static_cast<float>(squares));
        float* signature = signatures_[s].data() + i * cells_;
        for (size_t c = 0; c < cells_; ++c) signature[c] *= 255 * candidate.inverse_length;
        candidate.signature = signature;
        candidates_.push_back(candidate);
      }
    }
  }

  void sort_into_cells() {
    std::vector<const float*> rows;
    constexpr size_t kEnough = 4000;  // images fix the directions well
    const size_t step = candidates_.size() / kEnough + 1;
    for (size_t i = 0; i < candidates_.size(); i += step) rows.push_back(candidates_[i].signature);
    const size_t count = std::min(kPlaces, cells_);
    const std::vector<float> directions = principal_directions(rows, cells_, count);
    for (Candidate& candidate : candidates_) {
      for (size_t d = 0; d < count; ++d) {
        candidate.place[d] = std::inner_product(candidate.signature, candidate.signature + cells_,
                                                directions.data() + d * cells_, 0.0F);
      }
      candidate.column = static_cast<int>(std::floor(candidate.place[0] / radius_));
      candidate.row = static_cast<int>(std::floor(candidate.place[1] / radius_));
    }
    std::sort(candidates_.begin(), candidates_.end(), by_cell);
  }

  bool find_earlier(const Candidate& candidate, TwinImages& twin) const {
    for (int column = candidate.column - 1; column <= candidate.column + 1; ++column) {
      for (int row = candidate.row - 1; row <= candidate.row + 1; ++row) {
        Candidate from;
        from.column = column;
        from.row = row;
        from.place[2] = candidate.place[2] - static_cast<float>(radius_);
        auto other = std::lower_bound(candidates_.begin(), candidates_.end(), from, by_cell);
        for (; other != candidates_.end() && other->column == column && other->row == row &&
               other->place[2] <= candidate.place[2] + radius_;
             ++other) {
          if (!places_near(candidate, *other) || !before(other->ref, candidate.ref) ||
              !signatures_near(candidate, *other)) {
            continue;
          }
          const double distance = distance_between(candidate, *other);
          if (distance > radius_) continue;
          twin = {other->ref, candidate.ref, distance};
          return true;
        }
      }
    }
    return false;
  }

  // Rounding must not decide.
  float limit() const { return static_cast<float>(radius_ * radius_ * 1.0001); }

  bool places_near(const Candidate& a, const Candidate& b) const {
    float sum = 0;
    for (size_t d = 0; d < kPlaces; ++d) {
      sum += (a.place[d] - b.place[d]) * (a.place[d] - b.place[d]);
    }
    return sum <= limit();
  }

  bool signatures_near(const Candidate& a, const Candidate& b) const {
    float sum = 0;
    for (size_t c = 0; c < cells_; ++c) {
      const float difference = a.signature[c] - b.signature[c];
      sum += difference * difference;
      if (c % 8 == 7 && sum > limit()) return false;
    }
    return sum <= limit();
  }

  double distance_between(const Candidate& a, const Candidate& b) const {
    const std::span<const uint8_t> x = sets_[a.ref.set]->image(a.ref.index);
    const std::span<const uint8_t> y = sets_[b.ref.set]->image(b.ref.index);
    double sum = 0;
    for (size_t p = 0; p < x.size(); ++p) {
      const double difference = std::abs(x[p] - background_) * double{a.inverse_length} -
                                std::abs(y[p] - background_) * double{b.inverse_length};
      sum += difference * difference;
    }
    return std::sqrt(sum);
  }

  std::span<const Dataset* const> sets_;
  double radius_;
  uint8_t background_;
  size_t cells_ = 1;
  std::vector<std::vector<float>> signatures_;  // [sets][images, cells], scaled to unit images
  std::vector<Candidate> candidates_;
};

}  // namespace

std::vector<TwinImages> find_duplicates(std::span<const Dataset* const> sets) {
  expect_one_size(sets);
  // By hash, the first image of each content; several contents may share a hash.
  std::unordered_map<uint64_t, std::vector<ImageRef>> seen;
  std::vector<TwinImages> twins;
  for (uint32_t s = 0; s < sets.size(); ++s) {
    for (uint32_t i = 0; i < sets[s]->size(); ++i) {
      std::vector<ImageRef>& firsts = seen[hash_of(sets[s]->image(i))];
      const auto first = std::find_if(firsts.begin(), firsts.end(), [&](const ImageRef& ref) {
        return same_image(*sets[ref.set], ref.index, *sets[s], i);
      });
      if (first == firsts.end()) {
        firsts.push_back({s, i});
      } else {
        twins.push_back({*first, {s, i}, 0});
      }
    }
  }
  return twins;
}

std::vector<TwinImages> find_near_duplicates(std::span<const Dataset* const> sets,
                                             std::span<const TwinImages> exact, double radius) {
  expect_one_size(sets);
  INKLING_CHECK(radius > 0);
  return NeighbourSearch(sets, exact, radius).run();
}

}  // namespace inkling
