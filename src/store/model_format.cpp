#include "store/model_format.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/index.h"
#include "base/json.h"
#include "base/numbers.h"

namespace inkling {
namespace {

const std::string& required(const std::map<std::string, std::string>& metadata, const char* key,
                            const std::string& source) {
  const auto it = metadata.find(key);
  if (it == metadata.end()) {
    throw input_error("{}: not an Inkling model: its metadata lack \"{}\"", source, key);
  }
  return it->second;
}

double required_number(const std::map<std::string, std::string>& metadata, const char* key,
                       const std::string& source) {
  const std::string& text = required(metadata, key, source);
  const auto value = parse_real(text);
  if (!value) throw input_error("{}: {}: expected a number, found \"{}\"", source, key, text);
  return *value;
}

void expect_sound_notes(const Model& model, const std::string& source) {
  if (model.normalisation.sd < 0) {
    throw input_error("{}: input_sd: expected at least 0, found {}", source,
                      model.normalisation.sd);
  }
  const auto views = model.notes.find("tta");
  if (views != model.notes.end() && views->second != "true" && views->second != "false") {
    throw input_error("{}: tta: expected true or false, found \"{}\"", source, views->second);
  }
}

constexpr float kMostI8 = 127;

// W = scale * q for each output channel, the last extent.
TensorData quantised(TensorData& weight) {
  const auto outputs = narrow<size_t>(weight.dims.back());
  TensorData scale{.name = weight.name + ".scale", .dims = {weight.dims.back()}, .values = {}};
  scale.values.assign(outputs, 0);
  for (size_t i = 0; i < weight.values.size(); ++i) {
    float& most = scale.values[i % outputs];
    most = std::max(most, std::abs(weight.values[i]));
  }
  for (float& s : scale.values) s = s > 0 ? s / kMostI8 : 1;
  for (size_t i = 0; i < weight.values.size(); ++i) {
    const float q = std::nearbyint(weight.values[i] / scale.values[i % outputs]);
    weight.values[i] = std::clamp(q, -kMostI8, kMostI8);
  }
  weight.dtype = Dtype::kI8;
  return scale;
}

// The file's I8 tensors multiplied by their scales, which leave it.
void dequantise(Safetensors& file, const std::string& source) {
  std::vector<std::string> used;
  for (TensorData& tensor : file.tensors) {
    if (tensor.dtype != Dtype::kI8) continue;
    const std::string name = tensor.name + ".scale";
    const auto scale = std::ranges::find(file.tensors, name, &TensorData::name);
    if (scale == file.tensors.end()) {
      throw input_error("{}: tensor \"{}\" of I8: its tensor \"{}\" is missing", source,
                        tensor.name, name);
    }
    if (tensor.dims.empty() || scale->dtype != Dtype::kF32 ||
        scale->dims != std::vector{tensor.dims.back()}) {
      throw input_error("{}: tensor \"{}\": expected F32 of shape [{}], found {} of [{}]", source,
                        name, tensor.dims.empty() ? 0 : tensor.dims.back(),
                        dtype_name(scale->dtype), fmt::join(scale->dims, ", "));
    }
    for (size_t i = 0; i < tensor.values.size(); ++i) {
      tensor.values[i] *= scale->values[i % scale->values.size()];
    }
    used.push_back(name);
  }
  std::erase_if(file.tensors, [&](const TensorData& tensor) {
    return std::ranges::find(used, tensor.name) != used.end();
  });
}

void expect_fits_float16(const TensorData& tensor) {
  constexpr float kMost = 65504;
  const auto large =
      std::ranges::find_if(tensor.values, [](float v) { return std::abs(v) > kMost; });
  if (large != tensor.values.end()) {
    throw input_error("tensor \"{}\": expected numbers up to {} for F16, found {}", tensor.name,
                      kMost, *large);
  }
}

// The file's tensor of each slot of the network: of the slot's shape, and of finite numbers:
// with others a network predicts nonsense and reports no error.
std::vector<const TensorData*> tensors_by_slot(const Safetensors& file, const Architecture& net,
                                               const std::string& source) {
  if (file.tensors.size() != net.slots.size()) {
    throw input_error("{}: expected {} tensors for its network, found {}", source, net.slots.size(),
                      file.tensors.size());
  }
  std::vector<const TensorData*> tensors;
  for (const ParameterSlot& slot : net.slots) {
    // In name order, as they come from a file.
    const auto tensor = std::ranges::lower_bound(file.tensors, slot.name, {}, &TensorData::name);
    if (tensor == file.tensors.end() || tensor->name != slot.name) {
      throw input_error("{}: tensor \"{}\" is missing", source, slot.name);
    }
    if (!std::equal(slot.dims.begin(), slot.dims.end(), tensor->dims.begin(), tensor->dims.end())) {
      throw input_error("{}: tensor \"{}\": expected shape [{}], found [{}]", source, slot.name,
                        fmt::join(slot.dims, ", "), fmt::join(tensor->dims, ", "));
    }
    const auto odd =
        std::ranges::find_if_not(tensor->values, [](float v) { return std::isfinite(v); });
    if (odd != tensor->values.end()) {
      throw input_error("{}: tensor \"{}\": expected finite numbers, found {} at index {}", source,
                        slot.name, *odd, odd - tensor->values.begin());
    }
    tensors.push_back(&*tensor);
  }
  for (const Layer& layer : net.layers) {
    if (layer.variance < 0) continue;
    const TensorData& variance = *at(tensors, layer.variance);
    const float least = std::ranges::min(variance.values);
    if (least < 0) {
      throw input_error("{}: tensor \"{}\": expected variances, found {}", source, variance.name,
                        least);
    }
  }
  return tensors;
}

std::vector<std::string> class_names_of(const std::string& text, int classes,
                                        const std::string& source) {
  const std::string where = source + ": class_names";
  const nlohmann::json document = parse_json(text, where);
  std::vector<std::string> names;
  for (const JsonValue& name : JsonValue(document, where).list()) names.push_back(name.text());
  if (std::ssize(names) != classes) {
    throw input_error("{}: expected {} texts, found {}", where, classes, names.size());
  }
  return names;
}

}  // namespace

std::vector<TensorData> tensors_of(const Architecture& net, const Parameters& parameters) {
  std::vector<TensorData> tensors;
  for (int i = 0; i < count_of(net.slots); ++i) {
    const ParameterSlot& slot = at(net.slots, i);
    const auto values = parameters.slot(i);
    tensors.push_back(
        {slot.name, {slot.dims.begin(), slot.dims.end()}, {values.begin(), values.end()}});
  }
  return tensors;
}

std::vector<uint8_t> encode_model(const Model& model, Dtype weights) {
  std::map<std::string, std::string> metadata = model.notes;
  metadata["format"] = "inkling";
  metadata["inkling_version"] = INKLING_VERSION;
  metadata["network"] = model.net->text;
  metadata["input_mean"] = fmt::format("{}", model.normalisation.mean);
  metadata["input_sd"] = fmt::format("{}", model.normalisation.sd);
  metadata["class_names"] = json_text(nlohmann::json(model.class_names));
  std::vector<TensorData> tensors = tensors_of(*model.net, model.parameters);
  if (weights == Dtype::kI8) {
    std::vector<TensorData> scales;
    for (const Layer& layer : model.net->layers) {
      if (layer.products > 0) scales.push_back(quantised(at(tensors, layer.weight)));
    }
    std::ranges::move(scales, std::back_inserter(tensors));
  } else {
    for (TensorData& tensor : tensors) {
      if (weights == Dtype::kF16) expect_fits_float16(tensor);
      tensor.dtype = weights;
    }
  }
  return encode_safetensors(tensors, metadata);
}

Model load_model(std::span<const uint8_t> bytes, const std::string& source) {
  Safetensors file = decode_safetensors(bytes, source);
  dequantise(file, source);
  Architecture net = parse_architecture(required(file.metadata, "network", source), source);
  // Before there is memory for what the network says: a few bytes of text may ask for gigabytes.
  const std::vector<const TensorData*> tensors = tensors_by_slot(file, net, source);
  Model model(std::move(net), {.mean = required_number(file.metadata, "input_mean", source),
                               .sd = required_number(file.metadata, "input_sd", source)});
  for (int i = 0; i < count_of(tensors); ++i) {
    std::ranges::copy(at(tensors, i)->values, model.parameters.slot(i).begin());
  }
  model.class_names =
      class_names_of(required(file.metadata, "class_names", source), model.net->classes, source);
  model.notes = std::move(file.metadata);
  expect_sound_notes(model, source);
  return model;
}

void take_weights(const Model& from, const std::string& source, Model& to) {
  const std::vector<ParameterSlot>&theirs = from.net->slots, &ours = to.net->slots;
  for (size_t i = 0; i < std::max(theirs.size(), ours.size()); ++i) {
    const auto shown = [i](const std::vector<ParameterSlot>& slots) {
      return i < slots.size()
                 ? fmt::format("\"{}\" [{}]", slots[i].name, fmt::join(slots[i].dims, ", "))
                 : std::string("none");
    };
    if (shown(theirs) != shown(ours)) {
      throw input_error("{}: its weights do not fit the network {}: expected tensor {}, found {}",
                        source, to.net->name, shown(ours), shown(theirs));
    }
  }
  std::ranges::copy(from.parameters.all(), to.parameters.all().begin());
}

}  // namespace inkling
