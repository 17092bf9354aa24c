// inkling data: finds its subcommand.
#include <fmt/core.h>

#include "base/error.h"
#include "base/suggest.h"
#include "cli/commands/data_commands.h"

namespace inkling {
namespace {

void print_help() {
  fmt::print("Get or make datasets.\nUsage: inkling data COMMAND [options]\n\n");
  for (const Command& command : kDataCommands) {
    fmt::print("  {:<10} {}\n", command.name, command.about);
  }
  fmt::print("\n`inkling data COMMAND --help` lists a command's options.\n");
}

}  // namespace

int run_data(const Arguments& arguments) {
  if (arguments.empty()) {
    print_help();
    return kWrongUsage;
  }
  const std::string& name = arguments[0];
  if (name == "--help" || name == "-h") {
    print_help();
    return kDone;
  }
  std::vector<std::string_view> known;
  for (const Command& command : kDataCommands) {
    if (command.name == name) return command.run({arguments.begin() + 1, arguments.end()});
    known.push_back(command.name);
  }
  throw usage_error("data: unknown command \"{}\"{}; see `inkling data --help`", name,
                    did_you_mean(name, known));
}

}  // namespace inkling
