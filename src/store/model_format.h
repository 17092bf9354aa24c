// A trained model as safetensors bytes: the parameters under their slots' names, and in the
// metadata everything needed to use them: the network file, the input's mean and deviation, the
// class names. Weights keep the engine's layout: conv [kernel, kernel, in, out], dense [in, out].
// Touches no file (model_file.h does) and needs nothing of the operating system. Any thread may
// call.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/model.h"
#include "store/safetensors.h"

namespace inkling {

std::vector<TensorData> tensors_of(const Architecture& net, const Parameters& parameters);

// What the weights of convolutions and dense layers are in the file. kI8: W = scale * q for each
// output channel, q from -127 to 127, the scales [outputs] in the tensor "NAME.scale"; everything
// else then is F32. Of the others every tensor is one.
//
// The whole file. Throws Error (input) naming the tensor if a weight is too large for F16.
std::vector<uint8_t> encode_model(const Model& model, Dtype weights = Dtype::kF32);

// Weights of any Dtype, as floats. Throws Error, naming `source`, if the bytes are no safetensors
// file, no Inkling model, if tensors and architecture disagree, or if weights are not finite. Takes
// no more memory than a few times the bytes' number, whatever they claim.
Model load_model(std::span<const uint8_t> bytes, const std::string& source);

// Copies all parameters of `from`, read from `source`. Throws Error (input) naming the first tensor
// in which the two networks differ.
void take_weights(const Model& from, const std::string& source, Model& to);

}  // namespace inkling
