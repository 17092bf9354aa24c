// Any text as a network file. What is accepted is within the bounds of docs/networks.md, and the
// text of its layers gives the same network again.
#include <cstddef>
#include <string>
#include <vector>

#include "expect.h"
#include "nn/architecture/architecture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inkling;
  fuzz::expect_value_or_error([&] {
    const Architecture net = parse_architecture(std::string(data, data + size), "fuzz");
    INKLING_CHECK(!net.layers.empty() && net.classes > 0);
    INKLING_CHECK(net.parameter_count() <= size_t{1} << 28);
    std::vector<LayerSpec> specs;
    for (const Layer& layer : net.layers) specs.push_back(layer.spec);
    const std::string text = architecture_text(net.name, net.input, net.classes, specs);
    const Architecture again = parse_architecture(text, "again");
    INKLING_CHECK(again.layers.size() == net.layers.size());
    INKLING_CHECK(again.parameter_count() == net.parameter_count());
  });
  return 0;
}
