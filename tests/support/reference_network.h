// A whole network as plain loops over float or double: what the compiled steps must agree with and
// what finite differences are taken of. Header-only, for tests and for reading; nothing else uses
// it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/reference.h"
#include "nn/architecture/architecture.h"
#include "nn/mode.h"
#include "nn/steps/norm_statistics.h"
#include "nn/steps/simple_steps.h"

namespace inkling {

template <typename T>
class ReferenceNetwork {
 public:
  ReferenceNetwork(const Architecture& net, Mode mode)
      : net_(net), training_(mode == Mode::kTrain) {}

  // x: [images, H, W, C]; parameters: laid out by the architecture's slots. Returns the logits.
  const std::vector<T>& forward(const std::vector<T>& x, const std::vector<T>& parameters,
                                int images, uint32_t dropout_key = 0) {
    images_ = images;
    dropout_key_ = dropout_key;
    parameters_ = &parameters;
    outputs_.assign(1, x);
    for (size_t i = 0; i < net_.layers.size(); ++i) {
      outputs_.emplace_back(static_cast<size_t>(images) * net_.layers[i].out.size());
      forward_layer(static_cast<int>(i));
    }
    return outputs_.back();
  }

  const std::vector<T>& activation(int layer) const {
    return outputs_[static_cast<size_t>(layer) + 1];
  }

  // Mean cross-entropy of the last forward; sets the gradient backward starts from.
  T loss(std::span<const uint8_t> labels) {
    const size_t classes = static_cast<size_t>(net_.classes);
    const std::vector<T>& logits = outputs_.back();
    logits_gradient_.assign(logits.size(), T(0));
    T total = 0;
    for (size_t n = 0; n < labels.size(); ++n) {
      const T* row = &logits[n * classes];
      const T largest = *std::max_element(row, row + classes);
      T sum = 0;
      for (size_t c = 0; c < classes; ++c) sum += std::exp(row[c] - largest);
      total += std::log(sum) - (row[labels[n]] - largest);
      for (size_t c = 0; c < classes; ++c) {
        logits_gradient_[n * classes + c] =
            (std::exp(row[c] - largest) / sum - (c == labels[n] ? T(1) : T(0))) / T(labels.size());
      }
    }
    return total / T(labels.size());
  }

  void backward() {
    grads_.clear();
    for (const std::vector<T>& output : outputs_) grads_.emplace_back(output.size());
    grads_.back() = logits_gradient_;
    parameter_gradient_.assign(net_.parameter_floats, T(0));
    for (size_t i = net_.layers.size(); i-- > 0;) backward_layer(static_cast<int>(i));
  }

  const std::vector<T>& parameter_gradient() const { return parameter_gradient_; }
  const std::vector<T>& input_gradient() const { return grads_.front(); }

 private:
  const Layer& layer(int i) const { return net_.layers[static_cast<size_t>(i)]; }
  std::vector<T>& out(int i) { return outputs_[static_cast<size_t>(i + 1)]; }
  std::vector<T>& grad(int i) { return grads_[static_cast<size_t>(i + 1)]; }
  const T* parameter(int slot) const { return net_.find_slot(parameters_->data(), slot); }
  T* gradient(int slot) { return net_.find_slot(parameter_gradient_.data(), slot); }

