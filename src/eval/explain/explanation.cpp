#include "eval/explain/explanation.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/check.h"
#include "base/index.h"
#include "data/batches.h"
#include "eval/predict.h"

namespace inkling {
namespace {

// Bilinear between the centres of pixels, level beyond the outermost.
Heatmap enlarged(const Heatmap& map, int height, int width) {
  Heatmap large{height, width, {}};
  const auto place = [](int i, int to, int from) {
    return std::clamp((i + 0.5) * from / to - 0.5, 0.0, from - 1.0);
  };
  for (int y = 0; y < height; ++y) {
    const double v = place(y, height, map.height);
    const int y0 = static_cast<int>(v), y1 = std::min(y0 + 1, map.height - 1);
    for (int x = 0; x < width; ++x) {
      const double u = place(x, width, map.width);
      const int x0 = static_cast<int>(u), x1 = std::min(x0 + 1, map.width - 1);
      const double above = std::lerp(double{map.at(y0, x0)}, double{map.at(y0, x1)}, u - x0);
      const double below = std::lerp(double{map.at(y1, x0)}, double{map.at(y1, x1)}, u - x0);
      large.values.push_back(static_cast<float>(std::lerp(above, below, v - y0)));
    }
  }
  return large;
}

// Of the layers that `output` comes from, the last convolution and what follows it; -1: none.
int last_convolution(const Architecture& net, int output) {
  std::vector<bool> wanted(net.layers.size());
  const auto want = [&](int layer) {
    if (layer >= 0) at(wanted, layer) = true;
  };
  want(output);
  for (int i = output; i >= 0; --i) {
    if (!at(wanted, i)) continue;
    const Layer& layer = at(net.layers, i);
    want(layer.input);
    for (const int other : layer.others) want(other);
  }
  int last = -1;
  for (int i = 0; i <= output; ++i) {
    if (!at(wanted, i)) continue;
    const Layer& layer = at(net.layers, i);
    const LayerKind kind = layer.spec.kind;
    const bool follows =
        last >= 0 && layer.input == last &&
        (kind == LayerKind::kBatchNorm || kind == LayerKind::kRelu || kind == LayerKind::kAdd);
    if (kind == LayerKind::kConv || follows) last = i;
  }
  return last;
}

}  // namespace

std::vector<int> grad_cam_layers(const Architecture& net) {
  std::vector<int> layers;
  for (const int output : net.logit_layers()) {
    const int last = last_convolution(net, output);
    if (last >= 0 && std::ranges::find(layers, last) == layers.end()) layers.push_back(last);
  }
  return layers;
}

Explainer::Explainer(const Architecture& net, const Parameters& parameters,
                     const PixelStatistics& statistics, Engine& engine,
                     const ExplainerOptions& options)
    : probe_(net, parameters, engine),
      statistics_(statistics),
      options_(options),
      cam_layers_(grad_cam_layers(net)) {
  INKLING_CHECK(options.patch >= 1 && options.patch % 2 == 1);
}

void Explainer::look_at(const Dataset& dataset, uint32_t index) {
  INKLING_CHECK(dataset.image_size() == probe_.architecture().input.size());
  image_.resize(dataset.image_size());
  BatchAssembler(dataset, statistics_).assemble({&index, 1}, image_.data());
  probe_.forward(image_.data(), 1);
}

Explanation Explainer::explain(const Dataset& dataset, uint32_t index,
                               std::optional<int> explained) {
  look_at(dataset, index);
  Explanation result;
  const std::vector<double> logits = probe_.logits();
  expect_numbers(probe_.architecture(), std::vector<float>(logits.begin(), logits.end()));
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (const double z : logits) sum += result.probabilities.emplace_back(std::exp(z - largest));
  for (double& p : result.probabilities) p /= sum;
  result.predicted = narrow<int>(std::ranges::max_element(logits) - logits.begin());
  result.explained = explained.value_or(result.predicted);
  probe_.backward_from_class(result.explained);
  result.saliency = saliency_map();
  result.grad_cam = grad_cam_map();
  result.occlusion = occlusion_map(result.explained);
  return result;
}

Heatmap Explainer::saliency(const Dataset& dataset, uint32_t index, int explained) {
  look_at(dataset, index);
  probe_.backward_from_class(explained);
  return saliency_map();
}

Heatmap Explainer::saliency_map() const {
  const Shape& shape = probe_.architecture().input;
  std::vector<float> gradient(shape.size());
  probe_.input_gradient(gradient.data());
  Heatmap map{shape.height, shape.width, {}};
  const float* pixel = gradient.data();
  for (int p = 0; p < shape.height * shape.width; ++p, pixel += shape.channels) {
    float most = 0;
    for (int c = 0; c < shape.channels; ++c) most = std::max(most, std::abs(pixel[c]));
    map.values.push_back(static_cast<float>(most / statistics_.divisor()));
  }
  return map;
}

std::optional<Heatmap> Explainer::grad_cam_map() const {
  if (cam_layers_.empty()) return std::nullopt;
  const Shape& input = probe_.architecture().input;
  Heatmap map{input.height, input.width,
              std::vector<float>(narrow<size_t>(input.height * input.width))};
  for (const int layer : cam_layers_) add_grad_cam(layer, map);
  return map;
}

// ReLU(sum_k alpha_k A_k), alpha_k the mean of d(logit) / d(A_k) over the places.
void Explainer::add_grad_cam(int layer, Heatmap& sum) const {
  std::vector<float> activations, gradients;
  append_image(probe_.activation(layer), 0, activations);
  append_image(probe_.gradient(layer), 0, gradients);
  const Shape& shape = at(probe_.architecture().layers, layer).out;
  std::vector<double> alpha(narrow<size_t>(shape.channels));
  for (size_t i = 0; i < gradients.size(); ++i) alpha[i % alpha.size()] += gradients[i];
  const int places = shape.height * shape.width;
  Heatmap map{shape.height, shape.width, {}};
  const float* a = activations.data();
  for (int p = 0; p < places; ++p) {
    double sum_k = 0;
    for (const double alpha_k : alpha) sum_k += alpha_k / places * *a++;
    map.values.push_back(static_cast<float>(std::max(sum_k, 0.0)));
  }
  const Heatmap large = enlarged(map, sum.height, sum.width);
  for (size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += large.values[i];
}

Heatmap Explainer::occlusion_map(int explained) {
  const Shape& shape = probe_.architecture().input;
  const auto hidden = static_cast<float>(statistics_.normalised(options_.background / 255.0));
  probe_.forward(image_.data(), 1);
  const double whole = probe_.log_odds(explained)[0];
  Heatmap map{shape.height, shape.width, {}};
  const int places = shape.height * shape.width, reach = options_.patch / 2;
  std::vector<float> covered(shape.size() * Probe::kMaxImages);
  for (int begin = 0; begin < places; begin += Probe::kMaxImages) {
    const int n = std::min(Probe::kMaxImages, places - begin);
    for (int i = 0; i < n; ++i) {
      const int centre_y = (begin + i) / shape.width, centre_x = (begin + i) % shape.width;
      float* x = covered.data() + i * std::ssize(image_);
      for (int v = 0; v < count_of(image_); ++v) {
        const int pixel = v / shape.channels;
        const bool covers = std::abs(pixel / shape.width - centre_y) <= reach &&
                            std::abs(pixel % shape.width - centre_x) <= reach;
        x[v] = covers ? hidden : at(image_, v);
      }
    }
    probe_.forward(covered.data(), n);
    for (const double odds : probe_.log_odds(explained)) {
      map.values.push_back(static_cast<float>(whole - odds));
    }
  }
  return map;
}

}  // namespace inkling
