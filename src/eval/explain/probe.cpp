#include "eval/explain/probe.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"

namespace inkling {

Probe::Probe(const Architecture& net, const Parameters& parameters, Engine& engine)
    : net_(&net),
      engine_(&engine),
      parameters_(net),
      network_(net, Mode::kProbe, kMaxImages, engine) {
  std::ranges::copy(parameters.all(), parameters_.all().begin());
}

void Probe::forward(const float* images, int n) {
  INKLING_CHECK(n >= 1 && n <= kMaxImages);
  const Tensor& input = network_.input();
  for (int image = 0; image < n; ++image) {
    for (int row = 0; row < input.height; ++row, images += input.row_floats()) {
      std::copy_n(images, input.row_floats(), input.row(image, row));
    }
  }
  network_.forward(parameters_, n);
  images_ = n;
}

std::vector<double> Probe::logits() const {
  std::vector<double> all;
  for (int n = 0; n < images_; ++n) {
    const float* row = network_.logits().image(n);
    all.insert(all.end(), row, row + net_->classes);
  }
  return all;
}

std::vector<double> Probe::log_odds(int c) const {
  const std::vector<double> all = logits();
  const double* z = all.data();
  std::vector<double> odds;
  for (int n = 0; n < images_; ++n, z += net_->classes) {
    double others = 0;  // largest of the other logits
    bool first = true;
    for (int k = 0; k < net_->classes; ++k) {
      if (k == c || (!first && z[k] <= others)) continue;
      others = z[k];
      first = false;
    }
    double sum = 0;
    for (int k = 0; k < net_->classes; ++k) sum += k == c ? 0 : std::exp(z[k] - others);
    odds.push_back(z[c] - others - std::log(sum));
  }
  return odds;
}

void Probe::backward_from_class(int c) {
  const Tensor& start = network_.logits_gradient();
  for (int n = 0; n < images_; ++n) {
    std::fill_n(start.image(n), net_->classes, 0.0F);
    start.image(n)[c] = 1;
  }
  backward();
}

void Probe::backward_from_loss(std::span<const uint8_t> labels) {
  INKLING_CHECK(count_of(labels) == images_);
  const std::vector<double> all = logits();
  const double* z = all.data();
  for (int n = 0; n < images_; ++n, z += net_->classes) {
    // d loss / d z_c = p_c - [c is the label], over its largest: the exponentials of the other
    // logits, and minus their sum at the label.
    const uint8_t label = at(labels, n);
    double largest = -INFINITY, sum = 0;
    for (int c = 0; c < net_->classes; ++c) {
      if (c != label) largest = std::max(largest, z[c]);
    }
    float* start = network_.logits_gradient().image(n);
    for (int c = 0; c < net_->classes; ++c) {
      if (c == label) continue;
      const double weight = std::exp(z[c] - largest);
      sum += weight;
      start[c] = static_cast<float>(weight);
    }
    start[label] = static_cast<float>(-sum);
  }
  backward();
}

void Probe::backward() { network_.backward(parameters_); }

void Probe::input_gradient(float* out) const {
  const Tensor& gradient = network_.input_gradient();
  for (int image = 0; image < images_; ++image) {
    for (int row = 0; row < gradient.height; ++row) {
      out = std::copy_n(gradient.row(image, row), gradient.row_floats(), out);
    }
  }
}

const Tensor& Probe::activation(int layer) const {
  return layer < 0 ? network_.input() : network_.activation(layer);
}

const Tensor& Probe::gradient(int layer) const {
  return layer < 0 ? network_.input_gradient() : network_.gradient(layer);
}

void append_image(const Tensor& tensor, int image, std::vector<float>& out) {
  for (int row = 0; row < tensor.height; ++row) {
    const float* from = tensor.row(image, row);
    out.insert(out.end(), from, from + tensor.row_floats());
  }
}

}  // namespace inkling