  // Calls body(x index, y index, weight index) for every product of a convolution or dense layer.
  template <typename Body>
  void for_products(const Layer& l, Body body) const {
    const bool dense = l.spec.kind == LayerKind::kDense;
    const int kernel = dense ? 1 : l.spec.kernel, stride = dense ? 1 : l.spec.stride;
    size_t y = 0;
    for (int n = 0; n < images_; ++n) {
      for (int oy = 0; oy < l.out.height; ++oy) {
        for (int ox = 0; ox < l.out.width; ++ox) {
          for (int o = 0; o < l.out.channels; ++o, ++y) {
            for (int ky = 0; ky < kernel; ++ky) {
              for (int kx = 0; kx < kernel; ++kx) {
                const int iy = oy * stride + ky - l.padding.top,
                          ix = ox * stride + kx - l.padding.left;
                if (iy < 0 || ix < 0 || iy >= l.in.height || ix >= l.in.width) continue;
                for (int i = 0; i < l.in.channels; ++i) {
                  const size_t x = static_cast<size_t>(
                      ((n * l.in.height + iy) * l.in.width + ix) * l.in.channels + i);
                  const size_t w = static_cast<size_t>(
                      ((ky * kernel + kx) * l.in.channels + i) * l.out.channels + o);
                  body(x, y, w);
                }
              }
            }
          }
        }
      }
    }
  }

  // Calls body(x offset of a window's corner, y index) for each window, channel and image.
  template <typename Body>
  void for_windows(const Layer& l, const kernels::PoolRow& row, Body body) const {
    size_t y = 0;
    for (int n = 0; n < images_; ++n) {
      for (int oy = 0; oy < l.out.height; ++oy) {
        for (int ox = 0; ox < l.out.width; ++ox) {
          for (int c = 0; c < l.in.channels; ++c, ++y) {
            body(static_cast<size_t>(
                     ((n * l.in.height + oy * row.stride) * l.in.width + ox * row.stride) *
                         l.in.channels +
                     c),
                 y);
          }
        }
      }
    }
  }

  static kernels::PoolRow pool_row(const Layer& l) {
    const bool global = l.spec.kind == LayerKind::kGlobalAveragePool;
    return {.window_height = global ? l.in.height : l.spec.window,
            .window_width = global ? l.in.width : l.spec.window,
            .stride = global ? 1 : l.spec.stride,
            .out_width = l.out.width,
            .channels = l.in.channels};
  }

  template <typename Visit>
  static void for_pixels(const Layer& l, const kernels::PoolRow& row, Visit visit) {
    for (int ky = 0; ky < row.window_height; ++ky) {
      for (int kx = 0; kx < row.window_width; ++kx) {
        visit(static_cast<size_t>((ky * l.in.width + kx) * l.in.channels));
      }
    }
  }

  struct Statistics {
    T mean, variance;
  };
  Statistics statistics(const Layer& l, const std::vector<T>& x, size_t c) const {
    if (!training_) return {parameter(l.mean)[c], parameter(l.variance)[c]};
    const size_t channels = static_cast<size_t>(l.in.channels);
    const T count = T(x.size() / channels);
    T mean = 0, variance = 0;
    for (size_t i = c; i < x.size(); i += channels) mean += x[i] / count;
    for (size_t i = c; i < x.size(); i += channels)
      variance += (x[i] - mean) * (x[i] - mean) / count;
    return {mean, variance};
  }

  bool kept(const Layer& l, int index, size_t i) const {
    const uint32_t key = dropout_layer_key(dropout_key_, static_cast<uint32_t>(index));
    return kernels::reference::dropout_keeps(key, static_cast<uint32_t>(i),
                                             dropout_threshold(l.spec.rate));
  }

