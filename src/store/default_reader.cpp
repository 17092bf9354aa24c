#include "store/default_reader.h"

#include <cstdint>
#include <span>

#include "store/model_format.h"

// The files' bytes as they are. An array in a header would take the compiler half a minute.
#define INKLING_EMBED(name, file)     \
  asm(".pushsection .rodata\n"        \
      ".balign 64\n"                  \
      ".global " #name                \
      "\n"                            \
      ".hidden " #name "\n" #name     \
      ":\n"                           \
      ".incbin \"" file               \
      "\"\n"                          \
      ".global " #name                \
      "_end\n"                        \
      ".hidden " #name "_end\n" #name \
      "_end:\n"                       \
      ".byte 0\n"                     \
      ".popsection\n");               \
  extern "C" const uint8_t name[], name##_end[]

INKLING_EMBED(inkling_reader_model, INKLING_READER_MODEL);
INKLING_EMBED(inkling_locator_model, INKLING_LOCATOR_MODEL);

namespace inkling {

Model default_reader() {
  return load_model(std::span(inkling_reader_model, inkling_reader_model_end),
                    "the built-in reader");
}

Model default_locator() {
  return load_model(std::span(inkling_locator_model, inkling_locator_model_end),
                    "the built-in locator");
}

}  // namespace inkling
