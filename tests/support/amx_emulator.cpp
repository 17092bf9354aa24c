#include "support/amx_emulator.h"

#if defined(__x86_64__)
#include <signal.h>
#include <ucontext.h>

#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace inkling {
namespace {

struct Tile {
  int rows = 0, row_bytes = 0;
  uint8_t data[16][64] = {};
};

thread_local std::array<Tile, 8> tiles;
thread_local bool configured = false;
std::atomic<long> products_done{0};
struct sigaction previous;

// General registers in the order instructions number them.
constexpr int kRegisters[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
                                REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                REG_R12, REG_R13, REG_R14, REG_R15};

// A three-byte VEX instruction of map 0F38 (SDM volume 2, section 2.3).
struct Instruction {
  int prefix = 0;  // 0: none, 1: 66, 2: F3, 3: F2
  int opcode = 0, mod = 0, reg = 0, rm = 0, third = 0;
  uintptr_t base = 0;    // of a memory operand, displacement included
  ptrdiff_t stride = 0;  // the index register, scaled
  int length = 0;
};

bool decode(const uint8_t* code, const greg_t* registers, Instruction& out) {
  if (code[0] != 0xc4 || (code[1] & 0x1f) != 2) return false;
  const int x = code[1] & 0x40 ? 0 : 8, b = code[1] & 0x20 ? 0 : 8;
  out.prefix = code[2] & 3;
  out.third = ~(code[2] >> 3) & 15;
  out.opcode = code[3];
  out.mod = code[4] >> 6;
  out.reg = (code[4] >> 3) & 7;
  out.rm = code[4] & 7;
  out.length = 5;
  if (out.mod == 3) return true;
  int base = out.rm + b;
  if (out.rm == 4) {
    const uint8_t sib = code[out.length++];
    const int index = ((sib >> 3) & 7) + x;
    if (index != 4) out.stride = static_cast<ptrdiff_t>(registers[kRegisters[index]]) << (sib >> 6);
    base = (sib & 7) + b;
  }
  if (out.mod == 0 && (base & 7) == 5) return false;  // relative to RIP or absolute: not used
  out.base = static_cast<uintptr_t>(registers[kRegisters[base]]);
  if (out.mod == 1) {
    out.base += static_cast<uintptr_t>(static_cast<int8_t>(code[out.length++]));
  } else if (out.mod == 2) {
    int32_t displacement;
    std::memcpy(&displacement, code + out.length, 4);
    out.base += static_cast<uintptr_t>(static_cast<ptrdiff_t>(displacement));
    out.length += 4;
  }
  return true;
}

void configure(const uint8_t* memory) {
  for (size_t t = 0; t < tiles.size(); ++t) {
    tiles[t] = {};
    uint16_t row_bytes;
    std::memcpy(&row_bytes, memory + 16 + 2 * t, 2);
    tiles[t].row_bytes = row_bytes;
    tiles[t].rows = memory[48 + t];
  }
  configured = memory[0] == 1;
}

// Denormal operands and results count as zero, sums are rounded to nearest (SDM, TDPBF16PS).
float flushed(float v) { return std::fpclassify(v) == FP_SUBNORMAL ? 0.0f : v; }
float element(const uint8_t* p) {
  uint16_t bits;
  std::memcpy(&bits, p, 2);
  return flushed(std::bit_cast<float>(static_cast<uint32_t>(bits) << 16));
}

bool multiply_add(Tile& c, const Tile& a, const Tile& b) {
  if (a.rows != c.rows || b.row_bytes != c.row_bytes || a.row_bytes != 4 * b.rows) return false;
  for (int m = 0; m < c.rows; ++m) {
    for (int k = 0; k < b.rows; ++k) {
      for (int n = 0; n < c.row_bytes / 4; ++n) {
        float sum;
        std::memcpy(&sum, &c.data[m][4 * n], 4);
        for (int half = 0; half < 2; ++half) {
          sum = flushed(sum + element(&a.data[m][4 * k + 2 * half]) *
                                  element(&b.data[k][4 * n + 2 * half]));
        }
        std::memcpy(&c.data[m][4 * n], &sum, 4);
      }
    }
  }
  ++products_done;
  return true;
}

bool execute(const Instruction& i) {
  if (i.opcode == 0x49 && i.prefix == 0 && i.mod != 3) {
    configure(reinterpret_cast<const uint8_t*>(i.base));
    return configured;
  }
  if (!configured) return false;
  Tile& tile = tiles[static_cast<size_t>(i.reg)];
  const bool is_tilezero = i.opcode == 0x49 && i.prefix == 3 && i.mod == 3;
  if (is_tilezero) {
    std::memset(tile.data, 0, sizeof(tile.data));
    return true;
  }
  if (i.opcode == 0x4b && i.mod != 3 && (i.prefix == 3 || i.prefix == 2)) {
    if (i.prefix == 3) std::memset(tile.data, 0, sizeof(tile.data));
    for (int row = 0; row < tile.rows; ++row) {
      auto* memory = reinterpret_cast<uint8_t*>(i.base + static_cast<uintptr_t>(row * i.stride));
      if (i.prefix == 3) {
        std::memcpy(tile.data[row], memory, static_cast<size_t>(tile.row_bytes));
      } else {
        std::memcpy(memory, tile.data[row], static_cast<size_t>(tile.row_bytes));
      }
    }
    return true;
  }
  if (i.opcode == 0x5c && i.prefix == 2 && i.mod == 3) {
    return multiply_add(tile, tiles[static_cast<size_t>(i.rm)],
                        tiles[static_cast<size_t>(i.third)]);
  }
  return false;
}

void on_illegal_instruction(int signal, siginfo_t*, void* context) {
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  Instruction instruction;
  const auto* code = reinterpret_cast<const uint8_t*>(registers[REG_RIP]);
  if (!decode(code, registers, instruction) || !execute(instruction)) {
    sigaction(signal, &previous, nullptr);  // returning meets the instruction again
    return;
  }
  registers[REG_RIP] += instruction.length;
}

}  // namespace

AmxEmulator::AmxEmulator() {
  struct sigaction action = {};
  action.sa_sigaction = on_illegal_instruction;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, &previous);
}

AmxEmulator::~AmxEmulator() { sigaction(SIGILL, &previous, nullptr); }

long AmxEmulator::products() { return products_done; }

}  // namespace inkling

#else  // no tiles, nothing to emulate

namespace inkling {

AmxEmulator::AmxEmulator() = default;
AmxEmulator::~AmxEmulator() = default;
long AmxEmulator::products() { return 0; }

}  // namespace inkling

#endif
