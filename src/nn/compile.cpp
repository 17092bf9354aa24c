#include "nn/compile.h"

#include <algorithm>
#include <utility>

#include "nn/steps/activate_step.h"
#include "nn/steps/batch_norm_step.h"
#include "nn/steps/convolution.h"
#include "nn/steps/dense_step.h"
#include "nn/steps/mixture_step.h"
#include "nn/steps/simple_steps.h"

namespace inkling {
namespace {

class Compiler {
 public:
  Compiler(const Architecture& net, Mode mode, int max_images, const Engine& engine)
      : net_(net), mode_(mode), max_images_(max_images), engine_(engine) {}

  CompiledNetwork run() {
    find_readers();
    plan_groups();
    plan_tensors();
    for (int i = 0; i < layers(); i = at(group_end_, i) + 1) emit(i);
    return std::move(out_);
  }

 private:
  int layers() const { return count_of(net_.layers); }
  const Layer& layer(int index) const { return at(net_.layers, index); }
  LayerKind kind(int index) const { return layer(index).spec.kind; }
  // Batch norm uses the moving statistics, and dropout is off.
  bool frozen() const { return mode_ != Mode::kTrain; }
  bool fast() const { return mode_ != Mode::kProbe; }

  // Whether every layer that reads `index`, and there is one, is dense, be it behind dropout.
  bool feeds_only_dense(int index) const {
    bool any = false;
    for (int i = 0; i < layers(); ++i) {
      if (layer(i).reads(index) == 0) continue;
      any = true;
      if (kind(i) == LayerKind::kDense) continue;
      if (kind(i) == LayerKind::kDropout && feeds_only_dense(i)) continue;
      return false;
    }
    return any;
  }

  // Layers that change nothing in memory: their output is their input's tensor. Dense layers read
  // tensors of any shape, so what is flattened for them stays as it is.
  bool is_view(int index) const {
    if (kind(index) == LayerKind::kDropout) return frozen();
    return kind(index) == LayerKind::kFlatten &&
           (layer(index).in == layer(index).out || feeds_only_dense(index));
  }

  // How often each tensor is read, by the layer that made it.
  void find_readers() {
    readers_.resize(net_.layers.size() + 1);
    for (int i = 0; i < layers(); ++i) {
      const int input = maker(layer(i).input);
      makers_.push_back(is_view(i) ? input : i);
      if (is_view(i)) continue;
      ++at(readers_, input + 1);
      for (const int other : layer(i).others) ++at(readers_, maker(other) + 1);
    }
    ++at(readers_, makers_.back() + 1);  // the logits are read by the caller
  }

  // The layer whose step writes this one's output; -1: the network's input.
  int maker(int layer) const { return layer < 0 ? -1 : at(makers_, layer); }
  bool has_one_reader(int layer) const { return at(readers_, maker(layer) + 1) == 1; }

  // Whether the next layer is of this kind and alone reads this one.
  bool flows_into(int index, LayerKind next) const {
    return index + 1 < layers() && kind(index + 1) == next && layer(index + 1).input == index &&
           has_one_reader(index);
  }

  void plan_groups() {
    for (int i = 0; i < layers(); ++i) group_end_.push_back(i);
    for (int i = 0; i < layers(); i = at(group_end_, i) + 1) {
      if (mode_ == Mode::kTrain) at(group_end_, i) = end_of_training_group(i);
      if (mode_ == Mode::kInfer) at(group_end_, i) = end_of_inference_group(i);
    }
  }

  // [batch norm,] rectifier [, 2x2 maximum pool], where nobody else reads what is between or before
  // them.
  int end_of_training_group(int first) const {
    int relu = first;
    if (kind(first) == LayerKind::kBatchNorm && flows_into(first, LayerKind::kRelu)) ++relu;
    if (kind(relu) != LayerKind::kRelu || !has_one_reader(layer(first).input)) return first;
    const bool pool = flows_into(relu, LayerKind::kMaxPool) && pools_pairs(layer(relu + 1));
    return relu + pool;
  }

