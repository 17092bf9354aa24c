// Small networks and inputs for tests: every layer kind, odd shapes, strides, both paddings.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "nn/architecture/architecture.h"
#include "nn/model.h"
#include "nn/parameters.h"
#include "nn/tensor.h"

namespace inkling {

struct SmallNetwork {
  const char* name;
  const char* input;   // "[6, 5, 2]"
  const char* layers;  // the inside of layers = [...]; must end in 3 classes

  Architecture architecture() const {
    return parse_architecture("name = \"" + std::string(name) + "\"\ninput = " + input +
                                  "\nclasses = 3\nlayers = [" + layers + "]\n",
                              name);
  }
};

// One network a layer kind (and its harder settings), each ending in a dense layer.
inline std::vector<SmallNetwork> small_networks() {
  return {
      {"dense", "[1, 1, 7]", R"({type="dense", units=5}, {type="dense", units=3})"},
      {"dense_without_bias", "[1, 1, 7]",
       R"({type="dense", units=5, bias=false}, {type="dense", units=3})"},
      {"conv_valid", "[6, 5, 2]",
       R"({type="conv", filters=4, kernel=3}, {type="conv", filters=3, kernel=2},
          {type="flatten"}, {type="dense", units=3})"},
      {"conv_same", "[6, 5, 2]",
       R"({type="conv", filters=4, kernel=3, padding="same"},
          {type="conv", filters=3, kernel=4, padding="same"}, {type="flatten"},
          {type="dense", units=3})"},
      {"conv_strided", "[9, 8, 1]",
       R"({type="conv", filters=3, kernel=1},
          {type="conv", filters=4, kernel=3, stride=2, padding="same"},
          {type="conv", filters=5, kernel=3, stride=3}, {type="flatten"}, {type="dense", units=3})"},
      {"conv_stride_beyond_kernel", "[7, 7, 2]",
       R"({type="conv", filters=3, kernel=3, padding="same"},
          {type="conv", filters=4, kernel=1, stride=2, padding="same", bias=false},
          {type="flatten"}, {type="dense", units=3})"},
      {"conv_five", "[8, 8, 1]",
       R"({type="conv", filters=2, kernel=5, padding="same"},
          {type="conv", filters=17, kernel=5, stride=2, padding="same"}, {type="flatten"},
          {type="dense", units=3})"},
      {"batch_norm", "[4, 4, 2]",
       R"({type="conv", filters=5, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
          {type="conv", filters=3, kernel=3, padding="same"}, {type="batch_norm"},
          {type="flatten"}, {type="dense", units=3})"},
      {"batch_norm_of_flat", "[3, 3, 2]",
       R"({type="flatten"}, {type="batch_norm"}, {type="dense", units=4}, {type="batch_norm"},
          {type="relu"}, {type="dense", units=3})"},
      {"relu", "[5, 5, 1]",
       R"({type="conv", filters=4, kernel=3, padding="same"}, {type="relu"}, {type="flatten"},
          {type="dense", units=6}, {type="relu"}, {type="dense", units=3})"},
      {"max_pool", "[7, 6, 2]",
       R"({type="conv", filters=3, kernel=3, padding="same"}, {type="max_pool", window=2},
          {type="conv", filters=4, kernel=3, padding="same"},
          {type="max_pool", window=3, stride=1}, {type="flatten"}, {type="dense", units=3})"},
      {"norm_relu_pool", "[8, 12, 2]",
       R"({type="conv", filters=5, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
          {type="max_pool", window=2}, {type="conv", filters=17, kernel=3, padding="same"},
          {type="batch_norm"}, {type="relu"}, {type="max_pool", window=2},
          {type="conv", filters=3, kernel=2}, {type="batch_norm"}, {type="relu"}, {type="flatten"},
          {type="dense", units=3})"},
      {"norm_relu_pool_of_odd_sides", "[7, 6, 2]",
       R"({type="conv", filters=5, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
          {type="max_pool", window=2}, {type="flatten"}, {type="dense", units=3})"},
      {"channels_in_twos", "[5, 6, 2]",
       R"({type="conv", filters=6, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
          {type="conv", filters=8, kernel=3, padding="same"}, {type="relu"},
          {type="conv", filters=2, kernel=1, padding="same"}, {type="flatten"},
          {type="dense", units=6}, {type="relu"}, {type="dense", units=3})"},
      {"relu_pool", "[8, 6, 2]",
       R"({type="conv", filters=5, kernel=3, padding="same"}, {type="relu"},
          {type="max_pool", window=2}, {type="flatten"}, {type="dense", units=3})"},
      {"average_pool", "[7, 6, 2]",
       R"({type="conv", filters=3, kernel=3, padding="same"}, {type="average_pool", window=2},
          {type="conv", filters=4, kernel=3, padding="same"},
          {type="average_pool", window=2, stride=1}, {type="flatten"}, {type="dense", units=3})"},
      {"global_average_pool", "[5, 4, 2]",
       R"({type="conv", filters=6, kernel=3, padding="same"}, {type="global_average_pool"},
          {type="dense", units=3})"},
      {"dropout", "[4, 4, 2]",
       R"({type="conv", filters=4, kernel=3, padding="same"}, {type="dropout", rate=0.3},
          {type="flatten"}, {type="dropout", rate=0.5}, {type="dense", units=5},
          {type="dropout", rate=0.4}, {type="dense", units=3})"},
      {"residual", "[6, 6, 2]",
       R"({type="conv", filters=4, kernel=3, padding="same"}, {type="batch_norm"},
          {type="relu", name="stem"}, {type="conv", filters=4, kernel=3, padding="same"},
          {type="batch_norm"}, {type="add", with="stem"}, {type="relu", name="one"},
          {type="conv", filters=5, kernel=1, stride=2, padding="same", bias=false},
          {type="batch_norm", name="short"},
          {type="conv", from="one", filters=5, kernel=3, stride=2, padding="same"},
          {type="batch_norm"}, {type="add", with="short"}, {type="relu"},
          {type="global_average_pool"}, {type="dense", units=3})"},
      {"mixture", "[4, 4, 2]",
       R"({type="conv", filters=3, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
          {type="flatten"}, {type="dense", units=3, name="a"},
          {type="batch_norm", from="input"}, {type="conv", filters=2, kernel=2},
          {type="relu"}, {type="flatten"}, {type="dense", units=3, name="b"},
          {type="flatten", from="input"}, {type="dense", units=3, name="c"},
          {type="mixture", of=["b", "a", "c", "a"]})"},
      // The flattened and what it was flattened from are one tensor.
      {"readers_of_a_view", "[1, 1, 7]",
       R"({type="dense", units=5, name="a"}, {type="flatten"}, {type="batch_norm"}, {type="relu"},
          {type="dense", units=5}, {type="add", with="a"}, {type="dense", units=3})"},
      {"unread_reader_of_the_logits", "[1, 1, 7]",
       R"({type="dense", units=3, name="a"}, {type="relu"}, {type="flatten", from="a"})"},
      {"as_many_units_as_pixels", "[1, 3, 1]", R"({type="flatten"}, {type="dense", units=3})"},
      {"several_readers", "[4, 4, 2]",
       R"({type="conv", filters=3, kernel=3, padding="same", name="a"}, {type="relu", name="r"},
          {type="dropout", rate=0.2, from="a", name="d"}, {type="add", from="a", with="r"},
          {type="add", with="d"}, {type="add", with="a"}, {type="max_pool", window=2, name="m"},
          {type="average_pool", window=1, from="m"}, {type="add", with="m"}, {type="flatten"},
          {type="dense", units=3})"},
  };
}

// Channels in sixteens, as Winograd's way wants them, on even and odd sides: too many weights for
// finite differences.
inline std::vector<SmallNetwork> wide_networks() {
  return {
      {"wide", "[7, 6, 1]",
       R"({type="conv", filters=16, kernel=3, padding="same"}, {type="relu"},
          {type="conv", filters=32, kernel=3, padding="same"}, {type="batch_norm"}, {type="relu"},
          {type="max_pool", window=2}, {type="conv", filters=16, kernel=3, padding="same"},
          {type="flatten"}, {type="dense", units=3})"},
      {"wide_residual", "[4, 5, 1]",
       R"({type="conv", filters=16, kernel=3, padding="same", name="stem"},
          {type="conv", filters=16, kernel=3, padding="same", bias=false}, {type="batch_norm"},
          {type="relu"}, {type="conv", filters=16, kernel=3, padding="same"},
          {type="add", with="stem"}, {type="relu"}, {type="global_average_pool"},
          {type="dense", units=3})"},
  };
}

inline std::vector<SmallNetwork> small_and_wide_networks() {
  std::vector<SmallNetwork> networks = small_networks();
  for (const SmallNetwork& network : wide_networks()) networks.push_back(network);
  return networks;
}

// Parameters away from special points: no zero biases, no unit scales, variances positive.
inline void randomise(Parameters& parameters, uint64_t seed) {
  Random random(seed);
  const Architecture& net = parameters.architecture();
  for (size_t i = 0; i < net.slots.size(); ++i) {
    const bool around_one = net.slots[i].initialisation == Initialisation::kOne;
    for (float& v : parameters.slot(static_cast<int>(i))) {
      v = static_cast<float>(around_one ? random.uniform(0.5, 1.5) : random.uniform(-0.6, 0.6));
    }
  }
}

inline Model small_model() {
  Model model(small_networks()[0].architecture(), {.mean = 0.5, .sd = 0.25});
  randomise(model.parameters, 1);
  model.class_names = {"a", "b", "c"};
  return model;
}

inline std::vector<float> random_images(const Architecture& net, int images, uint64_t seed) {
  Random random(seed);
  std::vector<float> x(net.input.size() * static_cast<size_t>(images));
  for (float& v : x) v = static_cast<float>(random.uniform(-1, 1));
  return x;
}

inline std::vector<uint8_t> some_labels(int images, int classes, uint64_t seed) {
  Random random(seed);
  std::vector<uint8_t> labels(static_cast<size_t>(images));
  for (uint8_t& v : labels) v = static_cast<uint8_t>(random.below(static_cast<uint64_t>(classes)));
  return labels;
}

// Copies [images, H, W, C] into a tensor, whatever its borders, and back.
inline void fill(const Tensor& tensor, const std::vector<float>& values) {
  const size_t row = static_cast<size_t>(tensor.row_floats());
  for (size_t r = 0; r * row < values.size(); ++r) {
    const int image = static_cast<int>(r) / tensor.height, y = static_cast<int>(r) % tensor.height;
    std::copy_n(&values[r * row], row, tensor.row(image, y));
  }
}

inline std::vector<float> values_of(const Tensor& tensor, int images) {
  std::vector<float> values;
  for (int n = 0; n < images; ++n) {
    for (int y = 0; y < tensor.height; ++y) {
      values.insert(values.end(), tensor.row(n, y), tensor.row(n, y) + tensor.row_floats());
    }
  }
  return values;
}

}  // namespace inkling
