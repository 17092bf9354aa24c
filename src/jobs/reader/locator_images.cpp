#include "jobs/reader/locator_images.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "jobs/reader/labelled_images.h"
#include "jobs/reader/scene.h"
#include "recognize/ink.h"
#include "recognize/locator.h"
#include "recognize/rows.h"
#include "recognize/rules.h"
#include "recognize/strip.h"

namespace inkling {
namespace {

constexpr uint64_t kStripStream = 0x4ead03;

// The middles of the scene's digits that the row has nearly all of, in pixels of the strip; of the
// others, where they may be nothing is said.
struct Middles {
  struct One {
    double x = 0;
    int digit = 0;
    bool sure = false;
  };
  std::vector<One> all;

  double nearest(double x) const {
    double distance = 1e9;
    for (const One& one : all) distance = std::min(distance, std::abs(one.x - x));
    return distance;
  }
};

Middles middles_of(const Scene& scene, const Ink& ink, const Row& row, const RowStrip& strip) {
  const int n = count_of(scene.digits);
  std::vector<PixelBox> boxes(narrow<size_t>(n), {ink.width, ink.height, 0, 0});
  std::vector<int> total(narrow<size_t>(n), 0), in_row = total;
  std::vector<bool> own(ink.pieces.size(), false);
  for (const int piece : row.pieces) own[narrow<size_t>(piece)] = true;
  for (int y = 0; y < ink.height; ++y) {
    for (int x = 0; x < ink.width; ++x) {
      const int pixel = y * ink.width + x, owner = at(scene.owner, pixel);
      if (owner < 0) continue;
      const int piece = at(ink.piece_of, pixel);
      ++at(total, owner);
      at(in_row, owner) += piece >= 0 && own[narrow<size_t>(piece)];
      at(boxes, owner) = joined(at(boxes, owner), {x, y, x + 1, y + 1});
    }
  }
  Middles middles;
  for (int i = 0; i < n; ++i) {
    if (at(total, i) == 0) continue;
    const PixelBox& box = at(boxes, i);
    middles.all.push_back({.x = strip.x_of((box.left + box.right) / 2.0),
                           .digit = at(scene.digits, i),
                           .sure = at(in_row, i) > 0.8 * at(total, i)});
  }
  return middles;
}

void add_strip(const Scene& scene, Random& random, LabelledImages& images) {
  constexpr double kHit = Locations::kApart / 2.0, kMiss = Locations::kApart;
  Ink ink = find_ink(scene.grey);
  if (ink.width != scene.grey.width || ink.height != scene.grey.height) return;
  erase_rules(ink);
  for (Row& row : find_rows(ink)) {
    row.digit_height *= std::exp(0.1 * random.normal());  // of others than these it is a guess
    const RowStrip strip = strip_of(ink, row);
    const Middles middles = middles_of(scene, ink, row, strip);
    std::vector<uint8_t> window;
    const int lift = narrow<int>(random.below(5)) - 2;  // and so is where its middle is
    const auto add = [&](double middle, int label) {
      const int left = static_cast<int>(std::lround(middle)) - kStripHeight / 2;
      if (left < 0 || left + kStripHeight > strip.width) return;
      window.assign(kStripHeight * kStripHeight, 0);
      for (int y = std::max(0, lift); y < std::min(kStripHeight, kStripHeight + lift); ++y) {
        std::copy_n(strip.pixels.begin() + y * strip.width + left, kStripHeight,
                    window.begin() + (y - lift) * kStripHeight);
      }
      images.add(window, label);
    };
    const auto add_between = [&](double x) {
      if (middles.nearest(x) > kMiss) add(x, kBetween);
    };
    for (const Middles::One& one : middles.all) {
      add_between(one.x + (random.uniform() < 0.5 ? -1 : 1) * random.uniform(kMiss, 2.5 * kMiss));
      if (!one.sure) continue;
      for (int i = 0; i < 2; ++i) add(one.x + random.uniform(-kHit, kHit), one.digit);
    }
    for (int i = 0; i < 2; ++i) add_between(random.uniform(0, strip.width));
  }
}

}  // namespace

LocatorImagesResult draw_locator_images(const LocatorImagesRequest& request, Engine& engine,
                                        JobObserver& observer) {
  const Dataset mnist = load_digits(request.dataset, request.data_dir);
  const std::vector<uint32_t> used = all_but_last(mnist, request.kept_back);
  LabelledImages all = from_scenes(request.rows, request.seed, kStripStream, engine, observer,
                                   "drawing rows", [&](Random& random, LabelledImages& images) {
                                     add_strip(draw_row(mnist, used, random), random, images);
                                   });
  LocatorImagesResult result;
  result.between = narrow<size_t>(std::ranges::count(all.labels, uint8_t{kBetween}));
  result.digits = all.labels.size() - result.between;
  std::vector<std::string> names = digit_names();
  names.emplace_back("between");
  write_images(std::move(all), kStripHeight, names, request.out);
  return result;
}

}  // namespace inkling
