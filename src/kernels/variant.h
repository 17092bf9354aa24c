// The instruction-set variants of all kernels, one ordered list, best first (simdjson's
// src/implementation.cpp is the model). Chosen once at start-up; every variant the CPU has is
// tested against the plain loops of reference.h.
#pragma once

#include <span>
#include <string_view>

#include "kernels/activate.h"
#include "kernels/brgemm.h"
#include "kernels/elementwise.h"
#include "kernels/normalise.h"
#include "kernels/optimise.h"
#include "kernels/pool.h"
#include "kernels/warp.h"
#include "kernels/winograd.h"

namespace inkling::kernels {

struct Variant {
  std::string_view name;  // "amx_bf16", "avx512_bf16", "avx512", "avx2", "generic"
  const char* needs;      // what the CPU must have, for people
  bool supported;         // by this CPU and this operating system
  const BrgemmKernels* brgemm;
  const ElementwiseKernels* elementwise;
  const NormaliseKernels* normalise;
  const PoolKernels* pool;
  const OptimiseKernels* optimise;
  const ActivateKernels* activate;
  const WarpKernels* warp;
  const WinogradKernels* winograd;
  const Bf16Kernels* bf16 = nullptr;  // where the CPU multiplies bf16, else null
  bool bf16_is_faster = false;        // than f32 on this CPU
};

// Best first; "generic", which runs everywhere, last.
std::span<const Variant> variants() noexcept;

// The best supported variant at or below `limit` in the list ("" or "auto": no limit). Null if the
// name is unknown or the CPU lacks it.
const Variant* choose_variant(std::string_view limit) noexcept;

}  // namespace inkling::kernels
