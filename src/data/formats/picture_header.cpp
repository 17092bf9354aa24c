#include "data/formats/picture_header.h"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "base/index.h"

namespace inkling {
namespace {

// Bytes read by offset; beyond the end everything is zero.
class Reader {
 public:
  Reader(std::span<const uint8_t> bytes, bool big_endian)
      : bytes_(bytes), big_endian_(big_endian) {}

  size_t size() const { return bytes_.size(); }
  uint32_t u8(size_t at) const { return at < bytes_.size() ? bytes_[at] : 0; }
  uint32_t u16(size_t at) const {
    return big_endian_ ? u8(at) << 8 | u8(at + 1) : u8(at) | u8(at + 1) << 8;
  }
  uint32_t u32(size_t at) const {
    return big_endian_ ? u16(at) << 16 | u16(at + 2) : u16(at) | u16(at + 2) << 16;
  }
  bool text_at(size_t at, std::string_view text) const {
    return at + text.size() <= bytes_.size() &&
           std::memcmp(bytes_.data() + at, text.data(), text.size()) == 0;
  }

 private:
  std::span<const uint8_t> bytes_;
  bool big_endian_;
};

// Leptonica's own header reader decodes a whole BMP or GIF, so these two are read here.
int64_t bmp_pixels(std::span<const uint8_t> bytes) {
  const Reader in(bytes, false);
  const int64_t width = static_cast<int32_t>(in.u32(18));
  const int64_t height = static_cast<int32_t>(in.u32(22));  // negative: rows from the top
  return width * std::abs(height);
}

// From `at`, over blocks of a length byte and as many bytes, to behind the empty one (GIF89a, 15).
size_t skip_sub_blocks(const Reader& in, size_t at) {
  while (at < in.size() && in.u8(at) != 0) at += 1 + in.u8(at);
  return at + 1;
}

size_t colour_table_bytes(uint32_t flags) {
  return (flags & 0x80) != 0 ? size_t{3} << ((flags & 7) + 1) : 0;
}

// The decoder unpacks every frame, and the logical screen may lie about their size: all are added
// up.
int64_t gif_pixels(std::span<const uint8_t> bytes) {
  const Reader in(bytes, false);
  int64_t pixels = int64_t{in.u16(6)} * in.u16(8);
  size_t at = 13 + colour_table_bytes(in.u8(10));
  while (at < in.size()) {
    const uint32_t block = in.u8(at);
    if (block == 0x21) {  // extension: label, sub-blocks
      at = skip_sub_blocks(in, at + 2);
    } else if (block == 0x2c) {  // image: 9 bytes, colour table, code size, sub-blocks
      pixels += int64_t{in.u16(at + 5)} * in.u16(at + 7);
      at = skip_sub_blocks(in, at + 11 + colour_table_bytes(in.u8(at + 9)));
    } else {
      break;  // the trailer, or damage the decoder will find
    }
  }
  return pixels;
}

// The orientation tag (0x0112) of the TIFF structure in an EXIF segment; 1 if there is none.
int orientation_in_exif(std::span<const uint8_t> exif) {
  const bool big_endian = !exif.empty() && exif[0] == 'M';
  const Reader in(exif, big_endian);
  if (in.u16(2) != 42) return 1;
  const size_t directory = in.u32(4);
  const uint32_t entries = in.u16(directory);
  for (uint32_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + 12 * size_t{i};
    if (entry >= in.size()) return 1;
    if (in.u16(entry) != 0x0112) continue;
    const int value = narrow<int>(in.u16(entry + 8));
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// Walks the segments before the picture data; Leptonica neither applies nor tells the orientation.
int jpeg_orientation(std::span<const uint8_t> bytes) {
  const Reader in(bytes, true);
  size_t at = 2;
  while (at + 4 <= in.size() && in.u8(at) == 0xff) {
    const uint32_t marker = in.u8(at + 1);
    if (marker == 0xff) {  // padding
      ++at;
      continue;
    }
    if (marker == 0xda || marker == 0xd9) break;  // start of scan, end of image
    const size_t length = in.u16(at + 2);
    if (length < 2) break;
    if (marker == 0xe1 && in.text_at(at + 4, std::string_view("Exif\0\0", 6)) && length >= 8) {
      const size_t begin = std::min(at + 10, bytes.size());
      return orientation_in_exif(bytes.subspan(begin, std::min(length - 8, bytes.size() - begin)));
    }
    at += 2 + length;
  }
  return 1;
}

}  // namespace

PictureHeader read_picture_header(std::span<const uint8_t> bytes, std::string_view source) {
  const auto unknown = [&] {
    return input_error(
        "{}: expected a picture (PNG, JPEG, BMP, GIF, TIFF, WebP or PNM), found {} bytes that are "
        "none",
        source, bytes.size());
  };
  constexpr size_t kSniffed = 12;  // bytes findFileFormatBuffer looks at
  l_int32 format = IFF_UNKNOWN;
  if (bytes.size() < kSniffed || findFileFormatBuffer(bytes.data(), &format) != 0) throw unknown();

  PictureHeader header;
  if (format == IFF_BMP) {
    header.pixels = bmp_pixels(bytes);
  } else if (format == IFF_GIF) {
    header.pixels = gif_pixels(bytes);
  } else if (format == IFF_PNG || format == IFF_JFIF_JPEG || format == IFF_WEBP ||
             format == IFF_PNM || L_FORMAT_IS_TIFF(format)) {
    l_int32 width = 0, height = 0;
    if (pixReadHeaderMem(bytes.data(), bytes.size(), nullptr, &width, &height, nullptr, nullptr,
                         nullptr) == 0) {
      header.pixels = int64_t{width} * height;
    }
    if (format == IFF_JFIF_JPEG) {
      header.orientation = jpeg_orientation(bytes);
      header.jpeg_side = std::max(width, height);
    }
  } else {
    throw unknown();
  }
  if (header.pixels <= 0) {
    throw input_error("{}: expected a picture's width and height, found a damaged header", source);
  }
  return header;
}

}  // namespace inkling
