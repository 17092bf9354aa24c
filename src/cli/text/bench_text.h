// The engine's figures as JSON and as people read them in a terminal.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "jobs/bench_engine.h"

namespace inkling {

// {machine: {variant, precision, cores, peak_gflops}, layers: [{name, pass, us, gflops,
// share_of_peak}], train: {epoch_seconds, images_per_second, share_of_peak}, infer:
// {images_per_second, latency_us: {p50, p99}, latency_all_cores_us}}
nlohmann::ordered_json bench_json(const BenchRequest& request, const BenchResult& result,
                                  Engine& engine);
// Of that document.
std::string bench_text(const BenchRequest& request, const nlohmann::ordered_json& report);

}  // namespace inkling
