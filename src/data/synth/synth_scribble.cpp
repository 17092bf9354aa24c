#include "data/synth/synth_scribble.h"

#include <algorithm>
#include <cmath>

#include "data/synth/synth_forms.h"

namespace inkling {
namespace {

FormPoint anywhere(Random& random) {
  return {random.uniform(0, 0.9), random.uniform(0, 1), random.uniform() < 0.3};
}

// One stroke that wanders.
FormStroke wandering(int points, Random& random) {
  FormStroke stroke;
  for (int i = 0; i < points; ++i) stroke.push_back(anywhere(random));
  return stroke;
}

// There and back, from top to bottom or from side to side.
FormStroke hatching(Random& random) {
  const int lines = static_cast<int>(4 + random.below(9));
  const bool upright = random.uniform() < 0.5, pointed = random.uniform() < 0.6;
  const double lean = random.uniform(-0.2, 0.2);
  FormStroke stroke;
  for (int i = 0; i < lines; ++i) {
    const double along = 0.9 * i / (lines - 1), side = i % 2 == 0 ? 0 : 1;
    const double reach = side + 0.08 * random.normal();
    stroke.push_back(upright ? FormPoint{along + lean * side, reach, pointed}
                             : FormPoint{reach, along + lean * side, pointed});
  }
  return stroke;
}

FormStroke loops(Random& random) {
  const int turns = static_cast<int>(2 + random.below(4));
  const double step = random.uniform(0.08, 0.35), radius = random.uniform(0.15, 0.45);
  const double flat = random.uniform(0.5, 1.5);
  FormStroke stroke;
  for (int i = 0; i <= 8 * turns; ++i) {
    const double angle = i * 0.785398;
    stroke.push_back({step * i / 8 + radius * std::cos(angle),
                      0.5 + flat * radius * std::sin(angle) + 0.03 * random.normal()});
  }
  return stroke;
}

}  // namespace

PenDrawing write_scribble(const HandStyle& style, Random& random) {
  DigitForm form{"scribble", 1, {}};
  const double kind = random.uniform();
  if (kind < 0.3) {
    const int strokes = static_cast<int>(2 + random.below(4));
    for (int i = 0; i < strokes; ++i) {
      form.strokes.push_back(wandering(static_cast<int>(2 + random.below(3)), random));
    }
  } else if (kind < 0.6) {
    form.strokes.push_back(wandering(static_cast<int>(6 + random.below(10)), random));
  } else if (kind < 0.8) {
    form.strokes.push_back(hatching(random));
  } else {
    form.strokes.push_back(loops(random));
  }
  return write_digit(0, form, style, random);
}

}  // namespace inkling
