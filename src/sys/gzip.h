// Gzip in memory. The size a gzip file claims for itself is never trusted: inflating stops at
// max_bytes, and memory grows with what really comes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace inkling {

bool is_gzip(std::span<const uint8_t> bytes);

// Inflates every member. Throws Error, naming `source`, if the stream is truncated, corrupt, holds
// more than max_bytes, or has anything but gzip members in it.
std::vector<uint8_t> gunzip(std::span<const uint8_t> bytes, std::string_view source,
                            size_t max_bytes);

std::vector<uint8_t> gzip(std::span<const uint8_t> bytes);

}  // namespace inkling
