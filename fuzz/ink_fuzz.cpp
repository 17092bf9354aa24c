// Any grey plane through everything that comes before the networks: ink, rules, rows, strips,
// atoms, arcs, forms. The first two bytes are the width, 1 to 256; what follows are rows of pixels,
// tiled.
#include <algorithm>

#include "expect.h"
#include "recognize/atoms.h"
#include "recognize/find_digit.h"
#include "recognize/lattice.h"
#include "recognize/rows.h"
#include "recognize/rules.h"
#include "recognize/strip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inkling;
  if (size < 3) return 0;
  fuzz::expect_value_or_error([&] {
    const int width = 1 + (data[0] | data[1] << 8) % 256;
    Picture grey{.width = width, .height = 1, .channels = 1, .pixels = {}};
    grey.pixels.assign(data + 2, data + size);
    grey.height = std::clamp(static_cast<int>(grey.pixels.size()) / width, 1, 256);
    grey.pixels.resize(static_cast<size_t>(grey.height) * static_cast<size_t>(width), 255);
    for (const NormalisedDigit& digit : find_digit_candidates(grey)) {
      INKLING_CHECK(digit.pixels.size() == 784);
      INKLING_CHECK(digit.box.width() > 0 && digit.box.right <= grey.width);
      INKLING_CHECK(digit.box.height() > 0 && digit.box.bottom <= grey.height);
    }
    Ink ink = find_ink(grey);
    erase_rules(ink);
    // Of texture there are thousands, and the sanitizers make each a hundred times slower.
    int forms = 2;
    for (const Row& row : find_rows(ink)) {
      const RowStrip strip = strip_of(ink, row);
      INKLING_CHECK(strip.width >= kStripHeight);
      INKLING_CHECK(strip.pixels.size() == static_cast<size_t>(strip.width) * kStripHeight);
      const Ink atoms = cut_into_atoms(ink, row);
      for (const Arc& arc : arcs_of(atoms, row)) {
        if (forms-- <= 0) break;
        std::vector<int> run;
        for (int atom = arc.first; atom <= arc.last; ++atom) run.push_back(atom);
        INKLING_CHECK(normalised_digit(atoms, run, kInRow).pixels.size() == 784);
      }
    }
  });
  return 0;
}
