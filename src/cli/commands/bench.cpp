// inkling bench: the engine's figures on this machine, from random images.
#include <fmt/core.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/json.h"
#include "base/random.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/shared_options.h"
#include "cli/training_job.h"
#include "eval/latency.h"
#include "nn/classifier.h"
#include "nn/network.h"
#include "nn/optim/optimiser.h"

namespace inkling {
namespace {

struct BenchOptions {
  std::string model = "cnn3";
  int batch = 128;
  double seconds = 2;  // of each measurement, about
};

double percentile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(fraction * static_cast<double>(values.size() - 1))];
}

// What the threads together can multiply and add at most, on registers alone: the best of several
// short runs.
double measure_peak(Engine& engine) {
  constexpr int64_t kRounds = 4'000'000;
  double best = 0;
  for (int run = 0; run < 10; ++run) {
    const int threads = engine.pool().threads();
    std::vector<double> flops(static_cast<size_t>(threads));
    const Stopwatch watch;
    engine.pool().run(threads, [&](int piece) {
      flops[static_cast<size_t>(piece)] =
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
    images.resize(static_cast<size_t>(n) * net.input.size());
    for (float& v : images) v = static_cast<float>(random.normal());
    labels.resize(static_cast<size_t>(n));
    for (uint8_t& v : labels) {
      v = static_cast<uint8_t>(random.below(static_cast<uint64_t>(net.classes)));
    }
  }
};

// Seconds of whole training steps, input copied in as in training.
std::vector<double> time_training(const BenchOptions& options, const Architecture& net,
                                  Engine& engine, Network& network, Parameters& parameters) {
  const Batch batch(net, options.batch);
  Optimiser optimiser({}, net, engine);
  std::vector<double> times;
  const Stopwatch whole;
  for (uint32_t step = 0; whole.seconds() < options.seconds || step < 8; ++step) {
    const Stopwatch watch;
    const Tensor& input = network.input();
    const float* from = batch.images.data();
    for (int image = 0; image < options.batch; ++image) {
      for (int row = 0; row < input.height; ++row, from += input.row_floats()) {
        std::copy_n(from, input.row_floats(), input.row(image, row));
      }
    }
    network.forward(parameters, options.batch, step);
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

nlohmann::ordered_json layer_rows(const std::vector<StepTime>& steps, double peak) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  const auto add = [&](const StepTime& step, const char* pass, double seconds, double flops) {
    nlohmann::ordered_json row = {{"name", step.name}, {"pass", pass}, {"us", seconds * 1e6}};
    row["gflops"] = flops / seconds / 1e9;
    row["share_of_peak"] = flops / seconds / peak;
    rows.push_back(row);
  };
  for (const StepTime& step : steps) add(step, "forward", step.forward_s, step.forward_flops);
  for (size_t i = steps.size(); i-- > 0;) {
    add(steps[i], "backward", steps[i].backward_s, steps[i].backward_flops);
  }
  return rows;
}

void print_report(const BenchOptions& options, const nlohmann::ordered_json& report) {
  const auto& machine = report["machine"];
  fmt::print("{}, batch {}: variant {} ({}), {} threads, peak {:.0f} GFLOP/s\n\n", options.model,
             options.batch, machine["variant"].get<std::string>(),
             machine["precision"].get<std::string>(), machine["cores"].get<int>(),
             machine["peak_gflops"].get<double>());
  fmt::print("{:<16} {:<9} {:>9} {:>9} {:>8}\n", "step", "pass", "us", "GFLOP/s", "of peak");
  double total = 0;
  for (const auto& row : report["layers"]) {
    const double us = row["us"], gflops = row["gflops"];
    total += us;
    fmt::print("{:<16} {:<9} {:>9.1f}", row["name"].get<std::string>(),
               row["pass"].get<std::string>(), us);
    if (gflops > 0) {
      fmt::print(" {:>9.1f} {:>7.1f}%", gflops, 100 * row["share_of_peak"].get<double>());
    }
    fmt::print("\n");
  }
  fmt::print("{:<26} {:>9.1f}\n\n", "sum", total);
  fmt::print("training    {} images/s, {:.2f} s for 60,000, {:.1f} % of peak\n",
             grouped(report["train"]["images_per_second"].get<size_t>()),
             report["train"]["epoch_seconds"].get<double>(),
             100 * report["train"]["share_of_peak"].get<double>());
  fmt::print("inference   {} images/s (batch 256)\n",
             grouped(report["infer"]["images_per_second"].get<size_t>()));
  const auto print_latency = [](const nlohmann::ordered_json& latency, int cores) {
    fmt::print("one image   {:.1f} us median, {:.1f} us 99th percentile ({} core{})\n",
               latency["p50"].get<double>(), latency["p99"].get<double>(), cores,
               cores == 1 ? "" : "s");
  };
  print_latency(report["infer"]["latency_us"], 1);
  const int cores = machine["cores"];
  if (cores > 1) print_latency(report["infer"]["latency_all_cores_us"], cores);
}

}  // namespace

int run_bench(const Arguments& arguments) {
  BenchOptions options;
  EngineOptions engine_options;
  bool json = false;
  CommandLine line(
      "bench",
      "Measure the engine on random images: every step of a training step, training and\n"
      "inference as a whole, and the share of what the cores can do at most.");
  line.text("--model", options.model, "name from `inkling models`, or a network file (.toml)");
  line.integer("--batch", options.batch, 1, 4096, "images a training step");
  line.real("--seconds", options.seconds, 0, 600, false, "length of each measurement");
  line.flag("--json", json, "for programs");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;

  Engine engine(engine_options);
  const Architecture net = find_architecture(options.model);
  Parameters parameters(net);
  parameters.initialise(1);
  const double peak = measure_peak(engine);
  Network network(net, Mode::kTrain, options.batch, engine);
  const double step = percentile(time_training(options, net, engine, network, parameters), 0.5);
  const std::vector<StepTime> steps =
      network.time_steps(parameters, Batch(net, options.batch).labels, 15);
  double step_flops = 0;
  for (const StepTime& each : steps) step_flops += each.forward_flops + each.backward_flops;
  const double many =
      percentile(time_inference(net, engine, parameters, 256, options.seconds), 0.5);
  EngineOptions single = engine_options;
  single.threads = 1;
  Engine alone(single);
  const auto latency_on = [&](Engine& cores) {
    const std::vector<double> one = time_inference(net, cores, parameters, 1, options.seconds);
    return nlohmann::ordered_json{{"p50", percentile(one, 0.5) * 1e6},
                                  {"p99", percentile(one, 0.99) * 1e6}};
  };

  nlohmann::ordered_json report;
  report["machine"] = {{"variant", engine.kernels().name},
                       {"precision", engine.precision()},
                       {"cores", engine.pool().threads()},
                       {"peak_gflops", peak / 1e9}};
  report["layers"] = layer_rows(steps, peak);
  report["train"] = {{"epoch_seconds", step * 60000 / options.batch},
                     {"images_per_second", options.batch / step},
                     {"share_of_peak", step_flops / step / peak}};
  report["infer"] = {{"images_per_second", 256 / many},
                     {"latency_us", latency_on(alone)},
                     {"latency_all_cores_us", latency_on(engine)}};
  if (json) {
    fmt::print("{}\n", json_text(report, 2));
  } else {
    print_report(options, report);
  }
  return kDone;
}

}  // namespace inkling
