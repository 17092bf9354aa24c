#include "cli/options/shared_options.h"

namespace inkling {

void add_engine_options(CommandLine& line, EngineOptions& options) {
  line.text("--isa", options.isa,
            "best instruction set to use: auto, amx_bf16, avx512_bf16, avx512, avx2, generic");
  line.choice("--precision", options.precision, {"auto", "f32", "bf16"},
              "operands of matrix products; auto: bf16 if the CPU is faster in it, else f32");
  line.integer("--threads", options.threads, 0, 1024, "0: the cores this process may use");
}

void add_data_dir_option(CommandLine& line, std::string& data_dir) {
  line.text("--data-dir", data_dir,
            "folder of datasets; otherwise $INKLING_DATA, data/, the user's cache");
}

}  // namespace inkling
