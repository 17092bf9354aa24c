#include "cli/terminal_observer.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/number_text.h"
#include "cli/messages.h"
#include "sys/interrupt.h"

namespace inkling {
namespace {

constexpr double kRedrawSeconds = 0.1;

// Whether stderr is a terminal that may be redrawn.
bool stderr_is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && !(kind && std::string_view(kind) == "dumb");
}

std::string duration(double seconds) {
  const long whole = std::lround(seconds);
  return whole < 60 ? fmt::format("{} s", whole)
                    : fmt::format("{}:{:02} min", whole / 60, whole % 60);
}

double megabytes(uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

}  // namespace

TerminalObserver::TerminalObserver() : terminal_(stderr_is_terminal()) {}

void TerminalObserver::stage(std::string_view what) {
  clear_line();
  stage_ = what;
  say("{}{}", what, terminal_ ? " ..." : "\n");
  line_shown_ = terminal_;
}

void TerminalObserver::stage_progress(double fraction) {
  if (!may_redraw()) return;
  clear_line();
  say("{}  {:3.0f} %", stage_, 100 * fraction);
  line_shown_ = true;
}

void TerminalObserver::training_progress(std::string_view network,
                                         const TrainingProgress& progress) {
  epochs_ = progress.epochs;
  if (!may_redraw()) return;
  say("\r\x1b[K{}  epoch {}/{}  {:3.0f} %  loss {:.4f}  {} images/s  {} left", network,
      progress.epoch, progress.epochs, 100.0 * progress.images_done / progress.images,
      progress.loss, grouped(progress.images_per_second), duration(progress.seconds_left));
  line_shown_ = true;
}

void TerminalObserver::epoch(std::string_view network, const EpochRecord& record) {
  clear_line();
  std::string validation;
  if (!std::isnan(record.val_accuracy)) {
    validation = fmt::format("  validation: loss {:.4f}, accuracy {}", record.val_loss,
                             percent(record.val_accuracy));
  }
  say("{}  epoch {}/{}  training: loss {:.4f}, accuracy {}{}  ({:.1f} s, {} images/s)\n", network,
      record.epoch, epochs_, record.train_loss, percent(record.train_accuracy), validation,
      record.seconds, grouped(record.images_per_second));
}

void TerminalObserver::download_progress(const FetchProgress& progress) {
  if (progress.dataset != dataset_) {
    clear_line();
    dataset_ = progress.dataset;
    say("{}: downloading into {}\n", dataset_, progress.folder.string());
  }
  const auto [done, total] = progress.bytes;
  if (progress.file != file_) {
    file_ = progress.file;
    first_bytes_ = done;
    since_file_.restart();
  }
  if (!may_redraw()) return;
  const double speed = megabytes(done - std::min(done, first_bytes_)) / since_file_.seconds();
  const std::string fraction = total > 0 ? fmt::format("  {:3.0f} %  {:.1f} of {:.1f} MB",
                                                       100.0 * megabytes(done) / megabytes(total),
                                                       megabytes(done), megabytes(total))
                                         : fmt::format("  {:.1f} MB", megabytes(done));
  say("\r\x1b[K{}  {}{}  {:.1f} MB/s", dataset_, file_, fraction, speed);
  line_shown_ = true;
}

void TerminalObserver::finished() {
  clear_line();
  dataset_.clear();
  file_.clear();
}

void TerminalObserver::note(std::string_view text) {
  clear_line();
  say("{}\n", text);
}

void TerminalObserver::warning(std::string_view text) {
  clear_line();
  warn(text);
}

bool TerminalObserver::cancelled() { return interrupted(); }

bool TerminalObserver::may_redraw() {
  if (!terminal_ || since_drawn_.seconds() < kRedrawSeconds) return false;
  since_drawn_.restart();
  return true;
}

void TerminalObserver::clear_line() {
  if (line_shown_) say("\r\x1b[K");
  line_shown_ = false;
}

}  // namespace inkling
