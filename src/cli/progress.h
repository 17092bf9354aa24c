// What a person sees on stderr while a training runs: a line that moves on a terminal, one line an
// epoch everywhere.
#pragma once

#include <string>

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

}  // namespace inkling
