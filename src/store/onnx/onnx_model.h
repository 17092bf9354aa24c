// A model as ONNX (onnx.ai), through the official protobuf schema: IR 8, one file with the weights
// inside. The network alone: finding the ink of a picture is not in the graph.
//
//   write_file("cnn3.onnx", encode_onnx(model));
//
// Batch norm is folded into convolutions, dropout is left out, pixels are normalised by the graph's
// first nodes. Inkling reads no ONNX.
#pragma once

#include <cstdint>
#include <vector>

#include "nn/model.h"

namespace inkling {

enum class OnnxInterface {
  // Input `image` f32 [N, C, H, W], pixels in 0 … 1. Outputs `logits` and `probabilities` f32
  // [N, classes].
  kImage,
  // As transformers.js feeds image classifiers: input `pixel_values` f32 [N, 3, H, W], RGB in
  // 0 … 1, of which a network for grey images makes grey (ITU-R BT.601); output `logits`.
  kPixelValues,
};

inline constexpr int kOldestOpset = 13, kNewestOpset = 17;

struct OnnxOptions {
  OnnxInterface interface = OnnxInterface::kImage;
  int opset = kNewestOpset;
};

// N is dynamic. The metadata have the model's notes, `class_names` (a JSON list), `network` (the
// network file) and `inkling_version`. A model that predicts by several views exports one view. An
// ensemble's logits are the logarithms of its mean probabilities.
//
// Throws Error (usage) for another opset; (input) if the network reads images of neither one nor
// three channels and pixel values are asked for. Any number of threads may call.
std::vector<uint8_t> encode_onnx(const Model& model, const OnnxOptions& options = {});

}  // namespace inkling
