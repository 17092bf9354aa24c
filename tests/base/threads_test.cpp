#include "base/threads.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/expect_error.h"

namespace inkling {
namespace {

[[maybe_unused]] rlim_t address_space_bytes() {
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

ptrdiff_t threads_of_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                       std::filesystem::directory_iterator());
}

TEST(ThreadPool, OfOneStartsNoThread) {
  const ptrdiff_t before = threads_of_process();
  ThreadPool one(1);
  const std::thread::id caller = std::this_thread::get_id();
  one.run(4, [&](int) { EXPECT_EQ(std::this_thread::get_id(), caller); });
  EXPECT_EQ(threads_of_process(), before);
  const ThreadPool three(3);
  EXPECT_GE(threads_of_process(), before + 2);  // ThreadSanitizer may add one of its own
}

TEST(ThreadPool, RunsEachPieceOnce) {
  for (int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (int pieces : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<size_t>(pieces));
      pool.run(pieces, [&](int piece) { ++runs[size_t(piece)]; });
      for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
    }
  }
}

TEST(ThreadPool, NamesItsWorkersBelowTheNumberOfThreads) {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> pieces_of(3);
  pool.run(300, [&](int, int worker) { ++pieces_of.at(size_t(worker)); });
  EXPECT_EQ(pieces_of[0] + pieces_of[1] + pieces_of[2], 300);
}

TEST(ThreadPool, CanBeUsedAgainAndAgain) {
  ThreadPool pool(3);
  std::atomic<int> sum{0};
  for (int round = 0; round < 5000; ++round) {
    pool.run(4, [&](int piece) { sum += piece; });
    ASSERT_EQ(sum, 6 * (round + 1));  // all done before run returns
  }
}

TEST(ThreadPool, SleepersWakeUp) {
  ThreadPool pool(2);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // far beyond the spinning
    std::atomic<int> runs{0};
    pool.run(2, [&](int) {
      ++runs;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    });
    EXPECT_EQ(runs, 2);
  }
}

// Pauses about as long as threads spin before they sleep, so that some are late for their job.
TEST(ThreadPool, LateThreadsTakeNothingTwiceAndNothingOfAnotherJob) {
  ThreadPool pool(3);
  for (int round = 0; round < 3000; ++round) {
    std::vector<int> of_round(static_cast<size_t>(2 + round % 5), 0);
    pool.run(static_cast<int>(of_round.size()), [&](int piece) { ++of_round.at(size_t(piece)); });
    for (const int runs : of_round) ASSERT_EQ(runs, 1) << "round " << round;
    if (round % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(round % 160));
  }
}

TEST(ThreadPool, RethrowsAnExceptionOfABodyAndLivesOn) {
  for (int threads : {1, 3}) {
    ThreadPool pool(threads);
    for (int round = 0; round < 100; ++round) {
      const auto fail = [&] {
        pool.run(10, [](int piece) {
          if (piece == 7) throw std::runtime_error("seven");
        });
      };
      EXPECT_THROW(fail(), std::runtime_error);
      std::atomic<int> runs{0};
      pool.run(10, [&](int) { ++runs; });
      EXPECT_EQ(runs, 10);
    }
  }
}

TEST(ThreadPool, ThrowsOneExceptionWhereEveryBodyThrows) {
  ThreadPool pool(4);
  EXPECT_THROW(pool.run(100, [](int) { throw std::runtime_error("all"); }), std::runtime_error);
}

TEST(ThreadPool, FlushesDenormalsInsideAndNotAfterwards) {
#if defined(__x86_64__)
  volatile float tiny = 1e-30F;
  for (int threads : {1, 2}) {
    ThreadPool pool(threads);
    std::vector<float> products(8, 1);
    pool.run(8, [&](int piece) { products[size_t(piece)] = tiny * 1e-10F; });
    for (float product : products) EXPECT_EQ(product, 0.0F);
    EXPECT_NE(tiny * 1e-10F, 0.0F);
  }
#else
  GTEST_SKIP() << "denormals are flushed on x86-64 only";
#endif
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they need the address space
TEST(ThreadPool, MoreThreadsThanTheMachineStartsAreAnError) {
  rlimit saved{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &saved), 0);
  // Room for a few stacks of 8 MiB above what the process has already.
  const rlimit small{.rlim_cur = address_space_bytes() + (rlim_t{256} << 20),
                     .rlim_max = saved.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &small), 0);
  EXPECT_ERROR(ThreadPool(2000).threads(), ErrorKind::kSystem, "cannot start 2000 threads");
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &saved), 0);
}
#endif

TEST(AvailableCores, AreAtLeastOne) { EXPECT_GE(available_cores(), 1); }

}  // namespace
}  // namespace inkling
