#include "nn/classifier.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/index.h"
#include "nn/compile.h"
#include "nn/optim/loss.h"

namespace inkling {
namespace {

// Images a thread takes through the network at once: enough for a dense layer to use its weights
// more than once, few enough for the activations to stay in cache.
constexpr int kPieceImages = 16;

}  // namespace

Classifier::Workspace::Workspace(const TensorPlan& plan, const Scratch::Sizes& scratch)
    : memory_(plan.allocate(kPieceImages)),
      alone_(std::make_unique<ThreadPool>(1)),
      scratch_(std::make_unique<Scratch>(1, scratch)) {}

Classifier::Classifier(const Architecture& net, Engine& engine, double flops_worth_threads)
    : net_(&net),
      engine_(&engine),
      image_floats_(narrow<ptrdiff_t>(net.input.size())),
      parameters_(net) {
  CompiledNetwork compiled = compile(net, Mode::kInfer, kPieceImages, engine);
  steps_ = std::move(compiled.steps);
  input_ = compiled.input;
  logits_ = compiled.activations.back();
  plan_ = std::move(compiled.plan);
  scratch_sizes_ = bind_tensors(steps_, plan_.allocate(kPieceImages).tensors.data());
  for (int i = 0; i < engine.pool().threads(); ++i) workspaces_.push_back(workspace());
  if (workspaces_.size() > 1 && net.flops() >= flops_worth_threads) {
    together_ = std::make_unique<Scratch>(engine.pool().threads(), scratch_sizes_);
  }
}

Context Classifier::context(const Workspace& workspace, int images) const {
  return {.images = images,
          .tensors = workspace.memory_.tensors.data(),
          .kernels = &engine_->kernels(),
          .bf16 = engine_->bf16(),
          .pool = workspace.alone_.get(),
          .scratch = workspace.scratch_.get(),
          .parameters = &parameters_};
}

void Classifier::update(const Parameters& parameters) {
  std::ranges::copy(parameters.all(), parameters_.all().begin());
  const Context now = context(workspaces_[0], 0);
  for (const auto& step : steps_) step->prepare(now);
  updated_ = true;
}

void Classifier::run(const Context& context, const float* images, Output output,
                     float* values) const {
  const Tensor& input = context.tensor(input_);
  for (int image = 0; image < context.images; ++image) {
    for (int row = 0; row < input.height; ++row, images += input.row_floats()) {
      std::copy(images, images + input.row_floats(), input.row(image, row));
    }
  }
  for (const auto& step : steps_) step->forward(context);
  const Tensor& logits = context.tensor(logits_);
  if (output == Output::kProbabilities) return softmax(logits, context.images, values);
  for (int image = 0; image < context.images; ++image, values += net_->classes) {
    std::copy_n(logits.row(image, 0), net_->classes, values);
  }
}

void Classifier::run_piece(const Workspace& workspace, int piece, const float* images, int n,
                           Output output, float* values) const {
  const ptrdiff_t begin = ptrdiff_t{piece} * kPieceImages;
  const int count = std::min(kPieceImages, n - piece * kPieceImages);
  run(context(workspace, count), images + begin * image_floats_, output,
      values + begin * net_->classes);
}

void Classifier::run_pieces(const Workspace& workspace, const float* images, int n, Output output,
                            float* values) const {
  INKLING_CHECK(updated_);
  // A job of a pool of one, so that denormals count as zero outside the steps too, as they do on
  // the engine's threads. Its steps run in a pool of their own.
  ThreadPool caller(1);
  caller.run(ceil_div(n, kPieceImages),
             [&](int piece) { run_piece(workspace, piece, images, n, output, values); });
}

void Classifier::predict(const float* images, int n, float* probabilities,
                         Workspace& workspace) const {
  run_pieces(workspace, images, n, Output::kProbabilities, probabilities);
}

void Classifier::logits(const float* images, int n, float* logits, Workspace& workspace) const {
  run_pieces(workspace, images, n, Output::kLogits, logits);
}

void Classifier::predict(const float* images, int n, float* probabilities) {
  INKLING_CHECK(updated_);
  if (n == 1 && together_) {
    Context now = context(workspaces_[0], 1);
    now.pool = &engine_->pool();
    now.scratch = together_.get();
    now.split_image = true;
    return run(now, images, Output::kProbabilities, probabilities);
  }
  engine_->pool().run(ceil_div(n, kPieceImages), [&](int piece, int worker) {
    run_piece(at(workspaces_, worker), piece, images, n, Output::kProbabilities, probabilities);
  });
}

}  // namespace inkling
