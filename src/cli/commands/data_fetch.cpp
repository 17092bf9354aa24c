// inkling data fetch
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/suggest.h"
#include "cli/command_line.h"
#include "cli/commands/data_commands.h"
#include "cli/fetching.h"
#include "data/sources/sources.h"

namespace inkling {
namespace {

const RemoteDataset& find_fetchable(const std::string& name) {
  if (const RemoteDataset* dataset = find_remote_dataset(name)) return *dataset;
  if (const std::string_view advice = advice_by_hand(name); !advice.empty()) {
    throw input_error("data fetch: {}: {}", name, advice);
  }
  std::vector<std::string_view> known;
  for (const KnownDataset& dataset : known_datasets()) known.push_back(dataset.name);
  throw usage_error("data fetch: expected one of {}; found \"{}\"{}", fmt::join(known, ", "), name,
                    did_you_mean(name, known));
}

}  // namespace

int run_data_fetch(const Arguments& arguments) {
  std::vector<std::string> names;
  std::string mirror;
  CommandLine line(
      "data fetch",
      "Download data sets into the user's cache: mnist, fashion-mnist, kmnist, qmnist.\n"
      "Each file is verified before it takes its name; an interrupted download is gone on with.\n"
      "Proxies: http_proxy, https_proxy, all_proxy, no_proxy.\n"
      "Example: inkling data fetch mnist fashion-mnist");
  line.positionals("NAME", names, true, "data sets to fetch");
  line.text("--mirror", mirror,
            "URL of a folder with the files, asked instead of the usual mirrors; sums still hold");
  if (!line.parse(arguments)) return kDone;

  for (const std::string& name : names) find_fetchable(name);  // all names before the first byte
  for (const std::string& name : names) {
    const Fetched fetched = fetch_into_cache(find_fetchable(name), mirror);
    fmt::print("{}: {} files downloaded, {} were there; verified, in {}\n", name,
               fetched.files.fetched, fetched.files.kept, fetched.folder.string());
    std::fflush(stdout);
  }
  return kDone;
}

}  // namespace inkling
