// Internal to kernels, and for their tests: the tables of products on pairs of bf16, by instruction
// set. Others find them through variant.h.
#pragma once

#include "kernels/brgemm.h"

namespace inkling::kernels {

namespace avx512_bf16 {
// Call only where the CPU has AVX-512 with bf16.
const Bf16Kernels* bf16_kernels();
}  // namespace avx512_bf16

namespace amx_bf16 {
// Whether CPU and operating system have tiles; asks Linux for the permission to use them.
bool supported();
// Call only where the CPU has AVX-512 with bf16; run and spin only where supported() was true.
const Bf16Kernels* bf16_kernels();
}  // namespace amx_bf16

}  // namespace inkling::kernels
