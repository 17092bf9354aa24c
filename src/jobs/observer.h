// What a job tells its caller while it works, and the one question it asks it: whether to stop.
// Jobs print nothing; a program shows what it is told on a terminal, a library or a server drops or
// logs it. Results are what a job returns, not what it tells.
//
// Every call comes from the thread that called the job. What is not overridden is not of interest.
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

  // A part of the work begins: "looking for copies".
  virtual void stage(std::string_view /*what*/) {}
  // How far the stage told last is, 0 … 1.
  virtual void stage_progress(double /*fraction*/) {}

  // After each step and each epoch of a training; `network` is its name.
  virtual void training_progress(std::string_view /*network*/, const TrainingProgress&) {}
  virtual void epoch(std::string_view /*network*/, const EpochRecord&) {}

  // A dataset is being downloaded.
  virtual void download_progress(const FetchProgress&) {}

  // The stage, training or download told last is over, also where it failed.
  virtual void finished() {}

  // What a job has found on its way to its result.
  virtual void training_images(const Dataset&) {}
  virtual void inspected(const Inspection&) {}

  // Worth telling a person: "runs/a: resuming after epoch 2 of 5".
  virtual void note(std::string_view /*text*/) {}
  // Part of a result is missing, and why; the rest stands.
  virtual void warning(std::string_view /*text*/) {}

  // Asked often. Once true the job ends at its next safe point: a training keeps what it has
  // learned, everything else throws Error (interrupted).
  virtual bool cancelled() { return false; }
};

// One stage, told from its construction to its destruction. Construction and `progress` throw Error
// (interrupted) if the observer has cancelled.
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

}  // namespace inkling
