#include "nn/architecture/zoo.h"

#include <vector>

#include "base/error.h"
#include "base/suggest.h"

namespace inkling {

Architecture zoo_architecture(std::string_view name) {
  std::vector<std::string_view> known;
  for (const ZooEntry& entry : zoo()) {
    if (entry.name == name) return parse_architecture(entry.text, entry.name);
    known.push_back(entry.name);
  }
  throw usage_error("unknown model \"{}\"{}; `inkling models` lists them", name,
                    did_you_mean(name, known));
}

}  // namespace inkling
