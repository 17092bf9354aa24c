#include "jobs/bench_engine.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/clock.h"
#include "base/index.h"
#include "base/random.h"
#include "eval/latency.h"
#include "jobs/one_thread.h"
#include "jobs/training/train_model.h"
#include "nn/optim/optimiser.h"

namespace inkling {
namespace {

double percentile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  return at(values, static_cast<int>(fraction * (count_of(values) - 1)));
}

// FLOP/s of all threads together in registers alone: the best of several short runs.
double measure_peak(Engine& engine) {
  constexpr int64_t kRounds = 4'000'000;
  double best = 0;
  for (int run = 0; run < 10; ++run) {
    const int threads = engine.pool().threads();
    std::vector<double> flops(narrow<size_t>(threads));
    const Stopwatch watch;
    engine.pool().run(threads, [&](int piece) {
      at(flops, piece) =
          engine.bf16() ? engine.bf16()->spin(kRounds) : engine.kernels().brgemm->spin(kRounds);
    });
    double total = 0;
    for (const double f : flops) total += f;
    best = std::max(best, total / watch.seconds());
  }
  return best;
}

struct Batch {
  std::vector<float> images;  // [n, H, W, C], normal
  std::vector<uint8_t> labels;

  Batch(const Architecture& net, int n) {
    Random random(1);
    images.resize(narrow<size_t>(n) * net.input.size());
    for (float& v : images) v = static_cast<float>(random.normal());
    labels.resize(narrow<size_t>(n));
    for (uint8_t& v : labels) {
      v = narrow<uint8_t>(random.below(narrow<uint64_t>(net.classes)));
    }
  }
};

// Seconds of complete training steps, input copied in as in training.
std::vector<double> time_training(const BenchRequest& request, const Architecture& net,
                                  Engine& engine, Network& network, Parameters& parameters) {
  const Batch batch(net, request.batch);
  Optimiser optimiser({}, net, engine);
  std::vector<double> times;
  const Stopwatch whole;
  for (uint32_t step = 0; whole.seconds() < request.seconds || step < 8; ++step) {
    const Stopwatch watch;
    const Tensor& input = network.input();
    const float* from = batch.images.data();
    for (int image = 0; image < request.batch; ++image) {
      for (int row = 0; row < input.height; ++row, from += input.row_floats()) {
        std::copy_n(from, input.row_floats(), input.row(image, row));
      }
    }
    network.forward(parameters, request.batch, step);
    network.loss(batch.labels);
    network.backward(parameters);
    optimiser.step(1e-4, network.gradients(), parameters);
    if (step >= 3) times.push_back(watch.seconds());
  }
  return times;
}

std::vector<double> time_inference(const Architecture& net, Engine& engine,
                                   const Parameters& parameters, int images, double seconds) {
  const Batch batch(net, images);
  Classifier classifier(net, engine);
  classifier.update(parameters);
  return prediction_times(classifier, batch.images.data(), images, seconds);
}

}  // namespace

BenchResult bench_engine(const BenchRequest& request, Engine& engine, JobObserver& observer) {
  const Architecture net = find_architecture(request.model);
  Parameters parameters(net);
  parameters.initialise(1);
  BenchResult result;
  {
    const Stage stage(observer, "measuring the cores' peak");
    result.peak_flops = measure_peak(engine);
  }
  {
    const Stage stage(observer, "measuring training");
    Network network(net, Mode::kTrain, request.batch, engine);
    result.training_step_s = median(time_training(request, net, engine, network, parameters));
    result.steps = network.time_steps(parameters, Batch(net, request.batch).labels, 15);
  }
  for (const StepTime& each : result.steps) {
    result.training_flops += each.forward_flops + each.backward_flops;
  }
  {
    const Stage stage(observer, "measuring inference");
    result.inference_s =
        median(time_inference(net, engine, parameters, kInferenceBatch, request.seconds));
  }
  Engine alone(on_one_thread(engine));
  const auto latency_on = [&](Engine& cores) {
    const Stage stage(observer,
                      fmt::format("measuring one image on {} thread{}", cores.pool().threads(),
                                  cores.pool().threads() == 1 ? "" : "s"));
    const std::vector<double> times = time_inference(net, cores, parameters, 1, request.seconds);
    return Latency{.median_s = median(times), .p99_s = percentile(times, 0.99)};
  };
  result.one_core = latency_on(alone);
  result.all_cores = latency_on(engine);
  return result;
}

}  // namespace inkling
