#include "train/checkpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/index.h"
#include "base/json.h"
#include "store/safetensors.h"

namespace inkling {
namespace {

constexpr const char* kFormat = "inkling-checkpoint-1";

TensorData tensor(std::string name, const std::vector<float>& values) {
  return {std::move(name), {std::ssize(values)}, values};
}

// Takes the tensor's values; none if it is missing.
std::vector<float> take(Safetensors& file, const std::string& name) {
  for (TensorData& each : file.tensors) {
    if (each.name == name) return std::move(each.values);
  }
  return {};
}

std::vector<float> take_finite(Safetensors& file, const std::string& name,
                               const std::string& source) {
  std::vector<float> values = take(file, name);
  if (std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) return values;
  throw input_error("{}: tensor \"{}\": expected finite numbers, found others", source, name);
}

}  // namespace

std::vector<uint8_t> checkpoint_bytes(const Checkpoint& checkpoint) {
  std::vector<TensorData> tensors = {tensor("weights", checkpoint.weights),
                                     tensor("kept", checkpoint.kept)};
  if (!checkpoint.average.empty()) tensors.push_back(tensor("average", checkpoint.average));
  for (size_t i = 0; i < checkpoint.optimiser.size(); ++i) {
    tensors.push_back(tensor(fmt::format("optimiser.{}", i), checkpoint.optimiser[i]));
  }
  nlohmann::json history = nlohmann::json::array();
  for (const EpochRecord& record : checkpoint.history) {
    history.push_back(nlohmann::json(epoch_json(record)));
  }
  const nlohmann::json counters = {{"steps", checkpoint.steps},
                                   {"train_seconds", checkpoint.train_seconds},
                                   {"best_epoch", checkpoint.best_epoch},
                                   {"history", history},
                                   {"images", checkpoint.images},
                                   {"mean", checkpoint.mean},
                                   {"sd", checkpoint.sd}};
  return encode_safetensors(tensors, {{"format", kFormat},
                                      {"inkling_version", INKLING_VERSION},
                                      {"training", json_text(counters)}});
}

Checkpoint parse_checkpoint(std::span<const uint8_t> bytes, const std::string& source) {
  Safetensors file = decode_safetensors(bytes, source);
  for (const TensorData& each : file.tensors) {
    if (each.dtype == Dtype::kF32) continue;
    throw input_error("{}: tensor \"{}\": expected F32, found {}", source, each.name,
                      dtype_name(each.dtype));
  }
  if (file.metadata["format"] != kFormat) {
    throw input_error("{}: expected a checkpoint ({}), found \"{}\"", source, kFormat,
                      file.metadata["format"]);
  }
  const nlohmann::json document = parse_json(file.metadata["training"], source + ": training");
  const JsonValue counters(document, source);
  Checkpoint checkpoint{.steps = counters["steps"].integer(0),
                        .train_seconds = counters["train_seconds"].number(),
                        .best_epoch = narrow<int>(counters["best_epoch"].integer(0, INT_MAX)),
                        .images = narrow<uint64_t>(counters["images"].integer(0)),
                        .mean = counters["mean"].number(),
                        .sd = counters["sd"].number()};
  for (const JsonValue& epoch : counters["history"].list()) {
    checkpoint.history.push_back(epoch_of_json(epoch));
  }
  checkpoint.weights = take_finite(file, "weights", source);
  checkpoint.kept = take_finite(file, "kept", source);
  checkpoint.average = take_finite(file, "average", source);
  for (std::vector<float> part;
       !(part = take(file, fmt::format("optimiser.{}", checkpoint.optimiser.size()))).empty();) {
    checkpoint.optimiser.push_back(std::move(part));
  }
  return checkpoint;
}

}  // namespace inkling
