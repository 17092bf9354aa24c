#include "nn/compile.h"

#include <algorithm>
#include <utility>

#include "nn/steps/activate_step.h"
#include "nn/steps/batch_norm_step.h"
#include "nn/steps/conv_step.h"
#include "nn/steps/dense_step.h"
#include "nn/steps/mixture_step.h"
#include "nn/steps/simple_steps.h"

namespace inkling {
namespace {

size_t at(int index) { return static_cast<size_t>(index); }

// How often each layer's output is read; index 0 is the network's input.
std::vector<int> count_readers(const Architecture& net) {
  std::vector<int> readers(net.layers.size() + 1);
  for (const Layer& layer : net.layers) {
    ++readers[at(layer.input + 1)];
    for (const int other : layer.others) ++readers[at(other + 1)];
  }
  ++readers.back();  // the logits are read by the caller
  return readers;
}

// Whether every layer that reads `index`, and there is one, is dense, be it behind dropout.
bool feeds_only_dense(const Architecture& net, int index) {
  bool any = false;
  for (size_t i = 0; i < net.layers.size(); ++i) {
    const Layer& layer = net.layers[i];
    if (layer.reads(index) == 0) continue;
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
  Compiler(const Architecture& net, Mode mode, int max_images, const Engine& engine)
      : net_(net),
        mode_(mode),
        max_images_(max_images),
        engine_(engine),
        readers_(count_readers(net)) {}

  CompiledNetwork run() {
    plan_groups();
    plan_tensors();
    for (int i = 0; i < layers(); i = group_end_[at(i)] + 1) emit(i);
    return std::move(out_);
  }

 private:
  bool frozen() const { return mode_ == Mode::kProbe; }
  int layers() const { return static_cast<int>(net_.layers.size()); }
  const Layer& layer(int index) const { return net_.layers[at(index)]; }

  // Whether the next layer is of this kind and alone reads this one.
  bool flows_into(int index, LayerKind kind) const {
    return index + 1 < layers() && layer(index + 1).spec.kind == kind &&
           layer(index + 1).input == index && readers_[at(index + 1)] == 1;
  }

  // Which layers become one step: [batch norm,] rectifier [, 2x2 maximum pool], in training, where
  // nobody else reads what is between or before them.
  void plan_groups() {
    for (int i = 0; i < layers(); ++i) group_end_.push_back(i);
    if (frozen()) return;
    for (int i = 0; i < layers(); i = group_end_[at(i)] + 1) {
      int relu = i;
      if (layer(i).spec.kind == LayerKind::kBatchNorm && flows_into(i, LayerKind::kRelu)) ++relu;
      if (layer(relu).spec.kind != LayerKind::kRelu || readers_[at(layer(i).input + 1)] != 1) {
        continue;
      }
      const bool pool = flows_into(relu, LayerKind::kMaxPool) && pools_pairs(layer(relu + 1));
      if (relu > i || pool) group_end_[at(i)] = relu + pool;
    }
  }

  static bool pools_pairs(const Layer& pool) {
    return pool.spec.window == 2 && pool.spec.stride == 2 && pool.in.height % 2 == 0 &&
           pool.in.width % 2 == 0;
  }

  // Training wants no gradient of the network's input, nor of anything computed from it alone.
  void plan_tensors() {
    out_.input = out_.plan.add(net_.input);
    if (frozen()) out_.grad_input = out_.plan.add(net_.input);
    bool learns = frozen();
    for (int i = 0; i < layers(); ++i) {
      const int last = group_end_[at(i)];
      const TensorId x = activation(layer(i).input), grad_x = grad(layer(i).input);
      if (is_view(net_, i, frozen())) {
        out_.activations.push_back(x);
        out_.grads.push_back(grad_x);
        continue;
      }
      learns = learns || layer(i).weight >= 0;
      // What flows inside a group has no tensor.
      out_.activations.resize(at(last), -1);
      out_.grads.resize(at(last), -1);
      const Shape shape = layer(i).in == layer(last).out ? out_.plan.shape(x) : layer(last).out;
      out_.activations.push_back(out_.plan.add(shape));
      out_.grads.push_back(learns ? out_.plan.add(shape) : -1);
      i = last;
    }
    // Backward runs the steps in reverse, so the last reader of a tensor writes its gradient and
    // the earlier ones add to it.
    last_reader_.assign(net_.layers.size() * 2 + 4, -1);
    for (int i = 0; i < layers(); i = group_end_[at(i)] + 1) {
      if (is_view(net_, i, frozen())) continue;
      last_reader_[at(activation(layer(i).input))] = i;
      for (const int other : layer(i).others) last_reader_[at(activation(other))] = i;
    }
  }

  TensorId activation(int layer) const {
    return layer < 0 ? out_.input : out_.activations[at(layer)];
  }
  TensorId grad(int layer) const { return layer < 0 ? out_.grad_input : out_.grads[at(layer)]; }

  // Of the step that begins with this layer.
  template <typename Options>
  Options options_of(int index) const {
    const int last = group_end_[at(index)];
    Options options;
    options.x = activation(layer(index).input);
    options.y = activation(last);
    options.grad_x = grad(layer(index).input);
    options.grad_y = grad(last);
    if constexpr (requires { options.accumulate_grad_x; }) {
      options.accumulate_grad_x = last_reader_[at(options.x)] != index;
    }
    return options;
  }

  void emit_activate(int index) {
    const int last = group_end_[at(index)];
    ActivateOptions options = options_of<ActivateOptions>(index);
    options.pool = layer(last).spec.kind == LayerKind::kMaxPool;
    if (layer(index).spec.kind == LayerKind::kBatchNorm) {
      options.sums_ready = statistics_ != nullptr;  // the convolution before made them
      if (!statistics_) statistics_ = std::make_shared<NormStatistics>(layer(index), max_images_);
    }
    add<ActivateStep>(layer(index).spec.name, options, layer(index).in.channels,
                      std::exchange(statistics_, nullptr));
  }

  void emit(int index) {
    const Layer& layer = this->layer(index);
    if (is_view(net_, index, frozen())) return;
    if (group_end_[at(index)] > index) return emit_activate(index);
    switch (layer.spec.kind) {
      case LayerKind::kConv: {
        ConvOptions options = options_of<ConvOptions>(index);
        options.bias_gradient = !feeds_only_batch_norm(index);
        if (flows_into(index, LayerKind::kBatchNorm) && group_end_[at(index + 1)] > index + 1) {
          statistics_ = std::make_shared<NormStatistics>(this->layer(index + 1), max_images_);
          options.statistics = statistics_.get();
        }
        return add_step(make_conv_step(layer, options, max_images_, engine_, !frozen(), out_.plan));
      }
      case LayerKind::kBatchNorm: {
        BatchNormOptions options = options_of<BatchNormOptions>(index);
        options.frozen = frozen();
        return add<BatchNormStep>(layer, options, max_images_);
      }
      case LayerKind::kDense: {
        DenseOptions options = options_of<DenseOptions>(index);
        options.bias_gradient = !feeds_only_batch_norm(index);
        return add_step(
            make_dense_step(layer, options, max_images_, engine_, !frozen(), out_.plan));
      }
      case LayerKind::kRelu:
        return add<ReluStep>(layer, options_of<UnaryOptions>(index));
      case LayerKind::kDropout:
        return add<DropoutStep>(layer, options_of<UnaryOptions>(index),
                                static_cast<uint32_t>(index));
      case LayerKind::kAdd: {
        AddOptions options;
        options.a = activation(layer.input);
        options.b = activation(layer.others[0]);
        options.y = activation(index);
        options.grad_a = grad(layer.input);
        options.grad_b = grad(layer.others[0]);
        options.grad_y = grad(index);
        options.accumulate_grad_a = last_reader_[at(options.a)] != index;
        options.accumulate_grad_b = last_reader_[at(options.b)] != index || options.a == options.b;
        return add<AddStep>(layer, options);
      }
      case LayerKind::kMixture: {
        MixtureOptions options{.members = {},
                               .y = activation(index),
                               .grad_y = grad(index),
                               .apart = layer.spec.apart && mode_ == Mode::kTrain};
        add_member(options, layer.input, index);
        for (const int other : layer.others) add_member(options, other, index);
        return add<MixtureStep>(layer, std::move(options));
      }
      case LayerKind::kFlatten:
        return add<FlattenStep>(layer, options_of<UnaryOptions>(index));
      default:
        return add<PoolStep>(layer, options_of<UnaryOptions>(index));
    }
  }

  // A member named twice gives its gradient twice: the second time it adds.
  void add_member(MixtureOptions& options, int member, int index) const {
    const TensorId x = activation(member);
    const bool again = std::ranges::count(options.members, x, &MixtureMember::x) > 0;
    options.members.push_back({.x = x,
                               .grad_x = grad(member),
                               .accumulate_grad_x = again || last_reader_[at(x)] != index});
  }

  bool feeds_only_batch_norm(int index) const {
    if (frozen()) return false;
    int readers = 0;
    bool norm = true;
    for (const Layer& layer : net_.layers) {
      const bool reads = layer.reads(index) > 0;
      readers += reads;
      norm = norm && (!reads || layer.spec.kind == LayerKind::kBatchNorm);
    }
    return readers > 0 && norm;
  }

  void add_step(std::unique_ptr<Step> step) { out_.steps.push_back(std::move(step)); }

  template <typename StepType, typename... Args>
  void add(Args&&... args) {
    add_step(std::make_unique<StepType>(std::forward<Args>(args)...));
  }

  const Architecture& net_;
  Mode mode_;
  int max_images_;
  const Engine& engine_;
  std::vector<int> readers_;
  std::vector<int> group_end_;  // by layer: the last one of the step that begins with it
  CompiledNetwork out_;
  std::vector<int> last_reader_;                // by TensorId
  std::shared_ptr<NormStatistics> statistics_;  // from a convolution to the activation behind it
};

}  // namespace

CompiledNetwork compile(const Architecture& net, Mode mode, int max_images, const Engine& engine) {
  return Compiler(net, mode, max_images, engine).run();
}

// Greedy, in order: a convolution takes a batch norm that alone reads it, and then, like a dense
// layer, a rectifier that alone reads that.
CompiledNetwork compile_inference(const Architecture& net, int max_images, const Engine& engine) {
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
        add(make_conv_step(layer, ConvOptions{.x = x, .y = y, .relu = relu, .fold = fold},
                           max_images, engine, true, out.plan));
        break;
      case LayerKind::kBatchNorm:
        add(std::make_unique<BatchNormStep>(layer, BatchNormOptions{.x = x, .y = y, .frozen = true},
                                            max_images));
        break;
      case LayerKind::kDense:
        add(make_dense_step(layer, DenseOptions{.x = x, .y = y, .relu = relu}, max_images, engine,
                            true, out.plan));
        break;
      case LayerKind::kRelu:
        add(std::make_unique<ReluStep>(layer, UnaryOptions{.x = x, .y = y}));
        break;
      case LayerKind::kAdd:
        add(std::make_unique<AddStep>(layer,
                                      AddOptions{.a = x, .b = tensor_of(layer.others[0]), .y = y}));
        break;
      case LayerKind::kMixture: {
        MixtureOptions options{.members = {{.x = x}}, .y = y};
        for (const int other : layer.others) options.members.push_back({.x = tensor_of(other)});
        add(std::make_unique<MixtureStep>(layer, std::move(options)));
        break;
      }
      case LayerKind::kFlatten:
        add(std::make_unique<FlattenStep>(layer, UnaryOptions{.x = x, .y = y}));
        break;
      default:
        add(std::make_unique<PoolStep>(layer, UnaryOptions{.x = x, .y = y}));
    }
  }
  return out;
}

Scratch::Sizes bind_tensors(const std::vector<std::unique_ptr<Step>>& steps,
                            const Tensor* tensors) {
  Scratch::Sizes sizes{};
  for (const auto& step : steps) {
    step->bind(tensors);
    const Scratch::Sizes wanted = step->scratch_sizes();
    for (size_t i = 0; i < sizes.size(); ++i) sizes[i] = std::max(sizes[i], wanted[i]);
  }
  return sizes;
}

}  // namespace inkling
