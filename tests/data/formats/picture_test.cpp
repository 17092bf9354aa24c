#include "data/formats/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <leptonica/allheaders.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>

#include "base/clock.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

using Bytes = std::vector<uint8_t>;
using testing::ElementsAre;

Picture gradient(int width, int height, int channels) {
  Picture picture{
      .width = width, .height = height, .channels = channels, .had_alpha = false, .pixels = {}};
  for (int i = 0; i < width * height * channels; ++i) picture.pixels.push_back(uint8_t(i * 7));
  return picture;
}

// A Leptonica picture in a file format.
Bytes encode(Pix* pix, int format) {
  l_uint8* data = nullptr;
  size_t size = 0;
  EXPECT_EQ(pixWriteMem(&data, &size, pix, format), 0);
  Bytes bytes(data, data + size);
  lept_free(data);
  pixDestroy(&pix);
  return bytes;
}

// width x height black but for one white pixel at (x, y).
Pix* black_with_white_dot(int width, int height, int x, int y) {
  Pix* pix = pixCreate(width, height, 8);
  pixSetPixel(pix, x, y, 255);
  return pix;
}

void put_big_endian(Bytes& bytes, size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) bytes[at + i] = uint8_t(value >> (24 - 8 * i));
}

TEST(Picture, GreyAndRgbSurviveAsPng) {
  for (int channels : {1, 3}) {
    const Picture picture = gradient(13, 5, channels);
    const Picture back = decode_picture(encode_png(picture), "p");
    EXPECT_EQ(back.width, 13);
    EXPECT_EQ(back.height, 5);
    EXPECT_EQ(back.channels, channels);
    EXPECT_FALSE(back.had_alpha);
    EXPECT_EQ(back.pixels, picture.pixels);
  }
}

TEST(Picture, SinglePixelSurvivesAsPng) {
  const Picture back = decode_picture(encode_png(gradient(1, 1, 1)), "p");
  EXPECT_THAT(back.pixels, ElementsAre(0));
}

TEST(Picture, IsReadFromAFile) {
  const TemporaryFolder folder;
  write_file(folder / "p.png", encode_png(gradient(3, 2, 1)));
  EXPECT_EQ(read_picture(folder / "p.png").width, 3);
  EXPECT_ERROR(read_picture(folder / "none.png"), ErrorKind::kInput, "none.png", "No such file");
}

TEST(Picture, EveryLosslessFormatGivesTheSamePixels) {
  for (int format : {IFF_PNG, IFF_BMP, IFF_TIFF, IFF_TIFF_LZW, IFF_TIFF_ZIP, IFF_PNM}) {
    const Picture p = decode_picture(encode(black_with_white_dot(3, 2, 2, 1), format), "p");
    EXPECT_EQ(p.width, 3) << format;
    EXPECT_EQ(p.height, 2) << format;
    EXPECT_THAT(to_grey(p).pixels, ElementsAre(0, 0, 0, 0, 0, 255)) << format;
  }
}

TEST(Picture, LossyFormatsAndGifAreRead) {
  for (int format : {IFF_JFIF_JPEG, IFF_WEBP, IFF_GIF}) {
    Pix* pix = pixCreate(40, 24, 8);
    pixSetAllArbitrary(pix, 200);
    const Picture p = to_grey(decode_picture(encode(pix, format), "p"));
    EXPECT_EQ(p.width, 40);
    EXPECT_EQ(p.height, 24);
    EXPECT_NEAR(p.pixels[500], 200, 4) << format;
  }
}

TEST(Picture, OneBitBecomesBlackAndWhite) {
  Pix* pix = pixCreate(2, 1, 1);  // in Leptonica a set bit is black
  pixSetPixel(pix, 1, 0, 1);
  EXPECT_THAT(decode_picture(encode(pix, IFF_PNG), "p").pixels, ElementsAre(255, 0));
}

TEST(Picture, SixteenBitsBecomeEight) {
  Pix* pix = pixCreate(2, 1, 16);
  pixSetPixel(pix, 0, 0, 0x1234);
  pixSetPixel(pix, 1, 0, 0xff00);
  EXPECT_THAT(decode_picture(encode(pix, IFF_PNG), "p").pixels, ElementsAre(0x12, 0xff));
}

TEST(Picture, PalettesAreResolved) {
  Pix* pix = pixCreate(2, 1, 8);
  PixColormap* map = pixcmapCreate(8);
  pixcmapAddColor(map, 10, 20, 30);
  pixcmapAddColor(map, 200, 100, 0);
  pixSetColormap(pix, map);
  pixSetPixel(pix, 1, 0, 1);
  const Picture p = decode_picture(encode(pix, IFF_PNG), "p");
  EXPECT_EQ(p.channels, 3);
  EXPECT_THAT(p.pixels, ElementsAre(10, 20, 30, 200, 100, 0));
}

