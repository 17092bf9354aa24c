// What a network is compiled for.
#pragma once

namespace inkling {

enum class Mode {
  kTrain,  // batch statistics, dropout, gradients of the parameters
  kInfer,  // moving statistics, no dropout, batch norm and rectifiers folded into their producers
  kProbe,  // as kInfer but unfused and in f32: every activation kept, gradients down to the input
};

}  // namespace inkling
