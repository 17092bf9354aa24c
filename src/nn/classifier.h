// Inference: a network's weights packed once, and predictions from any number of threads. Batch
// norm is folded into convolutions, rectifiers into their producers, and dropout is gone.
//
//   Classifier classifier(architecture, engine);
//   classifier.update(parameters);
//   classifier.predict(images, n, probabilities);             // on the engine's threads
//
//   Classifier::Workspace workspace = classifier.workspace();  // one for each thread of yours
//   classifier.predict(images, n, probabilities, workspace);   // on the calling thread alone
#pragma once

#include <memory>
#include <vector>

#include "base/threads.h"
#include "nn/architecture/architecture.h"
#include "nn/engine.h"
#include "nn/parameters.h"
#include "nn/steps/step.h"
#include "nn/tensor.h"

namespace inkling {

class Classifier {
 public:
  // Operations per image from which several threads are faster than one (docs/engine.md).
  static constexpr double kFlopsWorthThreads = 1e7;

  // What one thread computes in: activations and scratch. Fits the classifier that made it alone.
  class Workspace {
    friend class Classifier;
    Workspace(const TensorPlan& plan, const Scratch::Sizes& scratch);

    TensorPlan::Memory memory_;
    std::unique_ptr<ThreadPool> alone_;  // starts no thread
    std::unique_ptr<Scratch> scratch_;
  };

  // The architecture and the engine must outlive the classifier.
  Classifier(const Architecture& net, Engine& engine,
             double flops_worth_threads = kFlopsWorthThreads);

  // Copies and packs new parameters. Call before predict; no other thread may predict meanwhile.
  void update(const Parameters& parameters);

  Workspace workspace() const { return {plan_, scratch_sizes_}; }

  // images: [n, H, W, C] f32, normalised; probabilities or logits: [n, classes]. All ways give the
  // same bits.
  //
  // On the calling thread, in a workspace that no other call uses meanwhile. Any number of threads
  // may call at the same time. Allocates nothing.
  void predict(const float* images, int n, float* probabilities, Workspace& workspace) const;
  void logits(const float* images, int n, float* logits, Workspace& workspace) const;
  // On the engine's threads, in workspaces of the classifier's own: each takes pieces of the batch
  // through the whole network; one image of a network that is large enough goes through it once,
  // its rows split among the threads in every step. One call at a time, and none while another job
  // of the engine's pool runs. Allocates nothing.
  void predict(const float* images, int n, float* probabilities);

  const Architecture& architecture() const { return *net_; }

 private:
  Context context(const Workspace& workspace, int images) const;
  enum class Output { kProbabilities, kLogits };
  void run(const Context& context, const float* images, Output output, float* values) const;
  void run_piece(const Workspace& workspace, int piece, const float* images, int n, Output output,
                 float* values) const;
  void run_pieces(const Workspace& workspace, const float* images, int n, Output output,
                  float* values) const;

  const Architecture* net_;
  Engine* engine_;
  ptrdiff_t image_floats_;
  Parameters parameters_;
  bool updated_ = false;
  std::vector<std::unique_ptr<Step>> steps_;  // change in update alone
  TensorId input_ = -1, logits_ = -1;
  TensorPlan plan_;
  Scratch::Sizes scratch_sizes_{};
  std::vector<Workspace> workspaces_;  // one for each of the engine's threads
  std::unique_ptr<Scratch> together_;  // for all threads at one image; null: one thread is as fast
};

}  // namespace inkling