TEST(Picture, TransparencyIsBlendedOntoWhite) {
  Pix* pix = pixCreate(3, 1, 32);
  pixSetSpp(pix, 4);
  composeRGBAPixel(0, 0, 0, 0, pixGetData(pix));
  composeRGBAPixel(0, 100, 200, 255, pixGetData(pix) + 1);
  composeRGBAPixel(0, 0, 0, 51, pixGetData(pix) + 2);
  const Picture p = decode_picture(encode(pix, IFF_PNG), "p");
  EXPECT_TRUE(p.had_alpha);
  EXPECT_EQ(p.channels, 3);
  EXPECT_THAT(p.pixels, ElementsAre(255, 255, 255, 0, 100, 200, 204, 204, 204));
}

TEST(Picture, LightOnTransparencyIsBlendedOntoBlack) {
  Pix* pix = pixCreate(2, 1, 32);
  pixSetSpp(pix, 4);
  composeRGBAPixel(255, 255, 255, 0, pixGetData(pix));
  composeRGBAPixel(240, 250, 230, 255, pixGetData(pix) + 1);
  const Picture p = decode_picture(encode(pix, IFF_PNG), "p");
  EXPECT_THAT(p.pixels, ElementsAre(0, 0, 0, 240, 250, 230));
}

TEST(Picture, LumaWeighsTheColours) {
  Picture p{.width = 3,
            .height = 1,
            .channels = 3,
            .had_alpha = false,
            .pixels = {255, 0, 0, 0, 255, 0, 0, 0, 255}};
  p = to_grey(std::move(p));
  EXPECT_EQ(p.channels, 1);
  EXPECT_THAT(p.pixels, ElementsAre(76, 150, 29));
}

// A JPEG whose upper left quarter is white, with an EXIF segment that says how to hold it.
Bytes jpeg_with_orientation(uint8_t orientation, bool big_endian) {
  Pix* pix = pixCreate(32, 16, 8);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 16; ++x) pixSetPixel(pix, x, y, 255);
  }
  Bytes jpeg = encode(pix, IFF_JFIF_JPEG);
  Bytes exif{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0};
  if (big_endian) {
    exif.insert(exif.end(), {'M', 'M', 0, 42, 0, 0, 0,           8, 0, 1, 0x01, 0x12, 0,
                             3,   0,   0, 0,  1, 0, orientation, 0, 0, 0, 0,    0,    0});
  } else {
    exif.insert(exif.end(), {'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 0x01, 3,
                             0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0,    0});
  }
  jpeg.insert(jpeg.begin() + 2, exif.begin(), exif.end());
  return jpeg;
}

TEST(Picture, ExifOrientationIsApplied) {
  // Where the white quarter must come out: {right half, lower half, turned by a quarter}.
  const struct {
    bool right, low, turned;
  } expected[] = {{false, false, false}, {true, false, false}, {true, true, false},
                  {false, true, false},  {false, false, true}, {true, false, true},
                  {true, true, true},    {false, true, true}};
  for (uint8_t orientation = 1; orientation <= 8; ++orientation) {
    for (bool big_endian : {false, true}) {
      const auto [right, low, turned] = expected[orientation - 1];
      const Picture p =
          to_grey(decode_picture(jpeg_with_orientation(orientation, big_endian), "p"));
      ASSERT_EQ(p.width, turned ? 16 : 32) << int{orientation};
      ASSERT_EQ(p.height, turned ? 32 : 16) << int{orientation};
      for (bool is_right : {false, true}) {
        for (bool is_low : {false, true}) {
          const int x = p.width / 4 + (is_right ? p.width / 2 : 0);
          const int y = p.height / 4 + (is_low ? p.height / 2 : 0);
          EXPECT_NEAR(p.pixels[size_t(y * p.width + x)],
                      is_right == right && is_low == low ? 255 : 0, 8)
              << int{orientation};
        }
      }
    }
  }
}

TEST(Picture, NonsenseOrientationIsTakenAsUpright) {
  EXPECT_EQ(decode_picture(jpeg_with_orientation(9, true), "p").width, 32);
  EXPECT_EQ(decode_picture(jpeg_with_orientation(0, false), "p").width, 32);
}

TEST(Picture, EmptyAndGarbageAreRefused) {
  EXPECT_ERROR(decode_picture({}, "p.png"), ErrorKind::kInput, "p.png", "empty file");
  for (size_t size : {1u, 11u, 12u, 13u, 1000u}) {
    EXPECT_ERROR(decode_picture(Bytes(size, 'x'), "p.png"), ErrorKind::kInput, "p.png",
                 "expected a picture");
  }
}

