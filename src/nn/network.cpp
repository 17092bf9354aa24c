#include "nn/network.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "nn/compile.h"

namespace inkling {

Network::Network(const Architecture& net, Mode mode, int max_images, Engine& engine)
    : net_(&net), mode_(mode), engine_(&engine) {
  INKLING_CHECK(mode != Mode::kInfer);
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
    heads_apart_.push_back(
        {.logits = &tensor(activations_, member), .gradient = &tensor(grads_, member)});
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

const Tensor& Network::tensor(const std::vector<TensorId>& ids, int layer) const {
  const TensorId id = at(ids, layer);
  INKLING_CHECK(id >= 0);
  return at(memory_.tensors, id);
}

const Tensor& Network::activation(int layer) const { return tensor(activations_, layer); }

const Tensor& Network::logits_gradient() const {
  return tensor(grads_, count_of(net_->layers) - 1);
}

const Tensor& Network::input_gradient() const {
  INKLING_CHECK(mode_ == Mode::kProbe);
  return at(memory_.tensors, grad_input_);
}

const Tensor& Network::gradient(int layer) const {
  INKLING_CHECK(mode_ == Mode::kProbe);
  return tensor(grads_, layer);
}

LossResult Network::loss(std::span<const uint8_t> labels, float smoothing) {
  INKLING_CHECK(count_of(labels) == images_);
  for (const Head& head : heads_apart_) {
    softmax_cross_entropy(*head.logits, labels, *head.gradient, smoothing);
  }
  return softmax_cross_entropy(logits(), labels, logits_gradient(), smoothing);
}

void Network::backward(Parameters& parameters) {
  const Context now = context(parameters, images_, dropout_key_);
  for (size_t i = steps_.size(); i-- > 0;) steps_[i]->backward(now);
}

}  // namespace inkling
