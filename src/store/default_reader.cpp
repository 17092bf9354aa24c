#include "store/default_reader.h"

#include <cstdint>
#include <span>

#include "store/model_format.h"

// The file's bytes as they are. An array in a header would take the compiler half a minute.
asm(".pushsection .rodata\n"
    ".balign 64\n"
    ".global inkling_reader_model\n"
    "inkling_reader_model:\n"
    ".incbin \"" INKLING_READER_MODEL
    "\"\n"
    ".global inkling_reader_model_end\n"
    "inkling_reader_model_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" const uint8_t inkling_reader_model[], inkling_reader_model_end[];

namespace inkling {

Model default_reader() {
  return load_model(std::span(inkling_reader_model, inkling_reader_model_end),
                    "the built-in reader");
}

}  // namespace inkling
