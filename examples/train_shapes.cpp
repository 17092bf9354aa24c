// Trains a network on images made in memory, saves it and uses it: train_shapes MODEL. C++20.
#include <cstdio>
#include <exception>
#include <fstream>
#include <inkling/inkling.hpp>
#include <random>
#include <vector>

namespace {

constexpr int kSide = 12;

// Noise with a bright bar: class 0 lies, class 1 stands.
inkling::Images drawn(int count, std::vector<std::uint8_t>& pixels,
                      std::vector<std::uint8_t>& labels) {
  std::mt19937 random(5);
  for (int n = 0; n < count; ++n) {
    const int label = n % 2, place = static_cast<int>(random() % (kSide - 2));
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const int across = label == 0 ? y : x;
        const bool bar = across >= place && across < place + 2;
        pixels.push_back(static_cast<std::uint8_t>((bar ? 130 : 0) + random() % 120));
      }
    }
    labels.push_back(static_cast<std::uint8_t>(label));
  }
  return {.pixels = pixels,
          .labels = labels,
          .height = kSide,
          .width = kSide,
          .classes = 2,
          .class_names = {"lying", "standing"}};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: train_shapes MODEL.safetensors\n");
    return 2;
  }
  try {
    const std::string file = arguments[1], network = file + ".toml";
    std::ofstream(network) << "name = \"bars\"\ninput = [12, 12, 1]\nclasses = 2\nlayers = [\n"
                              "  { type = \"conv\", filters = 8 }, { type = \"relu\" },\n"
                              "  { type = \"global_average_pool\" },\n"
                              "  { type = \"dense\", units = 2 },\n]\n";
    std::vector<std::uint8_t> pixels, labels;
    const inkling::Images images = drawn(2000, pixels, labels);
    const inkling::Model trained =
        inkling::Model::train("model = '" + network + "'\nepochs = 6\nbatch = 32\nlr = 1e-2\n",
                              images, [](const inkling_progress& progress) {
                                if (progress.epoch_finished) {
                                  std::printf("epoch %d: validation accuracy %.1f %%\n",
                                              progress.epoch, 100 * progress.val_accuracy);
                                }
                                return true;
                              });
    trained.save(file);

    const inkling::Model model(file);
    const std::vector<float> p =
        model.classify(std::span(pixels).first(static_cast<std::size_t>(kSide * kSide)));
    std::printf("the first image is %s (%.1f %%)\n", model.class_name(p[0] > p[1] ? 0 : 1).c_str(),
                100.0 * std::max(p[0], p[1]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
