// What the program says on stderr: progress, warnings, why it failed. The only way there, and it
// never throws: a message that cannot be written (stderr closed, its disk full, its reader gone) is
// dropped and the work continues. Not for results: they go to stdout, and losing one fails the
// command. Any thread may call.
//
//   say("{}: resuming after epoch {}\n", folder, epoch);
#pragma once

#include <fmt/core.h>

#include <string_view>

namespace inkling {

// First thing in main. Opens whichever of stdin, stdout and stderr is closed on /dev/null the wrong
// way round: using it fails as before, but no file opened later gets its number and with it what is
// printed. Ignores SIGPIPE: a reader that has gone is a write that fails, not the end of the
// process.
void prepare_standard_streams() noexcept;

void say_formatted(fmt::string_view format, fmt::format_args arguments) noexcept;

template <typename... Args>
void say(fmt::format_string<Args...> format, const Args&... arguments) noexcept {
  say_formatted(format, fmt::make_format_args(arguments...));
}

// "inkling: warning: ..."; nothing for an empty text.
void warn(std::string_view warning) noexcept;

}  // namespace inkling
