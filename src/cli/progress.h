// What a person sees on stderr while long work runs: a line that moves on a terminal; elsewhere one
// line an epoch of training, or a stage of other work.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "train/trainer.h"

namespace inkling {

// Whether stderr is a terminal that may be redrawn.
bool stderr_is_terminal();

class TrainingDisplay {
 public:
  explicit TrainingDisplay(std::string title);
  ~TrainingDisplay();
  // Valid as long as the display.
  TrainingObserver observer();

 private:
  void show(const TrainingProgress& progress);
  void finish_epoch(const EpochRecord& record);
  void clear_line();

  std::string title_;
  bool terminal_;
  bool line_shown_ = false;
  int epochs_ = 0;
  Stopwatch since_drawn_;
};

// Work in stages. Both calls throw Error (interrupted) after Ctrl-C.
class StageDisplay {
 public:
  ~StageDisplay() { clear(); }
  void stage(std::string_view what);
  // How far a stage is, 0 … 1; only on a terminal.
  void fraction(std::string_view what, double fraction);

 private:
  void clear();

  bool terminal_ = stderr_is_terminal();
  bool shown_ = false;
  Stopwatch since_drawn_;
};

}  // namespace inkling
