#include "train/teacher.h"

#include <algorithm>

#include "base/error.h"
#include "base/index.h"

namespace inkling {

Teacher::Teacher(const Model& teacher, const Model& student, int max_images, Engine& engine)
    : classifier_(*teacher.net, engine),
      images_(narrow<size_t>(max_images) * student.net->input.size()),
      probabilities_(narrow<size_t>(max_images) * narrow<size_t>(student.net->classes)) {
  const Architecture &theirs = *teacher.net, &ours = *student.net;
  if (theirs.input != ours.input || theirs.classes != ours.classes) {
    throw input_error("the teacher {} must have the input of {}, {} of {} classes; it has {} of {}",
                      theirs.name, ours.name, to_string(ours.input), ours.classes,
                      to_string(theirs.input), theirs.classes);
  }
  const Renormalisation pixels = renormalisation(student.normalisation, teacher.normalisation);
  scale_ = static_cast<float>(pixels.scale);
  offset_ = static_cast<float>(pixels.offset);
  classifier_.update(teacher.parameters);
}

std::span<const float> Teacher::predictions(const Tensor& batch, int images) {
  float* to = images_.data();
  for (int n = 0; n < images; ++n) {
    for (int y = 0; y < batch.height; ++y) {
      const float* row = batch.row(n, y);
      to = std::transform(row, row + batch.row_floats(), to,
                          [&](float pixel) { return scale_ * pixel + offset_; });
    }
  }
  classifier_.predict(images_.data(), images, probabilities_.data());
  const auto first = probabilities_.begin();
  return {first, first + images * classifier_.architecture().classes};
}

}  // namespace inkling
