// Images/s that one core augments, for each preset and each instruction-set variant of the
// kernels: items_per_second of
//
//   augment_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
//
// The images are drawn on the spot, 28x28 as MNIST's; their content does not matter to the speed.
#include <benchmark/benchmark.h>

#include <numeric>
#include <string>

#include "base/random.h"
#include "data/augment/augment.h"
#include "kernels/variant.h"

namespace inkling {
namespace {

constexpr int kSide = 28;
constexpr uint32_t kImages = 2048;
constexpr size_t kBatch = 128;

// A grey disc at a place of its own in each image.
Dataset discs() {
  Dataset dataset;
  dataset.name = "discs";
  dataset.height = dataset.width = kSide;
  dataset.classes = 2;
  for (uint32_t n = 0; n < kImages; ++n) {
    Random random(1, 0, n);
    const double x0 = random.uniform(8, 20), y0 = random.uniform(8, 20);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const double squared = (x - x0) * (x - x0) + (y - y0) * (y - y0);
        dataset.bytes().push_back(static_cast<uint8_t>(squared < 36 ? 220 : 0));
      }
    }
  }
  dataset.labels.resize(kImages);
  return dataset;
}

void augment(benchmark::State& state, const kernels::Variant& variant,
             const AugmentOptions& options) {
  const Dataset dataset = discs();
  Augmenter augmenter(options, dataset, {.mean = 0.13, .sd = 0.31}, *variant.warp, {});
  std::vector<uint32_t> order(kImages);
  std::iota(order.begin(), order.end(), 0u);
  Random(1).shuffle(std::span(order));
  std::vector<float> batch(kBatch * kSide * kSide);
  size_t first = 0;
  int epoch = 1;
  for (auto _ : state) {
    augmenter.assemble(std::span(order).subspan(first, kBatch), epoch, 0, batch.data(),
                       kSide * kSide, kSide);
    benchmark::DoNotOptimize(batch.data());
    benchmark::ClobberMemory();
    first = (first + kBatch) % kImages;
    if (first == 0) ++epoch;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kBatch));
}

void register_all() {
  AugmentOptions elastic = augment_preset("standard");
  elastic.elastic_alpha = 20;
  const std::pair<const char*, AugmentOptions> cases[] = {{"none", augment_preset("none")},
                                                          {"standard", augment_preset("standard")},
                                                          {"standard+elastic", elastic},
                                                          {"strong", augment_preset("strong")}};
  const kernels::WarpKernels* measured = nullptr;  // variants next to each other may share a table
  for (const kernels::Variant& variant : kernels::variants()) {
    if (!variant.supported || variant.warp == measured) continue;
    measured = variant.warp;
    for (const auto& [name, options] : cases) {
      benchmark::RegisterBenchmark((std::string(variant.name) + "/" + name).c_str(),
                                   [&variant, options = options](benchmark::State& state) {
                                     augment(state, variant, options);
                                   });
    }
  }
}

const bool kRegistered = (register_all(), true);

}  // namespace
}  // namespace inkling
