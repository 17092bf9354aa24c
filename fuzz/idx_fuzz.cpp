// Any bytes as IDX images, labels and label rows: each parser gives what the header says or throws
// Error; nothing else.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "data/formats/idx.h"
#include "expect.h"

namespace {

using Bytes = std::vector<uint8_t>;
using inkling::fuzz::expect_value_or_error;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes(data, data + size);
  expect_value_or_error([&] {
    const inkling::IdxImages images = inkling::parse_idx_images(bytes, "fuzz");
    INKLING_CHECK(images.count > 0 && images.height > 0 && images.width > 0);
    INKLING_CHECK(images.pixels.size() == size_t(images.count) * size_t(images.height) *
                                              size_t(images.width) * size_t(images.channels));
    const size_t header_bytes = size - images.pixels.size();
    INKLING_CHECK(images.pixels == Bytes(data + header_bytes, data + size));
  });
  expect_value_or_error([&] {
    const Bytes labels = inkling::parse_idx_labels(bytes, "fuzz");
    INKLING_CHECK(!labels.empty() && labels == Bytes(data + 8, data + size));
  });
  expect_value_or_error([&] {
    const Bytes labels = inkling::parse_idx_label_rows(bytes, "fuzz");
    INKLING_CHECK(!labels.empty() && labels.size() <= (size - 12) / 4);
    INKLING_CHECK(labels[0] == data[15]);
  });
  return 0;
}
