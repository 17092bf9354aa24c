#include "cli/text/bench_text.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/number_text.h"

namespace inkling {
namespace {

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

nlohmann::ordered_json latency_json(const Latency& latency) {
  return {{"p50", latency.median_s * 1e6}, {"p99", latency.p99_s * 1e6}};
}

}  // namespace

nlohmann::ordered_json bench_json(const BenchRequest& request, const BenchResult& result,
                                  Engine& engine) {
  const double step = result.training_step_s;
  nlohmann::ordered_json report;
  report["machine"] = {{"variant", engine.kernels().name},
                       {"precision", engine.precision()},
                       {"cores", engine.pool().threads()},
                       {"peak_gflops", result.peak_flops / 1e9}};
  report["layers"] = layer_rows(result.steps, result.peak_flops);
  report["train"] = {{"epoch_seconds", step * 60000 / request.batch},
                     {"images_per_second", request.batch / step},
                     {"share_of_peak", result.training_flops / step / result.peak_flops}};
  report["infer"] = {{"images_per_second", kInferenceBatch / result.inference_s},
                     {"latency_us", latency_json(result.one_core)},
                     {"latency_all_cores_us", latency_json(result.all_cores)}};
  return report;
}

std::string bench_text(const BenchRequest& request, const nlohmann::ordered_json& report) {
  std::string text;
  const auto& machine = report["machine"];
  text += fmt::format("{}, batch {}: variant {} ({}), {} threads, peak {:.0f} GFLOP/s\n\n",
                      request.model, request.batch, machine["variant"].get<std::string>(),
                      machine["precision"].get<std::string>(), machine["cores"].get<int>(),
                      machine["peak_gflops"].get<double>());
  text +=
      fmt::format("{:<16} {:<9} {:>9} {:>9} {:>8}\n", "step", "pass", "us", "GFLOP/s", "of peak");
  double total = 0;
  for (const auto& row : report["layers"]) {
    const double us = row["us"], gflops = row["gflops"];
    total += us;
    text += fmt::format("{:<16} {:<9} {:>9.1f}", row["name"].get<std::string>(),
                        row["pass"].get<std::string>(), us);
    if (gflops > 0) {
      text += fmt::format(" {:>9.1f} {:>7.1f}%", gflops, 100 * row["share_of_peak"].get<double>());
    }
    text += fmt::format("\n");
  }
  text += fmt::format("{:<26} {:>9.1f}\n\n", "sum", total);
  text += fmt::format("training    {} images/s, {:.2f} s for 60,000, {:.1f} % of peak\n",
                      grouped(report["train"]["images_per_second"].get<size_t>()),
                      report["train"]["epoch_seconds"].get<double>(),
                      100 * report["train"]["share_of_peak"].get<double>());
  text += fmt::format("inference   {} images/s (batch 256)\n",
                      grouped(report["infer"]["images_per_second"].get<size_t>()));
  const auto add_latency = [&text](const nlohmann::ordered_json& latency, int cores) {
    text += fmt::format("one image   {:.1f} us median, {:.1f} us 99th percentile ({} core{})\n",
                        latency["p50"].get<double>(), latency["p99"].get<double>(), cores,
                        cores == 1 ? "" : "s");
  };
  add_latency(report["infer"]["latency_us"], 1);
  const int cores = machine["cores"];
  if (cores > 1) add_latency(report["infer"]["latency_all_cores_us"], cores);
  return text;
}

}  // namespace inkling