  void forward_layer(int index) {
    const Layer& l = layer(index);
    const std::vector<T>& x = out(l.input);
    std::vector<T>& y = out(index);
    switch (l.spec.kind) {
      case LayerKind::kConv:
      case LayerKind::kDense: {
        const T* w = parameter(l.weight);
        const T* b = parameter(l.bias);
        for (size_t i = 0; b && i < y.size(); ++i)
          y[i] = b[i % static_cast<size_t>(l.out.channels)];
        for_products(l, [&](size_t xi, size_t yi, size_t wi) { y[yi] += x[xi] * w[wi]; });
        return;
      }
      case LayerKind::kBatchNorm: {
        const size_t channels = static_cast<size_t>(l.in.channels);
        for (size_t c = 0; c < channels; ++c) {
          const auto [mean, variance] = statistics(l, x, c);
          const T scale = parameter(l.weight)[c] / std::sqrt(variance + T(kBatchNormEpsilon));
          for (size_t i = c; i < x.size(); i += channels) {
            y[i] = (x[i] - mean) * scale + parameter(l.bias)[c];
          }
        }
        return;
      }
      case LayerKind::kRelu:
        for (size_t i = 0; i < x.size(); ++i) y[i] = std::max(x[i], T(0));
        return;
      case LayerKind::kDropout: {
        const T scale = T(1) / (T(1) - T(l.spec.rate));
        for (size_t i = 0; i < x.size(); ++i) {
          y[i] = !training_ ? x[i] : kept(l, index, i) ? x[i] * scale : T(0);
        }
        return;
      }
      case LayerKind::kFlatten:
        y = x;
        return;
      case LayerKind::kAdd:
        for (size_t i = 0; i < x.size(); ++i) y[i] = x[i] + out(l.others[0])[i];
        return;
      case LayerKind::kMixture: {
        const std::vector<std::vector<T>> p = member_probabilities(l);
        for (size_t i = 0; i < y.size(); ++i) {
          T sum = 0;
          for (const std::vector<T>& member : p) sum += member[i];
          y[i] = std::log(sum / T(p.size()));
        }
        return;
      }
      case LayerKind::kMaxPool: {
        const kernels::PoolRow row = pool_row(l);
        for_windows(l, row, [&](size_t xi, size_t yi) {
          y[yi] = x[xi];
          for_pixels(l, row, [&](size_t at) { y[yi] = std::max(y[yi], x[xi + at]); });
        });
        return;
      }
      case LayerKind::kAveragePool:
      case LayerKind::kGlobalAveragePool: {
        const kernels::PoolRow row = pool_row(l);
        const T area = T(row.window_height * row.window_width);
        for_windows(l, row, [&](size_t xi, size_t yi) {
          for_pixels(l, row, [&](size_t at) { y[yi] += x[xi + at] / area; });
        });
        return;
      }
    }
  }

  void backward_layer(int index) {
    const Layer& l = layer(index);
    const std::vector<T>&x = out(l.input), &dy = grad(index);
    std::vector<T>& dx = grad(l.input);
    switch (l.spec.kind) {
      case LayerKind::kConv:
      case LayerKind::kDense: {
        const T* w = parameter(l.weight);
        T *dw = gradient(l.weight), *db = gradient(l.bias);
        for (size_t i = 0; db && i < dy.size(); ++i)
          db[i % static_cast<size_t>(l.out.channels)] += dy[i];
        for_products(l, [&](size_t xi, size_t yi, size_t wi) {
          dx[xi] += dy[yi] * w[wi];
          dw[wi] += dy[yi] * x[xi];
        });
        return;
      }
      case LayerKind::kBatchNorm:
        return backward_batch_norm(l, x, dy, dx);
      case LayerKind::kRelu:
        for (size_t i = 0; i < x.size(); ++i) dx[i] += x[i] > 0 ? dy[i] : T(0);
        return;
      case LayerKind::kDropout: {
        const T scale = T(1) / (T(1) - T(l.spec.rate));
        for (size_t i = 0; i < x.size(); ++i) {
          dx[i] += !training_ ? dy[i] : kept(l, index, i) ? dy[i] * scale : T(0);
        }
        return;
      }
      case LayerKind::kFlatten:
        for (size_t i = 0; i < x.size(); ++i) dx[i] += dy[i];
        return;
      case LayerKind::kAdd:
        for (size_t i = 0; i < x.size(); ++i) {
          dx[i] += dy[i];
          grad(l.others[0])[i] += dy[i];
        }
        return;
      case LayerKind::kMixture:
        return backward_mixture(l, out(index), dy);
      case LayerKind::kMaxPool: {
        const kernels::PoolRow row = pool_row(l);
        for_windows(l, row, [&](size_t xi, size_t yi) {
          const ptrdiff_t at = kernels::reference::first_maximum(
              row, &x[xi], static_cast<ptrdiff_t>(l.in.width * l.in.channels));
          dx[xi + static_cast<size_t>(at)] += dy[yi];
        });
        return;
      }
      case LayerKind::kAveragePool:
      case LayerKind::kGlobalAveragePool: {
        const kernels::PoolRow row = pool_row(l);
        const T area = T(row.window_height * row.window_width);
        for_windows(l, row, [&](size_t xi, size_t yi) {
          for_pixels(l, row, [&](size_t at) { dx[xi + at] += dy[yi] / area; });
        });
        return;
      }
    }
  }

