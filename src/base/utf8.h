// Whether bytes from outside are text: UTF-8 as RFC 3629 has it, nothing overlong, no surrogates.
#pragma once

#include <string_view>

namespace inkling {

bool is_utf8(std::string_view bytes);

}  // namespace inkling
