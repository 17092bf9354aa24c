#include "nn/network.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "nn/compile.h"

namespace inkling {
namespace {

// Images a thread takes through the network at once: enough for a dense layer to use its weights
// more than once, few enough for the activations to stay in cache.
constexpr int kLaneImages = 16;

// Binds all steps to the memory's layout; returns the scratch that suffices for each of them.
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

}  // namespace

Network::Network(const Architecture& net, Mode mode, int max_images, Engine& engine)
    : net_(&net), mode_(mode), engine_(&engine) {
  CompiledNetwork compiled = compile(net, mode, max_images, engine);
  steps_ = std::move(compiled.steps);
  input_ = compiled.input;
  grad_input_ = compiled.grad_input;
  activations_ = std::move(compiled.activations);
  grads_ = std::move(compiled.grads);
  memory_ = compiled.plan.allocate(max_images);
  if (mode == Mode::kTrain) find_heads_apart();
  if (mode == Mode::kTrain) gradients_ = AlignedBuffer<float>(net.trainable_floats + 64);
  const Scratch::Sizes sizes = bind_tensors(steps_, memory_.tensors.data());
  scratch_ = std::make_unique<Scratch>(engine.pool().threads(), sizes);
}

void Network::find_heads_apart() {
  const Layer& last = net_->layers.back();
  if (!last.spec.apart) return;
  std::set<int> members(last.others.begin(), last.others.end());
  members.insert(last.input);
  for (const int member : members) {
    const auto tensor = [&](const std::vector<TensorId>& ids) {
      return &memory_.tensors[static_cast<size_t>(ids[static_cast<size_t>(member)])];
    };
    heads_apart_.push_back({.logits = tensor(activations_), .gradient = tensor(grads_)});
  }
}

Context Network::context(const Parameters& parameters, int images, uint32_t dropout_key) {
  return {.images = images,
          .tensors = memory_.tensors.data(),
          .kernels = &engine_->kernels(),
          .bf16 = engine_->bf16(),
          .pool = &engine_->pool(),
          .scratch = scratch_.get(),
          .parameters = &parameters,
          .gradients = mode_ == Mode::kTrain ? gradients_.data() : nullptr,
          .dropout_key = dropout_key};
}

void Network::forward(Parameters& parameters, int images, uint32_t dropout_key) {
  images_ = images;
  dropout_key_ = dropout_key;
  const Context now = context(parameters, images, dropout_key);
  for (const auto& step : steps_) {
    step->prepare(now);
    step->forward(now);
  }
}

const Tensor& Network::activation(int layer) const {
  INKLING_CHECK(activations_[static_cast<size_t>(layer)] >= 0);
  return memory_.tensors[static_cast<size_t>(activations_[static_cast<size_t>(layer)])];
}

const Tensor& Network::logits_gradient() const {
  return memory_.tensors[static_cast<size_t>(grads_.back())];
}

const Tensor& Network::input_gradient() const {
  INKLING_CHECK(mode_ == Mode::kProbe);
  return memory_.tensors[static_cast<size_t>(grad_input_)];
}

const Tensor& Network::gradient(int layer) const {
  INKLING_CHECK(mode_ == Mode::kProbe && grads_[static_cast<size_t>(layer)] >= 0);
  return memory_.tensors[static_cast<size_t>(grads_[static_cast<size_t>(layer)])];
}

LossResult Network::loss(std::span<const uint8_t> labels, float smoothing) {
  INKLING_CHECK(static_cast<int>(labels.size()) == images_);
  for (const Head& head : heads_apart_) {
    softmax_cross_entropy(*head.logits, labels, *head.gradient, smoothing);
  }
  return softmax_cross_entropy(logits(), labels, logits_gradient(), smoothing);
}

void Network::backward(Parameters& parameters) {
  const Context now = context(parameters, images_, dropout_key_);
  for (size_t i = steps_.size(); i-- > 0;) steps_[i]->backward(now);
}

Classifier::Classifier(const Architecture& net, Engine& engine, double flops_worth_threads)
    : net_(&net), engine_(&engine) {
  CompiledNetwork compiled = compile_inference(net, kLaneImages, engine);
  steps_ = std::move(compiled.steps);
  input_ = compiled.input;
  logits_ = compiled.activations.back();
  for (int i = 0; i < engine.pool().threads(); ++i) {
    lanes_.push_back(
        {compiled.plan.allocate(kLaneImages), std::make_unique<ThreadPool>(1), nullptr});
  }
  const Scratch::Sizes sizes = bind_tensors(steps_, lanes_[0].memory.tensors.data());
  for (Lane& lane : lanes_) lane.scratch = std::make_unique<Scratch>(1, sizes);
  if (lanes_.size() > 1 && net.flops() >= flops_worth_threads) {
    together_ = std::make_unique<Scratch>(engine.pool().threads(), sizes);
  }
}

Context Classifier::context(const Lane& lane, int images) const {
  return {.images = images,
          .tensors = lane.memory.tensors.data(),
          .kernels = &engine_->kernels(),
          .bf16 = engine_->bf16(),
          .pool = lane.alone.get(),
          .scratch = lane.scratch.get(),
          .parameters = parameters_};
}

void Classifier::update(const Parameters& parameters) {
  parameters_ = &parameters;
  const Context now = context(lanes_[0], 0);
  for (const auto& step : steps_) step->prepare(now);
}

void Classifier::predict_piece(const Context& context, const float* images,
                               float* probabilities) const {
  const Tensor& input = context.tensor(input_);
  for (int image = 0; image < context.images; ++image) {
    for (int row = 0; row < input.height; ++row, images += input.row_floats()) {
      std::copy(images, images + input.row_floats(), input.row(image, row));
    }
  }
  for (const auto& step : steps_) step->forward(context);
  softmax(context.tensor(logits_), context.images, probabilities);
}

void Classifier::predict(const float* images, int n, float* probabilities) {
  INKLING_CHECK(parameters_ != nullptr);
  if (n == 1 && together_) {
    Context now = context(lanes_[0], 1);
    now.pool = &engine_->pool();
    now.scratch = together_.get();
    now.split_image = true;
    return predict_piece(now, images, probabilities);
  }
  const ptrdiff_t image_floats = static_cast<ptrdiff_t>(net_->input.size());
  const int pieces = (n + kLaneImages - 1) / kLaneImages;
  engine_->pool().run(pieces, [&](int piece, int worker) {
    const int begin = piece * kLaneImages;
    const Context now =
        context(lanes_[static_cast<size_t>(worker)], std::min(kLaneImages, n - begin));
    predict_piece(now, images + begin * image_floats, probabilities + begin * net_->classes);
  });
}

}  // namespace inkling
