#include "nn/compile.h"

#include <utility>

#include "nn/batch_norm_step.h"
#include "nn/conv_step.h"
#include "nn/dense_step.h"
#include "nn/simple_steps.h"

namespace inkling {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

// How often each layer's output is read; index 0 is the network's input.
std::vector<int> count_readers(const Architecture& net) {
  std::vector<int> readers(net.layers.size() + 1);
  for (const Layer& layer : net.layers) {
    ++readers[at(layer.input + 1)];
    if (layer.spec.kind == LayerKind::kAdd) ++readers[at(layer.other + 1)];
  }
  ++readers.back();  // the logits are read by the caller
  return readers;
}

// Whether every layer that reads `index`, and there is one, is dense, be it behind dropout.
bool feeds_only_dense(const Architecture& net, int index) {
  bool any = false;
  for (size_t i = 0; i < net.layers.size(); ++i) {
    const Layer& layer = net.layers[i];
    if (layer.input != index && layer.other != index) continue;
    any = true;
    if (layer.spec.kind == LayerKind::kDense) continue;
    if (layer.spec.kind == LayerKind::kDropout && feeds_only_dense(net, static_cast<int>(i)))
      continue;
    return false;
  }
  return any;
}

// Layers that change nothing in memory: their output is their input's tensor. Dense layers read
// tensors of any shape, so what is flattened for them stays as it is.
bool is_view(const Architecture& net, int index, bool dropout_is_off) {
  const Layer& layer = net.layers[at(index)];
  if (layer.spec.kind == LayerKind::kDropout) return dropout_is_off;
  return layer.spec.kind == LayerKind::kFlatten &&
         (layer.in == layer.out || feeds_only_dense(net, index));
}

class Compiler {
 public:
  Compiler(const Architecture& net, Mode mode, int max_images, const kernels::Variant& kernels)
      : net_(net), mode_(mode), max_images_(max_images), kernels_(kernels) {}

  CompiledNetwork run() {
    plan_tensors();
    for (size_t i = 0; i < net_.layers.size(); ++i) emit(static_cast<int>(i));
    return std::move(out_);
  }

 private:
  bool frozen() const { return mode_ == Mode::kInspect; }

  // Training wants no gradient of the network's input, nor of anything computed from it alone.
  void plan_tensors() {
    out_.input = out_.plan.add(net_.input);
    if (frozen()) out_.grad_input = out_.plan.add(net_.input);
    bool learns = frozen();
    for (size_t i = 0; i < net_.layers.size(); ++i) {
      const Layer& layer = net_.layers[i];
      if (is_view(net_, static_cast<int>(i), frozen())) {
        out_.activations.push_back(activation(layer.input));
        out_.grads.push_back(grad(layer.input));
        continue;
      }
      learns = learns || layer.weight >= 0;
      const Shape& shape = out_.plan.shape(activation(layer.input));
      const bool same_shape = layer.in == layer.out;
      out_.activations.push_back(out_.plan.add(same_shape ? shape : layer.out));
      out_.grads.push_back(learns ? out_.plan.add(same_shape ? shape : layer.out) : -1);
    }
    // Backward runs the layers in reverse, so the last reader of a tensor writes its gradient and
    // the earlier ones add to it.
    last_reader_.assign(net_.layers.size() * 2 + 4, -1);
    for (size_t i = 0; i < net_.layers.size(); ++i) {
      const Layer& layer = net_.layers[i];
      if (is_view(net_, static_cast<int>(i), frozen())) continue;
      last_reader_[at(activation(layer.input))] = static_cast<int>(i);
      if (layer.spec.kind == LayerKind::kAdd) {
        last_reader_[at(activation(layer.other))] = static_cast<int>(i);
      }
    }
  }

  TensorId activation(int layer) const {
    return layer < 0 ? out_.input : out_.activations[at(layer)];
  }
  TensorId grad(int layer) const { return layer < 0 ? out_.grad_input : out_.grads[at(layer)]; }

  template <typename Options>
  Options options_of(int index) const {
    const Layer& layer = net_.layers[at(index)];
    Options options;
    options.x = activation(layer.input);
    options.y = activation(index);
    options.grad_x = grad(layer.input);
    options.grad_y = grad(index);
    options.accumulate_grad_x = last_reader_[at(options.x)] != index;
    return options;
  }

