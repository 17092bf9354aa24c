#include "cli/fetching.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "cli/messages.h"
#include "cli/progress.h"
#include "data/sources/sources.h"

namespace inkling {
namespace {

constexpr double kRedrawSeconds = 0.1;

double megabytes(uint64_t bytes) { return static_cast<double>(bytes) / 1e6; }

// A line that moves, on a terminal only.
class Display {
 public:
  explicit Display(const std::string& dataset)
      : dataset_(dataset), terminal_(stderr_is_terminal()) {}
  ~Display() { clear(); }
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;

  void announce(const std::filesystem::path& folder) {
    clear();
    say("{}: downloading into {}\n", dataset_, folder.string());
    announced_ = true;
  }
  bool announced() const { return announced_; }

  void show(const FetchProgress& progress) {
    if (progress.file != file_) start(progress);
    if (!terminal_ || since_drawn_.seconds() < kRedrawSeconds) return;
    since_drawn_.restart();
    const auto [done, total] = progress.bytes;
    const double speed = megabytes(done - std::min(done, first_bytes_)) / since_start_.seconds();
    const std::string fraction =
        total > 0 ? fmt::format("  {:3.0f} %  {:.1f} of {:.1f} MB",
                                100.0 * static_cast<double>(done) / static_cast<double>(total),
                                megabytes(done), megabytes(total))
                  : fmt::format("  {:.1f} MB", megabytes(done));
    say("\r\x1b[K{}  {}{}  {:.1f} MB/s", dataset_, file_, fraction, speed);
    shown_ = true;
  }

 private:
  void start(const FetchProgress& progress) {
    file_ = progress.file;
    first_bytes_ = progress.bytes.done_bytes;
    since_start_.restart();
  }
  void clear() {
    if (shown_) say("\r\x1b[K");
    shown_ = false;
  }

  std::string dataset_, file_;
  bool terminal_, shown_ = false, announced_ = false;
  uint64_t first_bytes_ = 0;
  Stopwatch since_start_, since_drawn_;
};

}  // namespace

Fetched fetch_into_cache(const RemoteDataset& dataset, const std::string& mirror) {
  const auto cache = cache_folder();
  if (!cache) {
    throw input_error("dataset {}: no cache to put it into; set XDG_CACHE_HOME or HOME",
                      dataset.name);
  }
  Fetched fetched{.folder = *cache / dataset.name, .files = {}};
  Display display(dataset.name);
  FetchOptions options{.mirror = mirror};
  options.progress = [&](const FetchProgress& progress) {
    if (!display.announced()) display.announce(fetched.folder);
    display.show(progress);
  };
  fetched.files = fetch_dataset(dataset, fetched.folder, options);
  return fetched;
}

}  // namespace inkling
