// Any bytes as a picture file's header: PNG, JPEG with EXIF, BMP, GIF, TIFF, WebP, PNM. What the
// header claims is within picture.h's bounds, or there is an Error.
#include "data/formats/picture_header.h"

#include <string_view>

#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  inkling::fuzz::expect_value_or_error([&] {
    const inkling::PictureHeader header = inkling::read_picture_header({data, size}, "fuzz");
    INKLING_CHECK(header.pixels > 0);
    INKLING_CHECK(header.orientation >= 1 && header.orientation <= 8);
  });
  return 0;
}