TEST(Picture, TruncatedFilesOfEveryFormatAreRefused) {
  for (int format : {IFF_PNG, IFF_JFIF_JPEG, IFF_BMP, IFF_GIF, IFF_TIFF_LZW, IFF_WEBP, IFF_PNM}) {
    Pix* pix = pixCreate(64, 64, 8);
    for (int i = 0; i < 64 * 64; ++i) pixSetPixel(pix, i % 64, i / 64, uint32_t(i * i % 251));
    const Bytes bytes = encode(pix, format);
    for (size_t size : {bytes.size() / 2, size_t{60}, size_t{20}, size_t{12}}) {
      EXPECT_ERROR(decode_picture(std::span(bytes).first(size), "p.bin"), ErrorKind::kInput,
                   "p.bin: ");
    }
  }
}

// Memory that a refusal of these bytes takes at most, and time.
void expect_refused_cheaply(const Bytes& bytes, const char* part) {
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const Stopwatch watch;
  EXPECT_ERROR(decode_picture(bytes, "bomb"), ErrorKind::kInput, "bomb: ", part);
  EXPECT_LT(watch.seconds(), 0.2);
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 * 1024);  // KiB
}

TEST(Picture, AbsurdSizesAreRefusedBeforeDecoding) {
  Bytes png = encode_png(gradient(1, 1, 1));
  put_big_endian(png, 16, 100'000);
  put_big_endian(png, 20, 100'000);
  png.resize(57);
  expect_refused_cheaply(png, "found a claim of 10000000000");

  Bytes bmp = encode(black_with_white_dot(2, 2, 0, 0), IFF_BMP);
  for (size_t i : {18u, 22u}) bmp[i] = 0, bmp[i + 1] = 0, bmp[i + 2] = 1;  // 65536
  expect_refused_cheaply(bmp, "found a claim of 4294967296");

  // The screen says 1x1, the frame 65535x65535.
  Bytes gif = encode(black_with_white_dot(2, 2, 0, 0), IFF_GIF);
  gif[6] = gif[8] = 1;
  const Bytes descriptor{0x2c, 0, 0, 0, 0, 2, 0, 2, 0};
  const auto frame = std::search(gif.begin(), gif.end(), descriptor.begin(), descriptor.end());
  ASSERT_NE(frame, gif.end());
  std::fill_n(frame + 5, 4, uint8_t{0xff});
  expect_refused_cheaply(gif, "found a claim of 42948362");

  const std::string pnm = "P5 60000 60000 255 xxxxxxxxxxxxx";
  expect_refused_cheaply(Bytes(pnm.begin(), pnm.end()), "found a claim of 3600000000");
}

TEST(Picture, DamagedHeadersAreRefused) {
  Bytes png = encode_png(gradient(4, 4, 1));
  put_big_endian(png, 16, 0);
  EXPECT_ERROR(decode_picture(png, "p.png"), ErrorKind::kInput, "p.png: ");
  put_big_endian(png, 16, 0xffffffff);
  EXPECT_ERROR(decode_picture(png, "p.png"), ErrorKind::kInput, "p.png: ");
}

TEST(Picture, AnyFlippedByteIsReadOrRefusedButNeverFatal) {
  for (int format : {IFF_PNG, IFF_JFIF_JPEG, IFF_BMP, IFF_GIF, IFF_TIFF_LZW, IFF_WEBP, IFF_PNM}) {
    const Bytes bytes = encode(black_with_white_dot(9, 9, 4, 4), format);
    for (size_t at = 0; at < std::min<size_t>(bytes.size(), 120); ++at) {
      Bytes flipped = bytes;
      flipped[at] ^= 0x55;
      try {
        const Picture p = decode_picture(flipped, "p");
        EXPECT_EQ(p.pixels.size(), size_t(p.width * p.height * p.channels));
      } catch (const Error&) {
      }
    }
  }
}

TEST(Picture, AJpegIsDecodedNoLargerThanNeeded) {
  const Bytes jpeg = encode(pixCreate(320, 200, 8), IFF_JFIF_JPEG);
  const Bytes png = encode(pixCreate(320, 200, 8), IFF_PNG);
  const auto decoded = [](const Bytes& bytes, int needed) {
    const Picture picture = decode_picture(bytes, "p", {.longest_needed = needed});
    return std::array{picture.reduction, picture.width, picture.height};
  };
  EXPECT_EQ(decoded(jpeg, 0), (std::array{1, 320, 200}));
  EXPECT_EQ(decoded(jpeg, 161), (std::array{1, 320, 200}));
  EXPECT_EQ(decoded(jpeg, 160), (std::array{2, 160, 100}));
  EXPECT_EQ(decoded(jpeg, 1), (std::array{8, 40, 25}));
  EXPECT_EQ(decoded(png, 1), (std::array{1, 320, 200}));
}

}  // namespace
}  // namespace inkling
