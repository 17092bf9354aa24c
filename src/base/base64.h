// Bytes as base64 (RFC 4648, section 4: padded, no line breaks), for data URIs.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace inkling {

std::string base64(std::span<const uint8_t> bytes);

}  // namespace inkling
