// The two 16-bit floats that files hold: IEEE 754 binary16 and bfloat16. To them, the nearest value
// is taken, of two equally near the even one; NaN stays NaN.
#pragma once

#include <cstdint>

namespace inkling {

uint16_t to_float16(float value);  // above 65519 infinite
float from_float16(uint16_t bits);

uint16_t to_bfloat16(float value);
float from_bfloat16(uint16_t bits);

}  // namespace inkling
