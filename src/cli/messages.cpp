#include "cli/messages.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iterator>

namespace inkling {

void prepare_standard_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open takes the lowest free number, and those below are taken by now.
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
  ::signal(SIGPIPE, SIG_IGN);
}

void say_formatted(fmt::string_view format, fmt::format_args arguments) noexcept {
  try {
    fmt::memory_buffer text;  // allocates for a long text only
    fmt::vformat_to(std::back_inserter(text), format, arguments);
    std::fwrite(text.data(), 1, text.size(), stderr);  // unbuffered: arrives at once or not at all
  } catch (const std::exception&) {
    // No memory for a long text. Whoever reports an error must not meet another.
  }
}

void warn(std::string_view warning) noexcept {
  if (!warning.empty()) say("inkling: warning: {}\n", warning);
}

}  // namespace inkling
