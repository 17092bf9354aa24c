// Internal to api: what the handle inkling_model is. Immutable but for the workspaces, which calls
// borrow, and the threads, which one call at a time has.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "inkling/inkling.h"
#include "nn/classifier.h"
#include "nn/engine.h"
#include "nn/model.h"
#include "recognize/reader.h"

namespace inkling {

// NULL: the defaults. Throws Error (usage).
EngineOptions engine_options(const inkling_options* options);

// Objects that calls borrow and give back, as many as there are calls at a time.
template <typename T>
class Idle {
 public:
  template <typename Make>
  std::unique_ptr<T> borrow(const Make& make) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<T> one = std::move(idle_.back());
        idle_.pop_back();
        return one;
      }
    }
    return std::make_unique<T>(make());
  }
  void give_back(std::unique_ptr<T> one) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(one));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace inkling

struct inkling_model {
 public:
  // Throws Error as Engine and Reader do.
  inkling_model(inkling::Model model, const inkling::EngineOptions& options);

  const inkling::Model& model() const { return reader_.model(); }
  const inkling::Reader& reader() const { return reader_; }

  // As inkling_classify, of images that fit. Throws Error (input) if the network predicts NaN.
  void classify(const void* images, inkling_type type, size_t n, inkling_output output,
                float* values) const;

  // work(reader, workspace), with a workspace of its own.
  template <typename Work>
  void with_workspace(const Work& work) const {
    auto workspace = workspaces_.borrow([&] { return reader_.workspace(); });
    work(*workspace);
    workspaces_.give_back(std::move(workspace));
  }

 private:
  // What one thread classifies in.
  struct Lane {
    std::vector<float> images;  // normalised
    inkling::Classifier::Workspace network;
  };
  struct Call {
    const void* images;
    inkling_type type;
    inkling_output output;
    float* values;
  };

  Lane new_lane() const;
  // Images first … first + count - 1 of a call, at most kPieceImages.
  void classify_piece(const Call& call, size_t first, int count, Lane& lane) const;
  void classify_by_views(const Call& call, size_t n) const;

  mutable inkling::Engine engine_;
  inkling::Reader reader_;
  std::array<float, 256> level_;  // a grey level, normalised
  mutable inkling::Idle<inkling::Reader::Workspace> workspaces_;
  mutable inkling::Idle<Lane> lanes_;
  mutable std::mutex threads_;                         // who has it may use the engine's threads
  mutable std::optional<inkling::Classifier> viewer_;  // of a model that predicts by views
};
