// What a job tells its caller while it works, and the one question it asks: whether to stop. Jobs
// print nothing; a program shows what it is told on a terminal, a library or a server drops or logs
// it. A job returns its results and does not tell them. What is not overridden is ignored.
//
// Threads, of every job in this folder: it runs on the thread that calls it, and calls its observer
// and other callbacks from that thread only. It has its Engine to itself, whose pool it may use.
// Jobs with engines, observers and output folders of their own may run at the same time.
#pragma once

#include <string_view>

#include "data/dataset.h"
#include "data/sources/fetch.h"
#include "eval/data_report/inspection.h"
#include "train/trainer.h"

namespace inkling {

class JobObserver {
 public:
  virtual ~JobObserver() = default;

  // A stage of the work begins: "looking for copies".
  virtual void stage(std::string_view /*what*/) {}
  // Progress of that stage, 0 … 1.
  virtual void stage_progress(double /*fraction*/) {}

  // After each step and each epoch of a training; `network` is its name.
  virtual void training_progress(std::string_view /*network*/, const TrainingProgress&) {}
  virtual void epoch(std::string_view /*network*/, const EpochRecord&) {}

  // A dataset is being downloaded.
  virtual void download_progress(const FetchProgress&) {}

  // The stage, training or download told last is over, even if it failed.
  virtual void finished() {}

  // Results on the way to the job's own.
  virtual void training_images(const Dataset&) {}
  virtual void inspected(const Inspection&) {}

  // Of interest to a person: "runs/a: resuming after epoch 2 of 5".
  virtual void note(std::string_view /*text*/) {}
  // Part of the result is missing, and why; the rest is valid.
  virtual void warning(std::string_view /*text*/) {}

  // Asked often. Once true, the job ends at its next safe point: a training keeps what it has
  // learned, everything else throws Error (interrupted).
  virtual bool cancelled() { return false; }
};

// Throws Error (interrupted) if the observer has cancelled.
void expect_not_cancelled(JobObserver& observer);

// A stage, from construction to destruction. Construction and `progress` throw Error (interrupted)
// if the observer has cancelled.
class Stage {
 public:
  Stage(JobObserver& observer, std::string_view what);
  ~Stage() { observer_.finished(); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  void progress(double fraction);

 private:
  JobObserver& observer_;
};

// A training or a download, from the first progress told of it to destruction.
class Progress {
 public:
  explicit Progress(JobObserver& observer) : observer_(observer) {}
  ~Progress() {
    if (begun_) observer_.finished();
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void download(const FetchProgress& progress) { begun().download_progress(progress); }
  void training(std::string_view network, const TrainingProgress& progress) {
    begun().training_progress(network, progress);
  }

 private:
  JobObserver& begun() {
    begun_ = true;
    return observer_;
  }
  JobObserver& observer_;
  bool begun_ = false;
};

}  // namespace inkling