  void emit(int index) {
    const Layer& layer = net_.layers[at(index)];
    if (is_view(net_, index, frozen())) return;
    switch (layer.spec.kind) {
      case LayerKind::kConv: {
        ConvOptions options = options_of<ConvOptions>(index);
        options.bias_gradient = !feeds_only_batch_norm(index);
        return add<ConvStep>(layer, options, max_images_, kernels_, out_.plan);
      }
      case LayerKind::kBatchNorm: {
        BatchNormOptions options = options_of<BatchNormOptions>(index);
        options.frozen = frozen();
        return add<BatchNormStep>(layer, options, max_images_);
      }
      case LayerKind::kDense: {
        DenseOptions options = options_of<DenseOptions>(index);
        options.bias_gradient = !feeds_only_batch_norm(index);
        return add<DenseStep>(layer, options, kernels_, out_.plan);
      }
      case LayerKind::kRelu:
        return add<ReluStep>(layer, options_of<UnaryOptions>(index));
      case LayerKind::kDropout:
        return add<DropoutStep>(layer, options_of<UnaryOptions>(index),
                                static_cast<uint32_t>(index));
      case LayerKind::kAdd: {
        AddOptions options;
        options.a = activation(layer.input);
        options.b = activation(layer.other);
        options.y = activation(index);
        options.grad_a = grad(layer.input);
        options.grad_b = grad(layer.other);
        options.grad_y = grad(index);
        options.accumulate_grad_a = last_reader_[at(options.a)] != index;
        options.accumulate_grad_b = last_reader_[at(options.b)] != index || options.a == options.b;
        return add<AddStep>(layer, options);
      }
      case LayerKind::kFlatten:
        return add<FlattenStep>(layer, options_of<UnaryOptions>(index));
      default:
        return add<PoolStep>(layer, options_of<UnaryOptions>(index));
    }
  }

  bool feeds_only_batch_norm(int index) const {
    if (frozen()) return false;
    int readers = 0;
    bool norm = true;
    for (const Layer& layer : net_.layers) {
      const bool reads =
          layer.input == index || (layer.spec.kind == LayerKind::kAdd && layer.other == index);
      readers += reads;
      norm = norm && (!reads || layer.spec.kind == LayerKind::kBatchNorm);
    }
    return readers > 0 && norm;
  }

  template <typename StepType, typename... Args>
  void add(Args&&... args) {
    out_.steps.push_back(std::make_unique<StepType>(std::forward<Args>(args)...));
  }

  const Architecture& net_;
  Mode mode_;
  int max_images_;
  const kernels::Variant& kernels_;
  CompiledNetwork out_;
  std::vector<int> last_reader_;  // by TensorId
};

}  // namespace

CompiledNetwork compile(const Architecture& net, Mode mode, int max_images,
                        const kernels::Variant& kernels) {
  return Compiler(net, mode, max_images, kernels).run();
}

// Greedy, in order: a convolution takes a batch norm that alone reads it, and then, like a dense
// layer, a rectifier that alone reads that.
CompiledNetwork compile_inference(const Architecture& net, int max_images,
                                  const kernels::Variant& kernels) {
  CompiledNetwork out;
  const std::vector<int> readers = count_readers(net);
  out.input = out.plan.add(net.input);
  std::vector<bool> done(net.layers.size());
  out.activations.assign(net.layers.size(), -1);
  const auto tensor_of = [&](int layer) {
    return layer < 0 ? out.input : out.activations[at(layer)];
  };
  const auto takes_next = [&](size_t i, LayerKind kind) {
    return readers[i + 1] == 1 && i + 1 < net.layers.size() &&
           net.layers[i + 1].spec.kind == kind && net.layers[i + 1].input == static_cast<int>(i);
  };
  for (size_t i = 0; i < net.layers.size(); ++i) {
    if (done[i]) continue;
    const Layer& layer = net.layers[i];
    const TensorId x = tensor_of(layer.input);
    if (is_view(net, static_cast<int>(i), true)) {
      out.activations[i] = x;
      continue;
    }
    const LayerKind kind = layer.spec.kind;
    size_t last = i;  // of the layers this step stands for
    const Layer* fold = nullptr;
    bool relu = false;
    if (kind == LayerKind::kConv && takes_next(last, LayerKind::kBatchNorm)) {
      fold = &net.layers[++last];
    }
    if ((kind == LayerKind::kConv || kind == LayerKind::kDense) &&
        takes_next(last, LayerKind::kRelu)) {
      relu = true;
      ++last;
    }
    const Shape& in = out.plan.shape(x);
    const TensorId y = out.plan.add(layer.in == layer.out ? in : layer.out);
    for (size_t j = i; j <= last; ++j) {
      done[j] = true;
      out.activations[j] = y;
    }
    const auto add = [&](auto step) { out.steps.push_back(std::move(step)); };
    switch (kind) {
      case LayerKind::kConv:
        add(std::make_unique<ConvStep>(layer,
                                       ConvOptions{.x = x, .y = y, .relu = relu, .fold = fold},
                                       max_images, kernels, out.plan));
        break;
      case LayerKind::kBatchNorm:
        add(std::make_unique<BatchNormStep>(layer, BatchNormOptions{.x = x, .y = y, .frozen = true},
                                            max_images));
        break;
      case LayerKind::kDense:
        add(std::make_unique<DenseStep>(layer, DenseOptions{.x = x, .y = y, .relu = relu}, kernels,
                                        out.plan));
        break;
      case LayerKind::kRelu:
        add(std::make_unique<ReluStep>(layer, UnaryOptions{.x = x, .y = y}));
        break;
      case LayerKind::kAdd:
        add(std::make_unique<AddStep>(layer,
                                      AddOptions{.a = x, .b = tensor_of(layer.other), .y = y}));
        break;
      case LayerKind::kFlatten:
        add(std::make_unique<FlattenStep>(layer, UnaryOptions{.x = x, .y = y}));
        break;
      default:
        add(std::make_unique<PoolStep>(layer, UnaryOptions{.x = x, .y = y}));
    }
  }
  return out;
}

}  // namespace inkling