  // Convolution [, batch norm] [, rectifier], or dense layer [, rectifier], where nobody else reads
  // what is between them.
  int end_of_inference_group(int first) const {
    if (kind(first) != LayerKind::kConv && kind(first) != LayerKind::kDense) return first;
    int last = first;
    if (kind(first) == LayerKind::kConv && flows_into(last, LayerKind::kBatchNorm)) ++last;
    if (flows_into(last, LayerKind::kRelu)) ++last;
    return last;
  }

  static bool pools_pairs(const Layer& pool) {
    return pool.spec.window == 2 && pool.spec.stride == 2 && pool.in.height % 2 == 0 &&
           pool.in.width % 2 == 0;
  }

  // Training wants no gradient of the network's input, nor of anything computed from it alone.
  void plan_tensors() {
    out_.input = out_.plan.add(net_.input);
    if (mode_ == Mode::kProbe) out_.grad_input = out_.plan.add(net_.input);
    bool learns = mode_ == Mode::kProbe;
    for (int i = 0; i < layers(); ++i) {
      const int last = at(group_end_, i);
      const TensorId x = activation(layer(i).input), grad_x = grad(layer(i).input);
      if (is_view(i)) {
        out_.activations.push_back(x);
        out_.grads.push_back(grad_x);
        continue;
      }
      learns = learns || (mode_ == Mode::kTrain && layer(i).weight >= 0);
      // What flows inside a group has no tensor.
      out_.activations.resize(narrow<size_t>(last), -1);
      out_.grads.resize(narrow<size_t>(last), -1);
      // Dropout behind what is flattened as a view has the shape of what it reads.
      const bool same_shape = layer(i).in == layer(last).out && layer(i).products == 0;
      const Shape shape = same_shape ? out_.plan.shape(x) : layer(last).out;
      out_.activations.push_back(out_.plan.add(shape));
      out_.grads.push_back(learns ? out_.plan.add(shape) : -1);
      i = last;
    }
    // Backward runs the steps in reverse, so the last reader of a tensor writes its gradient and
    // the earlier ones add to it.
    last_reader_.assign(net_.layers.size() * 2 + 4, -1);
    for (int i = 0; i < layers(); i = at(group_end_, i) + 1) {
      if (is_view(i)) continue;
      at(last_reader_, activation(layer(i).input)) = i;
      for (const int other : layer(i).others) at(last_reader_, activation(other)) = i;
    }
    at(last_reader_, out_.activations.back()) = layers();  // the loss
  }

  TensorId activation(int layer) const {
    return layer < 0 ? out_.input : at(out_.activations, layer);
  }
  TensorId grad(int layer) const { return layer < 0 ? out_.grad_input : at(out_.grads, layer); }
  bool accumulates(TensorId x, int index) const { return at(last_reader_, x) != index; }

  // Of the step that begins with this layer.
  template <typename Options>
  Options options_of(int index) const {
    const int last = at(group_end_, index);
    Options options;
    options.x = activation(layer(index).input);
    options.y = activation(last);
    options.grad_x = grad(layer(index).input);
    options.grad_y = grad(last);
    if constexpr (requires { options.accumulate_grad_x; }) {
      options.accumulate_grad_x = accumulates(options.x, index);
    }
    if constexpr (requires { options.bias_gradient; }) {
      options.bias_gradient = !feeds_only_batch_norm(index);
      options.relu = last > index && kind(last) == LayerKind::kRelu;
    }
    return options;
  }

