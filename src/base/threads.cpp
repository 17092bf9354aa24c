#include "base/threads.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "base/index.h"

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace inkling {
namespace {

// A futex wake costs 40 us to 1 ms on a virtual machine, a spin 0.4 us; steps of a training come
// well within this many pauses of each other (about 50 us), and an idle pool soon sleeps.
constexpr int kSpins = 2000;

void pause_cpu() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

// Flush-to-zero and denormals-are-zero for the life of this object, on this thread.
class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;
#endif
};

}  // namespace

int available_cores() {
#if defined(__linux__)
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return std::max(1, narrow<int>(std::thread::hardware_concurrency()));
}

ThreadPool::ThreadPool(int threads) {
  try {
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i] { work(i); });
  } catch (const std::system_error& error) {
    stop();
    throw system_error("cannot start {} threads: {}", threads, error.what());
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  stopping_.store(true);
  round_.fetch_add(1);
  round_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::take_pieces(int worker) {
  FlushDenormals guard;
  for (;;) {
    const int piece = next_piece_.fetch_add(1, std::memory_order_relaxed);
    if (piece >= job_.pieces) return;
    try {
      job_.call(job_.body, piece, worker);
    } catch (...) {
      if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
  }
}

// A worker says that it is inside, then looks whether the job is open; the caller closes the job,
// then looks whether anyone is inside. In a total order of these four (seq_cst, the default) one of
// the two sees the other: either the worker stays out, or the caller waits for it.
void ThreadPool::run_job(const Job& job) {
  job_ = job;
  next_piece_.store(0, std::memory_order_relaxed);
  if (workers_.empty() || job.pieces <= 1) {
    take_pieces(0);
  } else {
    open_.store(true);
    round_.fetch_add(1);
    round_.notify_all();
    take_pieces(0);
    open_.store(false);
    for (int spin = 0; inside_.load() != 0; ++spin) {
      if (spin < kSpins) {
        pause_cpu();
      } else if (const int left = inside_.load(); left != 0) {
        inside_.wait(left);
      }
    }
  }
  if (failed_.exchange(false)) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::work(int worker) {
  uint32_t seen = 0;
  for (;;) {
    for (int spin = 0; round_.load() == seen; ++spin) {
      if (spin < kSpins) {
        pause_cpu();
      } else {
        round_.wait(seen);
      }
    }
    seen = round_.load();
    if (stopping_.load()) return;
    inside_.fetch_add(1);
    if (open_.load()) take_pieces(worker);
    if (inside_.fetch_sub(1) == 1) inside_.notify_one();
  }
}

}  // namespace inkling
