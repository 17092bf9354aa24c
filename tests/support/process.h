// A program run as its user runs it: arguments and environment in; exit code, both outputs and peak
// memory out.
//
//   const Finished run = run_program({"/bin/ls", "-l"}, {.folder = "/tmp"});
//   EXPECT_EQ(run.code, 0) << run.err;
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/clock.h"

namespace inkling {

struct Finished {
  int code = 0;  // exit code; 128 + N where signal N ended it
  std::string out, err;
  long peak_kib = 0;  // of resident memory
  bool timed_out = false;
  pid_t pid = 0;  // while it runs
};

struct RunOptions {
  std::map<std::string, std::string> environment;  // on top of the test's own; "" unsets
  std::string folder;                              // working directory; empty: the test's
  std::string stdout_to, stderr_to;                // files instead of Finished::out and err
  std::vector<int> closed;                         // of 0, 1 and 2: what it starts without
  long file_bytes = -1;  // longest file it can write, as on a full disk; -1: any
  double timeout_s = 120;
  // Asked about every millisecond; each time it is true the program is sent a SIGINT, but no more
  // than `interrupts` of them.
  std::function<bool(const Finished& so_far)> interrupt_when;
  int interrupts = 1;
};

namespace process_detail {

// What the child needs, made before it is: another thread of the test may hold the allocator's lock
// at the fork, so the child calls only what is safe in a signal handler.
class Start {
 public:
  Start(const std::vector<std::string>& arguments, const RunOptions& options) : options_(options) {
    for (const std::string& word : arguments) argv_.push_back(const_cast<char*>(word.c_str()));
    argv_.push_back(nullptr);
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string text = *entry;
      if (!options.environment.contains(text.substr(0, text.find('=')))) variables_.push_back(text);
    }
    for (const auto& [name, value] : options.environment) {
      if (!value.empty()) variables_.push_back(name + "=" + value);
    }
    for (std::string& text : variables_) envp_.push_back(text.data());
    envp_.push_back(nullptr);
  }

  // In the child.
  [[noreturn]] void become(int out, int err) const {
    if (!options_.stdout_to.empty()) out = ::open(options_.stdout_to.c_str(), O_WRONLY);
    if (!options_.stderr_to.empty()) err = ::open(options_.stderr_to.c_str(), O_WRONLY);
    if (options_.file_bytes >= 0) {
      const auto bytes = static_cast<rlim_t>(options_.file_bytes);
      const rlimit limit{bytes, bytes};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      ::signal(SIGXFSZ, SIG_IGN);  // write(2) then fails, as on a full disk
    }
    if (::dup2(out, STDOUT_FILENO) < 0 || ::dup2(err, STDERR_FILENO) < 0) ::_exit(126);
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    for (const int fd : options_.closed) ::close(fd);
    if (!options_.folder.empty() && ::chdir(options_.folder.c_str()) != 0) ::_exit(126);
    ::execve(argv_[0], argv_.data(), envp_.data());
    ::_exit(127);
  }

 private:
  const RunOptions& options_;
  std::vector<std::string> variables_;  // "NAME=value"
  std::vector<char*> argv_, envp_;
};

}  // namespace process_detail

inline Finished run_program(const std::vector<std::string>& arguments,
                            const RunOptions& options = {}) {
  std::array<int, 2> out{}, err{};
  INKLING_CHECK(::pipe2(out.data(), O_CLOEXEC) == 0 && ::pipe2(err.data(), O_CLOEXEC) == 0);
  const process_detail::Start start(arguments, options);
  const pid_t child = ::fork();
  INKLING_CHECK(child >= 0);
  if (child == 0) start.become(out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);

  Finished run{.pid = child};
  const Stopwatch watch;
  int interrupts_sent = 0;
  std::array<pollfd, 2> ends{{{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}};
  std::array<std::string*, 2> texts{&run.out, &run.err};
  for (int open = 2; open > 0;) {
    if (!run.timed_out && watch.seconds() > options.timeout_s) {
      run.timed_out = true;
      ::kill(child, SIGKILL);
    }
    if (interrupts_sent < options.interrupts && options.interrupt_when &&
        options.interrupt_when(run)) {
      ++interrupts_sent;
      ::kill(child, SIGINT);
    }
    if (::poll(ends.data(), ends.size(), 1) <= 0) continue;
    for (size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) continue;
      std::array<char, 4096> block{};
      const ssize_t got = ::read(ends[i].fd, block.data(), block.size());
      if (got > 0) {
        texts[i]->append(block.data(), static_cast<size_t>(got));
      } else {
        ::close(ends[i].fd);
        ends[i].fd = -1;
        --open;
      }
    }
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  run.peak_kib = usage.ru_maxrss;
  return run;
}

}  // namespace inkling
