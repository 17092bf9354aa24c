// The C interface's functions without a model.
#include "api/status.h"
#include "inkling/inkling.h"
#include "nn/engine.h"

using namespace inkling;

extern "C" {

const char* inkling_last_error(void) { return last_error(); }

const char* inkling_version(void) { return INKLING_VERSION; }

const char* inkling_cpu_variant(void) { return best_variant_name().data(); }

const char* inkling_reason_name(inkling_reason reason) {
  switch (reason) {
    case INKLING_BLANK:
      return "blank";
    case INKLING_NOT_A_DIGIT:
      return "not-a-digit";
    case INKLING_UNREADABLE:
      return "unreadable";
    case INKLING_READ:
      break;
  }
  return "";
}

}  // extern "C"
