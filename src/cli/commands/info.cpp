// inkling info
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "data/sources/sources.h"
#include "nn/engine.h"

namespace inkling {

int run_info(const Arguments& arguments) {
  bool json = false;
  EngineOptions engine_options;
  std::string data_dir;
  CommandLine line("info", "Show what this build runs on and where it finds data.");
  line.flag("--json", json, "print JSON");
  add_data_dir_option(line, data_dir);
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  Engine engine(engine_options);
  nlohmann::ordered_json document = {{"version", INKLING_VERSION},
                                     {"variant", engine.kernels().name},
                                     {"precision", engine.precision()},
                                     {"threads", engine.pool().threads()},
                                     {"variants", nlohmann::ordered_json::object()},
                                     {"data", nlohmann::ordered_json::object()}};
  for (const kernels::Variant& variant : kernels::variants()) {
    document["variants"][std::string(variant.name)] = variant.supported;
  }
  for (const KnownDataset& dataset : known_datasets()) {
    const auto folder = find_dataset(dataset.name, data_dir);
    document["data"][dataset.name] = folder ? nlohmann::ordered_json(folder->string()) : nullptr;
  }
  if (json) {
    fmt::print("{}\n", json_text(document, 2));
    return kDone;
  }
  fmt::print("inkling {}\nvariant    {} ({})\nthreads    {}\n", INKLING_VERSION,
             engine.kernels().name, engine.precision(), engine.pool().threads());
  for (const auto& [name, supported] : document["variants"].items()) {
    fmt::print("  {:<13} {}\n", name, supported.get<bool>() ? "available" : "not on this CPU");
  }
  fmt::print("data\n");
  for (const auto& [name, folder] : document["data"].items()) {
    fmt::print("  {:<13} {}\n", name, folder.is_null() ? "not found" : folder.get<std::string>());
  }
  return kDone;
}

}  // namespace inkling
