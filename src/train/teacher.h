// A trained model that tells what it makes of the images a network is learning from (distillation).
#pragma once

#include <span>
#include <vector>

#include "nn/classifier.h"
#include "nn/model.h"

namespace inkling {

class Teacher {
 public:
  // `student` is who learns, in batches of at most `max_images`. Both must outlive the teacher, so
  // must the engine. Throws Error (input) if the two read other images or know other classes.
  Teacher(const Model& teacher, const Model& student, int max_images, Engine& engine);

  // [images, classes] probabilities for the first `images` of a batch as the student reads it;
  // valid until the next call.
  std::span<const float> predictions(const Tensor& batch, int images);

 private:
  Classifier classifier_;
  float scale_, offset_;  // from the student's pixels to the teacher's
  std::vector<float> images_, probabilities_;
};

}  // namespace inkling
