// AMX tile instructions on a CPU that has none: a handler for SIGILL that decodes them where the
// program stands and does by plain loops what the Intel SDM says they do. So the very instructions
// of brgemm_amx.cpp are tested, slowly, on any x86-64 Linux. Not an emulator of anything else:
// other illegal instructions end the program as ever.
#pragma once

namespace inkling {

// While one lives, tile instructions of every thread are emulated, each thread with its own tiles.
class AmxEmulator {
 public:
  AmxEmulator();
  ~AmxEmulator();
  AmxEmulator(const AmxEmulator&) = delete;
  AmxEmulator& operator=(const AmxEmulator&) = delete;

  static long products();  // TDPBF16PS done so far, by all threads
};

}  // namespace inkling
