// A trained network opened up: logits, activations and gradients of the input for explanations,
// attacks and feature maps. f32, unfused, running statistics (Mode::kProbe); slower than a
// Classifier, whose predictions may differ in the last bits where that multiplies bf16.
//
//   Probe probe(*model.net, model.parameters, engine);
//   probe.forward(images, n);                 // normalised pixels
//   probe.backward_from_class(3);             // d(logit 3) / d(everything)
//   probe.input_gradient(out);
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "nn/network.h"

namespace inkling {

// Use one from one thread at a time.
class Probe {
 public:
  static constexpr int kMaxImages = 64;  // of one forward: 80 MB of cnn3's activations

  // Copies the parameters. The architecture and the engine must outlive the probe.
  Probe(const Architecture& net, const Parameters& parameters, Engine& engine);

  const Architecture& architecture() const { return *net_; }
  Engine& engine() { return *engine_; }

  // images: [n, H, W, C] f32, normalised; n from 1 to kMaxImages.
  void forward(const float* images, int n);
  // Of the last forward, as f64: [n, classes].
  std::vector<double> logits() const;
  // ln p(c) - ln(1 - p(c)), from the logits, so that it is finite where p is 1 in f32: [n].
  std::vector<double> log_odds(int c) const;

  // Gradients, for each image of its own: of a class's logit; and of the loss -ln p(label), scaled
  // by a factor of the image's own so that sure predictions do not vanish in f32 (signs are what
  // attacks want of it).
  void backward_from_class(int c);
  void backward_from_loss(std::span<const uint8_t> labels);
  // out: [n, H, W, C] f32, d / d(normalised pixel).
  void input_gradient(float* out) const;

  // Of the last forward and backward. Layer -1: the input.
  const Tensor& activation(int layer) const;
  const Tensor& gradient(int layer) const;
  int images() const { return images_; }

 private:
  void backward();

  const Architecture* net_;
  Engine* engine_;
  Parameters parameters_;
  Network network_;
  int images_ = 0;
};

// Numbers of one image of a tensor without its borders: [H, W, C] appended to `out`.
void append_image(const Tensor& tensor, int image, std::vector<float>& out);

}  // namespace inkling
