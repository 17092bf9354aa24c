// Picture files in and out: the only decoder and encoder in the project (Leptonica), for PNG, JPEG,
// BMP, GIF, TIFF, WebP and PNM. What comes out is upright, 8 bits a sample, grey or RGB: palettes
// are resolved, 16 bits become 8, transparency is blended onto white, or onto black if what is
// opaque is light, a JPEG's EXIF orientation is applied, an animation gives its first frame. Not
// the place that finds digits in it.
//
//   Picture picture = to_grey(read_picture("seven.png"));
//   write_file("copy.png", encode_png(picture));
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace inkling {

inline constexpr size_t kMaxPictureBytes = size_t{1} << 27;  // of the file: 128 MiB
inline constexpr int64_t kMaxPicturePixels = 100'000'000;    // phones reach this; 400 MB decoded

struct Picture {
  int width = 0, height = 0;    // pixels, at least 1
  int channels = 1;             // 1 grey, 3 RGB (also grey with transparency)
  bool had_alpha = false;       // the file had transparency, now blended
  int reduction = 1;            // how many times smaller than the file says it was decoded
  std::vector<uint8_t> pixels;  // [height, width, channels], 0 black … 255
};

// Width, height and format are read from the header and capped before anything is decoded. Throws
// Error, naming `source`, if the bytes are empty, of no known format, claim more than
// kMaxPicturePixels, or are truncated or corrupt. May be called from several threads. The libraries
// below libleptonica may write a line of their own to stderr about a damaged file.
struct DecodeOptions {
  // The longest side the caller has a use for, pixels: what can be decoded smaller, a JPEG, is
  // decoded at a half, a quarter or an eighth of its size if that leaves as many. 0: never.
  int longest_needed = 0;
};
Picture decode_picture(std::span<const uint8_t> bytes, std::string_view source,
                       const DecodeOptions& options = {});

// The same from a file of at most kMaxPictureBytes. Throws Error as above and as read_file does.
Picture read_picture(const std::filesystem::path& path, const DecodeOptions& options = {});

// Luma by ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, rounded; a grey picture stays as it is.
Picture to_grey(Picture picture);

// 8-bit grey or RGB PNG without loss. The caller owes extents that fit the pixels.
std::vector<uint8_t> encode_png(const Picture& picture);

}  // namespace inkling
