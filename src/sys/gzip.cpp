#include "sys/gzip.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "base/error.h"

namespace inkling {
namespace {

constexpr size_t kSmallestMember = 18;  // 10 header, 8 trailer (RFC 1952)

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};
struct FreeCompressor {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
};

// The size its last bytes claim, as far as pictures are packed (MNIST 5-fold): a damaged file's
// claim is any number, so memory for more is only taken once the stream has filled this.
size_t first_guess(std::span<const uint8_t> bytes, size_t max_bytes) {
  const uint8_t* tail = bytes.data() + bytes.size() - 4;
  const size_t claimed =
      size_t{tail[0]} | size_t{tail[1]} << 8 | size_t{tail[2]} << 16 | size_t{tail[3]} << 24;
  return std::max<size_t>(1, std::min({claimed, bytes.size() * 16, max_bytes}));
}

}  // namespace

bool is_gzip(std::span<const uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

std::vector<uint8_t> gunzip(std::span<const uint8_t> bytes, std::string_view source,
                            size_t max_bytes) {
  const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> inflater(
      libdeflate_alloc_decompressor());
  INKLING_CHECK(inflater != nullptr);
  std::vector<uint8_t> out;
  size_t filled = 0;
  do {
    if (bytes.size() < kSmallestMember || !is_gzip(bytes)) {
      throw input_error("{}: expected a gzip stream, found {} bytes that are none", source,
                        bytes.size());
    }
    if (out.empty()) out.resize(first_guess(bytes, max_bytes));
    size_t read = 0, written = 0;
    const libdeflate_result result =
        libdeflate_gzip_decompress_ex(inflater.get(), bytes.data(), bytes.size(),
                                      out.data() + filled, out.size() - filled, &read, &written);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (out.size() >= max_bytes) {
        throw input_error("{}: expected at most {} bytes when inflated, found more", source,
                          max_bytes);
      }
      out.resize(std::min(max_bytes, out.size() * 2 + 4096));
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) {
      throw input_error("{}: the gzip data is truncated or corrupt (checksum or stream error)",
                        source);
    }
    filled += written;
    bytes = bytes.subspan(read);
  } while (!bytes.empty());
  out.resize(filled);
  return out;
}

std::vector<uint8_t> gzip(std::span<const uint8_t> bytes) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> deflater(
      libdeflate_alloc_compressor(6));
  INKLING_CHECK(deflater != nullptr);
  std::vector<uint8_t> out(libdeflate_gzip_compress_bound(deflater.get(), bytes.size()));
  out.resize(
      libdeflate_gzip_compress(deflater.get(), bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

}  // namespace inkling