  // By member, laid out as the logits.
  std::vector<std::vector<T>> member_probabilities(const Layer& l) {
    std::vector<int> members{l.input};
    members.insert(members.end(), l.others.begin(), l.others.end());
    const size_t classes = static_cast<size_t>(l.in.channels);
    std::vector<std::vector<T>> all;
    for (const int member : members) {
      std::vector<T> p = out(member);
      for (size_t begin = 0; begin < p.size(); begin += classes) {
        const T largest = *std::max_element(&p[begin], &p[begin] + classes);
        T sum = 0;
        for (size_t i = begin; i < begin + classes; ++i) sum += p[i] = std::exp(p[i] - largest);
        for (size_t i = begin; i < begin + classes; ++i) p[i] /= sum;
      }
      all.push_back(std::move(p));
    }
    return all;
  }

  // y = ln(sum of p over the members / their number); dp / dx is softmax's.
  void backward_mixture(const Layer& l, const std::vector<T>& y, const std::vector<T>& dy) {
    const std::vector<std::vector<T>> p = member_probabilities(l);
    const size_t classes = static_cast<size_t>(l.in.channels);
    for (size_t m = 0; m < p.size(); ++m) {
      std::vector<T>& dx = grad(m == 0 ? l.input : l.others[m - 1]);
      for (size_t begin = 0; begin < y.size(); begin += classes) {
        T mean = 0;
        const auto dp = [&](size_t i) { return dy[i] / (T(p.size()) * std::exp(y[i])); };
        for (size_t i = begin; i < begin + classes; ++i) mean += p[m][i] * dp(i);
        for (size_t i = begin; i < begin + classes; ++i) dx[i] += p[m][i] * (dp(i) - mean);
      }
    }
  }

  void backward_batch_norm(const Layer& l, const std::vector<T>& x, const std::vector<T>& dy,
                           std::vector<T>& dx) {
    const size_t channels = static_cast<size_t>(l.in.channels);
    const T count = T(x.size() / channels);
    for (size_t c = 0; c < channels; ++c) {
      const auto [mean, variance] = statistics(l, x, c);
      const T inverse = T(1) / std::sqrt(variance + T(kBatchNormEpsilon));
      T d_scale = 0, d_shift = 0;
      for (size_t i = c; i < x.size(); i += channels) {
        d_scale += dy[i] * (x[i] - mean) * inverse;
        d_shift += dy[i];
      }
      gradient(l.weight)[c] += d_scale;
      gradient(l.bias)[c] += d_shift;
      for (size_t i = c; i < x.size(); i += channels) {
        const T from_batch =
            training_ ? (d_shift + (x[i] - mean) * inverse * d_scale) / count : T(0);
        dx[i] += parameter(l.weight)[c] * inverse * (dy[i] - from_batch);
      }
    }
  }

  const Architecture& net_;
  bool training_;
  int images_ = 0;
  uint32_t dropout_key_ = 0;
  const std::vector<T>* parameters_ = nullptr;
  std::vector<std::vector<T>> outputs_, grads_;  // index 0: the input's
  std::vector<T> logits_gradient_, parameter_gradient_;
};

}  // namespace inkling
