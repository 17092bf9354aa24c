#include "cli/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "sys/interrupt.h"

namespace inkling {
namespace {

constexpr double kRedrawSeconds = 0.1;

std::string duration(double seconds) {
  const long whole = std::lround(seconds);
  return whole < 60 ? fmt::format("{} s", whole)
                    : fmt::format("{}:{:02} min", whole / 60, whole % 60);
}

}  // namespace

bool stderr_is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && !(kind && std::string_view(kind) == "dumb");
}

TrainingDisplay::TrainingDisplay(std::string title)
    : title_(std::move(title)), terminal_(stderr_is_terminal()) {}

TrainingDisplay::~TrainingDisplay() { clear_line(); }

TrainingObserver TrainingDisplay::observer() {
  return {.progress = [this](const TrainingProgress& progress) { show(progress); },
          .epoch = [this](const EpochRecord& record) { finish_epoch(record); }};
}

void TrainingDisplay::clear_line() {
  if (line_shown_) say("\r\x1b[K");
  line_shown_ = false;
}

void TrainingDisplay::show(const TrainingProgress& progress) {
  epochs_ = progress.epochs;
  if (!terminal_ || since_drawn_.seconds() < kRedrawSeconds) return;
  since_drawn_.restart();
  say("\r\x1b[K{}  epoch {}/{}  {:3.0f} %  loss {:.4f}  {} images/s  {} left", title_,
      progress.epoch, progress.epochs,
      100.0 * static_cast<double>(progress.images_done) / static_cast<double>(progress.images),
      progress.loss, grouped(static_cast<size_t>(progress.images_per_second)),
      duration(progress.seconds_left));
  line_shown_ = true;
}

void TrainingDisplay::finish_epoch(const EpochRecord& record) {
  clear_line();
  std::string validation;
  if (!std::isnan(record.val_accuracy)) {
    validation = fmt::format("  validation: loss {:.4f}, accuracy {}", record.val_loss,
                             percent(record.val_accuracy));
  }
  say("{}  epoch {}/{}  training: loss {:.4f}, accuracy {}{}  ({:.1f} s, {} images/s)\n", title_,
      record.epoch, epochs_, record.train_loss, percent(record.train_accuracy), validation,
      record.seconds, grouped(static_cast<size_t>(record.images_per_second)));
}

void StageDisplay::stage(std::string_view what) {
  if (interrupted()) throw Error(ErrorKind::kInterrupted, "interrupted");
  clear();
  say("{}{}", what, terminal_ ? " ..." : "\n");
  shown_ = terminal_;
}

void StageDisplay::fraction(std::string_view what, double fraction) {
  if (interrupted()) throw Error(ErrorKind::kInterrupted, "interrupted");
  if (!terminal_ || since_drawn_.seconds() < kRedrawSeconds) return;
  since_drawn_.restart();
  clear();
  say("{}  {:3.0f} %", what, 100 * fraction);
  shown_ = true;
}

void StageDisplay::clear() {
  if (shown_) say("\r\x1b[K");
  shown_ = false;
}

}  // namespace inkling
