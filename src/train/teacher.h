// A trained model whose predictions on the training images another network learns from
// (distillation). One thread at a time.
#pragma once

#include <span>
#include <vector>

#include "nn/classifier.h"
#include "nn/model.h"

namespace inkling {

class Teacher {
 public:
  // `student` is the network that learns, in batches of at most `max_images`. Both models and the
  // engine must outlive the teacher. Throws Error (input) if the two differ in input or classes.
  Teacher(const Model& teacher, const Model& student, int max_images, Engine& engine);

  // [images, classes] probabilities for the first `images` of a batch as the student sees it;
  // valid until the next call.
  std::span<const float> predictions(const Tensor& batch, int images);

 private:
  Classifier classifier_;
  float scale_, offset_;  // from the student's pixels to the teacher's
  std::vector<float> images_, probabilities_;
};

}  // namespace inkling
