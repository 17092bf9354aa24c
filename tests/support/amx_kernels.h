// The products on AMX tiles for tests: run by the CPU where it has tiles, emulated where it has
// not.
#pragma once

#include <memory>

#include "kernels/brgemm_bf16.h"
#include "kernels/variant.h"
#include "support/amx_emulator.h"

namespace inkling::test {

class AmxKernels {
 public:
  AmxKernels() {
#if defined(__x86_64__)
    const kernels::Variant* vectors = kernels::choose_variant("avx512_bf16");
    if (!vectors) return;
    variant_ = *vectors;
    variant_.name = "amx_bf16";
    variant_.bf16 = kernels::amx_bf16::bf16_kernels();
    if (!kernels::amx_bf16::supported()) emulator_ = std::make_unique<AmxEmulator>();
#endif
  }

  // Null where the CPU lacks the vectors that go with the tiles.
  const kernels::Bf16Kernels* get() const { return variant_.bf16; }
  const kernels::Variant& variant() const { return variant_; }
  bool emulated() const { return emulator_ != nullptr; }

 private:
  kernels::Variant variant_ = {};
  std::unique_ptr<AmxEmulator> emulator_;
};

}  // namespace inkling::test
