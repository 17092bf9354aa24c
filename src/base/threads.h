// A fixed team of threads that splits numbered pieces of work and waits for the last one.
// Which thread takes which piece is left open, so results that must not depend on the number of
// threads must not depend on that: write per-piece results and combine them in piece order.
//
//   ThreadPool pool(2);
//   pool.run(8, [&](int piece) { sums[piece] = sum_of(piece); });
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/index.h"

namespace inkling {

// Cores this process may run on (where the system says, its affinity mask), at least 1.
int available_cores();

class ThreadPool {
 public:
  // `threads` counts the caller: a pool of 1 starts no thread and runs everything inline.
  // Throws Error if the machine refuses to start so many.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return count_of(workers_) + 1; }

  // Calls body(piece) for every piece in [0, pieces), each once, and returns when all are done.
  // Threads that are asleep are woken but not waited for: who is awake takes the pieces, so a job
  // takes little longer than it would on the caller alone. Allocates nothing. One caller at a time;
  // not to be called from inside a body. The first exception of a body is rethrown here after every
  // thread has stopped. Denormal floats count as zero while it runs, for every thread alike.
  template <typename Body>
  void run(int pieces, Body&& body) {
    Job job;
    job.pieces = pieces;
    job.body = const_cast<void*>(static_cast<const void*>(std::addressof(body)));
    job.call = [](void* b, int piece, int worker) {
      auto& callable = *static_cast<std::remove_reference_t<Body>*>(b);
      if constexpr (std::is_invocable_v<Body&, int, int>) {
        callable(piece, worker);
      } else {
        callable(piece);
      }
    };
    run_job(job);
  }

 private:
  struct Job {
    int pieces = 0;
    void* body = nullptr;
    void (*call)(void* body, int piece, int worker) = nullptr;
  };

  void run_job(const Job& job);
  void work(int worker);
  void stop();
  void take_pieces(int worker);

  Job job_;
  std::atomic<int> next_piece_{0};
  std::atomic<uint32_t> round_{0};  // bumped to start a job; workers wait for it
  std::atomic<bool> open_{false};   // job_ stands and may be taken from
  std::atomic<int> inside_{0};      // workers that may be looking at job_
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
  std::vector<std::thread> workers_;
};

}  // namespace inkling
