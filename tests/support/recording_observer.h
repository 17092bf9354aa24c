// An observer that remembers what a job told it and cancels when a test says so.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "jobs/observer.h"

namespace inkling {

class RecordingObserver : public JobObserver {
 public:
  void stage(std::string_view what) override { stages.emplace_back(what); }
  void stage_progress(double fraction) override { fractions.push_back(fraction); }
  void training_progress(std::string_view network, const TrainingProgress&) override {
    networks.emplace_back(network);
  }
  void epoch(std::string_view, const EpochRecord& record) override { epochs.push_back(record); }
  void finished() override { ++finishes; }
  void inspected(const Inspection&) override { ++inspections; }
  void note(std::string_view text) override { notes.emplace_back(text); }
  void warning(std::string_view text) override { warnings.emplace_back(text); }
  bool cancelled() override { return cancel && cancel(); }

  std::function<bool()> cancel;
  std::vector<std::string> stages, networks, notes, warnings;  // networks: one a step
  std::vector<double> fractions;
  std::vector<EpochRecord> epochs;
  int finishes = 0, inspections = 0;
};

}  // namespace inkling
