// inkling data fetch
#include <fmt/core.h>

#include <cstdio>

#include "cli/command_line.h"
#include "cli/commands/data_commands.h"
#include "cli/terminal_observer.h"
#include "jobs/images/fetch_dataset.h"

namespace inkling {

int run_data_fetch(const Arguments& arguments) {
  std::vector<std::string> names;
  std::string mirror;
  CommandLine line(
      "data fetch",
      "Download datasets into the user's cache: mnist, fashion-mnist, kmnist, qmnist.\n"
      "Each file is verified before it gets its name; an interrupted download is resumed.\n"
      "Proxies: http_proxy, https_proxy, all_proxy, no_proxy.\n"
      "Example: inkling data fetch mnist fashion-mnist");
  line.positionals("NAME", names, true, "datasets to fetch");
  line.text(
      "--mirror", mirror,
      "URL of a folder with the files, used instead of the usual mirrors; checksums still apply");
  if (!line.parse(arguments)) return kDone;

  TerminalObserver observer;
  for (const std::string& name : names) find_fetchable(name);  // all names before the first byte
  for (const std::string& name : names) {
    const Fetched fetched = fetch_dataset({.dataset = name, .mirror = mirror}, observer);
    fmt::print("{}: {} files downloaded, {} already there; verified, in {}\n", name,
               fetched.files.fetched, fetched.files.kept, fetched.folder.string());
    std::fflush(stdout);
  }
  return kDone;
}

}  // namespace inkling
