#include "report/draw/gnuplot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "base/error.h"

extern char** environ;

namespace inkling {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Unnamed, deleted when closed. Files rather than pipes: no deadlock, no SIGPIPE.
File temporary_file() {
  File file(std::tmpfile());
  if (!file) throw system_error("cannot make a temporary file: {}", std::strerror(errno));
  return file;
}

std::string beginning_of(std::FILE* file) {
  std::array<char, 600> block{};
  std::rewind(file);
  std::string text(block.data(), std::fread(block.data(), 1, block.size(), file));
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// This process's environment without the user's choice of a terminal, which gnuplot would try
// before the script and, if it has none of that name, fail on.
std::vector<char*> environment() {
  std::vector<char*> variables;
  for (char** at = environ; *at != nullptr; ++at) {
    if (!std::string_view(*at).starts_with("GNUTERM=")) variables.push_back(*at);
  }
  variables.push_back(nullptr);
  return variables;
}

class SpawnActions {
 public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

}  // namespace

std::string run_gnuplot(std::string_view script) {
  const File input = temporary_file(), complaints = temporary_file();
  if (std::fwrite(script.data(), 1, script.size(), input.get()) != script.size() ||
      std::fflush(input.get()) != 0) {
    throw system_error("cannot write a temporary file: {}", std::strerror(errno));
  }
  std::rewind(input.get());

  SpawnActions actions;
  ::posix_spawn_file_actions_adddup2(actions.get(), ::fileno(input.get()), STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(actions.get(), ::fileno(complaints.get()), STDERR_FILENO);
  std::string name = "gnuplot", defaults = "--default-settings";
  std::array<char*, 3> arguments{name.data(), defaults.data(), nullptr};
  pid_t child = 0;
  const int refused = ::posix_spawnp(&child, name.c_str(), actions.get(), nullptr, arguments.data(),
                                     environment().data());
  if (refused == ENOENT) {
    return "gnuplot is not installed (Debian's package gnuplot-nox)";
  }
  if (refused != 0) return fmt::format("gnuplot does not start: {}", std::strerror(refused));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw system_error("cannot wait for gnuplot: {}", std::strerror(errno));
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFSIGNALED(status)) return fmt::format("gnuplot was ended by signal {}", WTERMSIG(status));
  return fmt::format("gnuplot failed (exit code {}): {}", WEXITSTATUS(status),
                     beginning_of(complaints.get()));
}

}  // namespace inkling
