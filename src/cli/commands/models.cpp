// inkling models
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "nn/architecture/zoo.h"

namespace inkling {

int run_models(const Arguments& arguments) {
  bool json = false;
  CommandLine line("models",
                   "List the networks that come with Inkling: parameters and the floating-point\n"
                   "operations of one image (two for each multiply-add).");
  line.flag("--json", json, "print JSON");
  if (!line.parse(arguments)) return kDone;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  if (!json) fmt::print("{:<14} {:>12} {:>14}\n", "name", "parameters", "FLOPs");
  for (const ZooEntry& entry : zoo()) {
    const Architecture net = zoo_architecture(entry.name);
    if (json) {
      list.push_back(
          {{"name", net.name}, {"parameters", net.parameter_count()}, {"flops", net.flops()}});
    } else {
      fmt::print("{:<14} {:>12} {:>14}\n", net.name, grouped(net.parameter_count()),
                 grouped(net.flops()));
    }
  }
  if (json) fmt::print("{}\n", json_text(list, 2));
  return kDone;
}

}  // namespace inkling
