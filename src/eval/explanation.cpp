#include "eval/explanation.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "data/batches.h"

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

}  // namespace

int grad_cam_layer(const Architecture& net) {
  int last = -1;
  for (size_t i = 0; i < net.layers.size(); ++i) {
    const LayerKind kind = net.layers[i].spec.kind;
    const bool follows =
        last >= 0 && net.layers[i].input == last &&
        (kind == LayerKind::kBatchNorm || kind == LayerKind::kRelu || kind == LayerKind::kAdd);
    if (kind == LayerKind::kConv || follows) last = static_cast<int>(i);
  }
  return last;
}

Explainer::Explainer(const Architecture& net, const Parameters& parameters,
                     const PixelStatistics& statistics, Engine& engine,
                     const ExplainerOptions& options)
    : inspector_(net, parameters, engine),
      statistics_(statistics),
      options_(options),
      cam_layer_(grad_cam_layer(net)) {
  INKLING_CHECK(options.patch >= 1 && options.patch % 2 == 1);
}

void Explainer::look_at(std::span<const uint8_t> image) {
  INKLING_CHECK(image.size() == inspector_.architecture().input.size());
  const auto table = normalisation_table(statistics_);
  std::vector<float> x;
  for (const uint8_t v : image) x.push_back(table[v]);
  inspector_.forward(x.data(), 1);
}

Explanation Explainer::explain(std::span<const uint8_t> image, std::optional<int> explained) {
  look_at(image);
  Explanation result;
  const std::vector<double> logits = inspector_.logits();
  const double largest = *std::ranges::max_element(logits);
  double sum = 0;
  for (const double z : logits) sum += result.probabilities.emplace_back(std::exp(z - largest));
  for (double& p : result.probabilities) p /= sum;
  result.predicted = static_cast<int>(std::ranges::max_element(logits) - logits.begin());
  result.explained = explained.value_or(result.predicted);
  inspector_.backward_from_class(result.explained);
  result.saliency = saliency_map();
  result.grad_cam = grad_cam_map();
  result.occlusion = occlusion_map(image, result.explained);
  return result;
}

Heatmap Explainer::saliency(std::span<const uint8_t> image, int explained) {
  look_at(image);
  inspector_.backward_from_class(explained);
  return saliency_map();
}

Heatmap Explainer::saliency_map() const {
  const Shape& shape = inspector_.architecture().input;
  std::vector<float> gradient(shape.size());
  inspector_.input_gradient(gradient.data());
  const double sd = statistics_.sd > 0 ? statistics_.sd : 1;  // as normalisation_table has it
  Heatmap map{shape.height, shape.width, {}};
  const auto channels = static_cast<size_t>(shape.channels);
  for (size_t p = 0; p < gradient.size(); p += channels) {
    float most = 0;
    for (size_t c = p; c < p + channels; ++c) most = std::max(most, std::abs(gradient[c]));
    map.values.push_back(static_cast<float>(most / sd));
  }
  return map;
}

// ReLU(sum_k alpha_k A_k), alpha_k the mean of d(logit) / d(A_k) over the places.
std::optional<Heatmap> Explainer::grad_cam_map() const {
  if (cam_layer_ < 0) return std::nullopt;
  std::vector<float> activations, gradients;
  append_image(inspector_.activation(cam_layer_), 0, activations);
  append_image(inspector_.gradient(cam_layer_), 0, gradients);
  const Shape& shape = inspector_.architecture().layers[static_cast<size_t>(cam_layer_)].out;
  const auto channels = static_cast<size_t>(shape.channels);
  std::vector<double> alpha(channels);
  for (size_t i = 0; i < gradients.size(); ++i) alpha[i % channels] += gradients[i];
  const auto places = static_cast<double>(shape.height * shape.width);
  Heatmap map{shape.height, shape.width, {}};
  for (size_t p = 0; p < activations.size(); p += channels) {
    double sum = 0;
    for (size_t k = 0; k < channels; ++k) sum += alpha[k] / places * activations[p + k];
    map.values.push_back(static_cast<float>(std::max(sum, 0.0)));
  }
  const Shape& input = inspector_.architecture().input;
  return enlarged(map, input.height, input.width);
}

Heatmap Explainer::occlusion_map(std::span<const uint8_t> image, int explained) {
  const Shape& shape = inspector_.architecture().input;
  const auto table = normalisation_table(statistics_);
  look_at(image);
  const double whole = inspector_.log_odds(explained)[0];
  Heatmap map{shape.height, shape.width, {}};
  const int places = shape.height * shape.width, reach = options_.patch / 2;
  std::vector<float> covered(shape.size() * Inspector::kMaxImages);
  for (int begin = 0; begin < places; begin += Inspector::kMaxImages) {
    const int n = std::min(Inspector::kMaxImages, places - begin);
    for (int i = 0; i < n; ++i) {
      const int centre_y = (begin + i) / shape.width, centre_x = (begin + i) % shape.width;
      float* x = covered.data() + static_cast<size_t>(i) * shape.size();
      for (size_t v = 0; v < image.size(); ++v) {
        const int pixel = static_cast<int>(v) / shape.channels;
        const bool hidden = std::abs(pixel / shape.width - centre_y) <= reach &&
                            std::abs(pixel % shape.width - centre_x) <= reach;
        x[v] = table[hidden ? options_.background : image[v]];
      }
    }
    inspector_.forward(covered.data(), n);
    for (const double odds : inspector_.log_odds(explained)) {
      map.values.push_back(static_cast<float>(whole - odds));
    }
  }
  return map;
}

}  // namespace inkling
