// What a person sees on stderr while a job runs: a progress line on a terminal; elsewhere one line
// per epoch of training or stage of other work. Ctrl-C cancels.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "jobs/observer.h"

namespace inkling {

class TerminalObserver : public JobObserver {
 public:
  TerminalObserver();
  ~TerminalObserver() override { clear_line(); }
  TerminalObserver(const TerminalObserver&) = delete;
  TerminalObserver& operator=(const TerminalObserver&) = delete;

  void stage(std::string_view what) override;
  void stage_progress(double fraction) override;
  void training_progress(std::string_view network, const TrainingProgress& progress) override;
  void epoch(std::string_view network, const EpochRecord& record) override;
  void download_progress(const FetchProgress& progress) override;
  void finished() override;
  void note(std::string_view text) override;
  void warning(std::string_view text) override;
  bool cancelled() override;

 private:
  bool may_redraw();  // on a terminal, and not too often
  void clear_line();

  const bool terminal_;
  bool line_shown_ = false;
  Stopwatch since_drawn_;
  std::string stage_;
  int epochs_ = 0;              // of the training
  std::string dataset_, file_;  // of the download
  uint64_t first_bytes_ = 0;    // of the file, already there before
  Stopwatch since_file_;
};

}  // namespace inkling