  void emit(int index) {
    if (is_view(index)) return;
    const Layer& layer = this->layer(index);
    if (mode_ == Mode::kTrain && at(group_end_, index) > index) return emit_activate(index);
    switch (kind(index)) {
      case LayerKind::kConv:
        return emit_conv(index);
      case LayerKind::kBatchNorm: {
        BatchNormOptions options = options_of<BatchNormOptions>(index);
        options.frozen = frozen();
        return add<BatchNormStep>(layer, options, max_images_);
      }
      case LayerKind::kDense:
        return add_step(make_dense_step(layer, options_of<DenseOptions>(index), max_images_,
                                        engine_, fast(), out_.plan));
      case LayerKind::kRelu:
        return add<ReluStep>(layer, options_of<UnaryOptions>(index));
      case LayerKind::kDropout:
        return add<DropoutStep>(layer, options_of<UnaryOptions>(index), index);
      case LayerKind::kFlatten:
        return add<FlattenStep>(layer, options_of<UnaryOptions>(index));
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
      case LayerKind::kGlobalAveragePool:
        return add<PoolStep>(layer, options_of<UnaryOptions>(index));
      case LayerKind::kAdd:
        return emit_add(index);
      case LayerKind::kMixture:
        return emit_mixture(index);
    }
  }

  void emit_activate(int index) {
    const int last = at(group_end_, index);
    ActivateOptions options = options_of<ActivateOptions>(index);
    options.pool = kind(last) == LayerKind::kMaxPool;
    if (kind(index) == LayerKind::kBatchNorm) {
      options.sums_ready = statistics_ != nullptr;  // the convolution before made them
      if (!statistics_) statistics_ = std::make_shared<NormStatistics>(layer(index), max_images_);
    }
    add<ActivateStep>(layer(index).spec.name, options, layer(index).in.channels,
                      std::exchange(statistics_, nullptr));
  }

  void emit_conv(int index) {
    ConvOptions options = options_of<ConvOptions>(index);
    const int next = index + 1;
    if (mode_ == Mode::kInfer && at(group_end_, index) > index &&
        kind(next) == LayerKind::kBatchNorm) {
      options.fold = &layer(next);
    }
    if (mode_ == Mode::kTrain && flows_into(index, LayerKind::kBatchNorm) &&
        at(group_end_, next) > next) {
      statistics_ = std::make_shared<NormStatistics>(layer(next), max_images_);
      options.statistics = statistics_.get();
    }
    add_step(make_convolution(layer(index), options, max_images_, engine_, fast(), out_.plan));
  }

  void emit_add(int index) {
    const int first = layer(index).input, second = layer(index).others[0];
    AddOptions options;
    options.a = activation(first);
    options.b = activation(second);
    options.y = activation(index);
    options.grad_a = grad(first);
    options.grad_b = grad(second);
    options.grad_y = grad(index);
    options.accumulate_grad_a = accumulates(options.a, index);
    options.accumulate_grad_b = accumulates(options.b, index) || options.a == options.b;
    add<AddStep>(layer(index), options);
  }

  void emit_mixture(int index) {
    MixtureOptions options{.members = {},
                           .y = activation(index),
                           .grad_y = grad(index),
                           .apart = layer(index).spec.apart && mode_ == Mode::kTrain};
    add_member(options, layer(index).input, index);
    for (const int other : layer(index).others) add_member(options, other, index);
    add<MixtureStep>(layer(index), std::move(options));
  }

  // A member named twice gives its gradient twice: the second time it adds.
  void add_member(MixtureOptions& options, int member, int index) const {
    const TensorId x = activation(member);
    const bool again = std::ranges::count(options.members, x, &MixtureMember::x) > 0;
    options.members.push_back(
        {.x = x, .grad_x = grad(member), .accumulate_grad_x = again || accumulates(x, index)});
  }

  bool feeds_only_batch_norm(int index) const {
    if (frozen()) return false;
    bool any = false;
    for (const Layer& reader : net_.layers) {
      if (reader.reads(index) == 0) continue;
      any = true;
      if (reader.spec.kind != LayerKind::kBatchNorm) return false;
    }
    return any;
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
  std::vector<int> makers_;     // by layer
  std::vector<int> readers_;    // by maker; index 0 is the network's input
  std::vector<int> group_end_;  // by layer: the last one of the step that begins with it
  CompiledNetwork out_;
  std::vector<int> last_reader_;                // by TensorId
  std::shared_ptr<NormStatistics> statistics_;  // from a convolution to the activation behind it
};

}  // namespace

CompiledNetwork compile(const Architecture& net, Mode mode, int max_images, const Engine& engine) {
  return Compiler(net, mode, max_images, engine).run();
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
