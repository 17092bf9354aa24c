// The program: finds the command, runs it, turns what it throws into a message and an exit code.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <vector>

#include "base/error.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "sys/interrupt.h"

namespace inkling {
namespace {

constexpr const char* kStdoutLost = "cannot write to standard output";

void print_help() {
  fmt::print(
      "inkling {}: learns to read handwritten digits\n\nusage: inkling COMMAND [options]\n\n",
      INKLING_VERSION);
  for (const Command& command : kCommands) fmt::print("  {:<10} {}\n", command.name, command.about);
  fmt::print("\n`inkling COMMAND --help` lists a command's options.\n");
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kWrongUsage;
    case ErrorKind::kInterrupted:
      return kInterruptedExit;
    default:
      return kFailed;
  }
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_help();
    return kWrongUsage;
  }
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h" || name == "help") {
    print_help();
    return kDone;
  }
  if (name == "--version") {
    fmt::print("inkling {}\n", INKLING_VERSION);
    return kDone;
  }
  std::vector<std::string_view> known;
  for (const Command& command : kCommands) {
    if (command.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    known.push_back(command.name);
  }
  throw usage_error("unknown command \"{}\"{}; see `inkling --help`", name,
                    did_you_mean(name, known));
}

// What was printed must have arrived: a full disk or a closed pipe shows here, or, where more than
// stdio's buffer was printed, in what fmt::print throws.
int flushed(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  say("inkling: {}\n", kStdoutLost);
  return code == kDone ? kFailed : code;
}

}  // namespace
}  // namespace inkling

int main(int argc, char** argv) {
  using namespace inkling;
  prepare_standard_streams();
  catch_interrupts();
  try {
    return flushed(dispatch({argv + 1, argv + std::max(argc, 1)}));
  } catch (const Error& error) {
    say("inkling: {}\n", error.what());
    return exit_code(error.kind());
  } catch (const std::bad_alloc&) {
    say("inkling: out of memory\n");
  } catch (const std::exception& error) {
    say("inkling: {}\n", std::ferror(stdout) != 0 ? kStdoutLost : error.what());
  }
  return kFailed;
}
