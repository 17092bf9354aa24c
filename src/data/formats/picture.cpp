#include "data/formats/picture.h"

#include <leptonica/allheaders.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"
#include "data/formats/alpha.h"
#include "data/formats/picture_header.h"
#include "sys/file.h"

namespace inkling {
namespace {

struct DestroyPix {
  void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPointer = std::unique_ptr<Pix, DestroyPix>;

// Leptonica says what it dislikes on stderr; here an Error says it. A plain global: set once.
void silence_leptonica() {
  [[maybe_unused]] static const l_int32 once = setMsgSeverity(L_SEVERITY_NONE);
}

PixPointer upright(PixPointer pix, int orientation) {
  // EXIF 2.32, table 6: a quarter turn to the right, then a mirror, makes 5 and 7.
  static constexpr struct {
    int quarter_turns;
    char mirror;  // 'h': left and right change places, 'v': top and bottom
  } kSteps[9] = {{0, 0}, {0, 0}, {0, 'h'}, {2, 0}, {0, 'v'}, {1, 'h'}, {1, 0}, {1, 'v'}, {3, 0}};
  const auto [turns, mirror] = kSteps[orientation];
  if (turns != 0) pix.reset(pixRotateOrth(pix.get(), turns));
  if (pix && mirror == 'h') pixFlipLR(pix.get(), pix.get());
  if (pix && mirror == 'v') pixFlipTB(pix.get(), pix.get());
  return pix;
}

// To 8 bits grey without palette, or 32 bits RGB(A).
PixPointer plain(PixPointer pix) {
  if (pix && pixGetColormap(pix.get()) != nullptr) {
    pix.reset(pixRemoveColormap(pix.get(), REMOVE_CMAP_BASED_ON_SRC));
  }
  if (pix && pixGetDepth(pix.get()) != 8 && pixGetDepth(pix.get()) != 32) {
    pix.reset(pixConvertTo8(pix.get(), 0));
  }
  return pix;
}

struct Rgba {
  uint8_t red, green, blue, alpha;
  explicit Rgba(l_uint32 word)
      : red(static_cast<uint8_t>(word >> L_RED_SHIFT)),
        green(static_cast<uint8_t>(word >> L_GREEN_SHIFT)),
        blue(static_cast<uint8_t>(word >> L_BLUE_SHIFT)),
        alpha(static_cast<uint8_t>(word >> L_ALPHA_SHIFT)) {}
};

size_t size_of(const Picture& picture) {
  return narrow<size_t>(int64_t{picture.width} * picture.height * picture.channels);
}

void copy_grey(Pix* pix, Picture& picture) {
  uint8_t* out = picture.pixels.data();
  for (int y = 0; y < picture.height; ++y) {
    const l_uint32* line = pixGetData(pix) + std::ptrdiff_t{y} * pixGetWpl(pix);
    for (int x = 0; x < picture.width; ++x) *out++ = GET_DATA_BYTE(line, x);
  }
}

void copy_rgb(Pix* pix, Picture& picture) {
  std::vector<uint8_t> rgba;
  const bool has_alpha = pixGetSpp(pix) == 4;
  if (has_alpha) rgba.reserve(picture.pixels.size() / 3 * 4);
  uint8_t* out = picture.pixels.data();
  for (int y = 0; y < picture.height; ++y) {
    const l_uint32* line = pixGetData(pix) + std::ptrdiff_t{y} * pixGetWpl(pix);
    for (int x = 0; x < picture.width; ++x) {
      const Rgba pixel(line[x]);
      if (has_alpha) {
        rgba.insert(rgba.end(), {pixel.red, pixel.green, pixel.blue, pixel.alpha});
        continue;
      }
      for (const uint8_t value : {pixel.red, pixel.green, pixel.blue}) *out++ = value;
    }
  }
  if (!has_alpha) return;
  const int reduction = picture.reduction;
  picture = blended(rgba.data(), picture.width, picture.height, std::ptrdiff_t{4} * picture.width);
  picture.reduction = reduction;
}

// A JPEG can be decoded at a half, a quarter or an eighth of its size, in less time.
int reduction_of(const PictureHeader& header, const DecodeOptions& options) {
  if (options.longest_needed == 0) return 1;
  int reduction = 1;
  while (reduction < 8 && header.jpeg_side / (2 * reduction) >= options.longest_needed) {
    reduction *= 2;
  }
  return reduction;
}

}  // namespace

Picture decode_picture(std::span<const uint8_t> bytes, std::string_view source,
                       const DecodeOptions& options) {
  silence_leptonica();
  if (bytes.empty()) throw input_error("{}: expected a picture, found an empty file", source);
  const PictureHeader header = read_picture_header(bytes, source);
  if (header.pixels > kMaxPicturePixels) {
    throw input_error("{}: expected a picture of at most {} pixels, found a claim of {}", source,
                      kMaxPicturePixels, header.pixels);
  }
  const int reduction = reduction_of(header, options);
  PixPointer pix(reduction > 1
                     ? pixReadMemJpeg(bytes.data(), bytes.size(), 0, reduction, nullptr, 0)
                     : pixReadMem(bytes.data(), bytes.size()));
  if (!pix) throw input_error("{}: the picture data is truncated or corrupt", source);
  pix = plain(upright(std::move(pix), header.orientation));
  if (!pix) throw system_error("{}: not enough memory to decode the picture", source);

  Picture picture;
  picture.reduction = reduction;
  picture.width = pixGetWidth(pix.get());
  picture.height = pixGetHeight(pix.get());
  picture.channels = pixGetDepth(pix.get()) == 32 ? 3 : 1;
  picture.pixels.resize(size_of(picture));
  picture.channels == 3 ? copy_rgb(pix.get(), picture) : copy_grey(pix.get(), picture);
  return picture;
}

Picture read_picture(const std::filesystem::path& path, const DecodeOptions& options) {
  return decode_picture(read_file(path, kMaxPictureBytes), path.string(), options);
}

Picture to_grey(Picture picture) {
  if (picture.channels == 1) return picture;
  const size_t count = picture.pixels.size() / 3;
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* rgb = &picture.pixels[3 * i];
    // i <= 3i: what is written has been read.
    picture.pixels[i] =
        static_cast<uint8_t>((299u * rgb[0] + 587u * rgb[1] + 114u * rgb[2] + 500u) / 1000u);
  }
  picture.pixels.resize(count);
  picture.channels = 1;
  return picture;
}

std::vector<uint8_t> encode_png(const Picture& picture) {
  silence_leptonica();
  INKLING_CHECK(picture.width > 0 && picture.height > 0);
  INKLING_CHECK(picture.channels == 1 || picture.channels == 3);
  INKLING_CHECK(picture.pixels.size() == size_of(picture));
  const PixPointer pix(pixCreate(picture.width, picture.height, picture.channels == 1 ? 8 : 32));
  INKLING_CHECK(pix != nullptr);
  const uint8_t* in = picture.pixels.data();
  for (int y = 0; y < picture.height; ++y) {
    l_uint32* line = pixGetData(pix.get()) + std::ptrdiff_t{y} * pixGetWpl(pix.get());
    for (int x = 0; x < picture.width; ++x, in += picture.channels) {
      if (picture.channels == 1) {
        SET_DATA_BYTE(line, x, in[0]);
      } else {
        composeRGBPixel(in[0], in[1], in[2], line + x);
      }
    }
  }
  l_uint8* data = nullptr;
  size_t size = 0;
  const l_ok failed = pixWriteMemPng(&data, &size, pix.get(), 0);
  const std::unique_ptr<l_uint8, decltype(&lept_free)> owner(data, lept_free);
  INKLING_CHECK(failed == 0);
  return std::vector<uint8_t>(data, data + size);
}

}  // namespace inkling
