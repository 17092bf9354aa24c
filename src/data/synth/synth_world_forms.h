// Forms beside those of synth_forms.h, for a reader that meets more hands than MNIST's: further
// ways to write a digit, letters and signs that are no digits, and the marks that stand between
// digits. Of our own design; which digits' forms were missing was seen in the development pictures.
#pragma once

#include <span>

#include "data/synth/synth_forms.h"

namespace inkling {

// digit: 0 … 9. Never empty.
std::span<const DigitForm> world_digit_forms(int digit);

// Letters and signs no digit looks like: without O o D Q I i l Z z S s B b G g q.
std::span<const DigitForm> letter_forms();

// Dots, commas, dashes and the like, where they stand beside a digit that reaches from y = 0 to 1.
std::span<const DigitForm> mark_forms();

}  // namespace inkling
