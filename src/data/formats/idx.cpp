#include "data/formats/idx.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"
#include "sys/file.h"
#include "sys/gzip.h"

namespace inkling {
namespace {

// Two zero bytes, 0x08 for unsigned byte, the number of extents.
constexpr uint32_t kLabelsMagic = 0x00000801;
constexpr uint32_t kGreyImagesMagic = 0x00000803;
constexpr uint32_t kColourImagesMagic = 0x00000804;
constexpr uint32_t kLabelRowsMagic = 0x00000c02;  // 0x0c for int32

uint32_t big_endian_at(std::span<const uint8_t> bytes, size_t offset) {
  return uint32_t{bytes[offset]} << 24 | uint32_t{bytes[offset + 1]} << 16 |
         uint32_t{bytes[offset + 2]} << 8 | uint32_t{bytes[offset + 3]};
}

// value: at most 32 bits.
void append_big_endian(std::vector<uint8_t>& bytes, int64_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(narrow<uint8_t>(value >> shift & 255));
  }
}

void require_header(std::span<const uint8_t> bytes, std::ptrdiff_t header_bytes,
                    std::string_view source) {
  if (std::ssize(bytes) < header_bytes) {
    throw input_error("{}: expected an IDX header of {} bytes, found {} bytes in all", source,
                      header_bytes, bytes.size());
  }
}

const char* hint_for(uint32_t magic) {
  if (magic == kLabelsMagic) return " (a label file)";
  if (magic == kGreyImagesMagic || magic == kColourImagesMagic) return " (an image file)";
  return "";
}

int checked_side(uint32_t value, const char* what, std::string_view source) {
  if (value < 1 || value > uint32_t{kMaxIdxSide}) {
    throw input_error("{}: expected an image {} of 1 to {} pixels, found {}", source, what,
                      kMaxIdxSide, value);
  }
  return narrow<int>(value);
}

std::vector<uint8_t> read_inflated(const std::filesystem::path& path) {
  std::vector<uint8_t> bytes = read_file(path, kMaxIdxBytes);
  return is_gzip(bytes) ? gunzip(bytes, path.string(), kMaxIdxBytes) : bytes;
}

void write_maybe_gzipped(const std::filesystem::path& path, const std::vector<uint8_t>& bytes) {
  write_file(path, path.extension() == ".gz" ? gzip(bytes) : bytes);
}

}  // namespace

IdxImages parse_idx_images(std::vector<uint8_t> bytes, std::string_view source) {
  require_header(bytes, 4, source);
  const uint32_t magic = big_endian_at(bytes, 0);
  if (magic != kGreyImagesMagic && magic != kColourImagesMagic) {
    throw input_error(
        "{}: expected the magic of IDX images, {:#010x} or {:#010x}, found {:#010x}{}", source,
        kGreyImagesMagic, kColourImagesMagic, magic, hint_for(magic));
  }
  const std::ptrdiff_t header_bytes = magic == kGreyImagesMagic ? 16 : 20;
  require_header(bytes, header_bytes, source);

  IdxImages images;
  const uint32_t count = big_endian_at(bytes, 4);
  if (count == 0) throw input_error("{}: expected at least one image, found 0", source);
  images.height = checked_side(big_endian_at(bytes, 8), "height", source);
  images.width = checked_side(big_endian_at(bytes, 12), "width", source);
  if (magic == kColourImagesMagic) {
    const uint32_t channels = big_endian_at(bytes, 16);
    if (channels != 1 && channels != 3) {
      throw input_error("{}: expected 1 or 3 channels, found {}", source, channels);
    }
    images.channels = narrow<int>(channels);
  }
  // At most 2^32 · 2^12 · 2^12 · 3: no overflow.
  const int64_t expected = int64_t{count} * images.height * images.width * images.channels;
  const int64_t found = std::ssize(bytes) - header_bytes;
  if (expected != found) {
    throw input_error("{}: expected {} bytes of pixels for {} images of {}x{}x{}, found {}", source,
                      expected, count, images.height, images.width, images.channels, found);
  }
  images.count = narrow<int>(count);
  bytes.erase(bytes.begin(), bytes.begin() + header_bytes);
  images.pixels = std::move(bytes);
  return images;
}

std::vector<uint8_t> parse_idx_labels(std::vector<uint8_t> bytes, std::string_view source) {
  constexpr size_t kHeaderBytes = 8;
  require_header(bytes, 4, source);
  const uint32_t magic = big_endian_at(bytes, 0);
  if (magic != kLabelsMagic) {
    throw input_error("{}: expected the magic of IDX labels, {:#010x}, found {:#010x}{}", source,
                      kLabelsMagic, magic, hint_for(magic));
  }
  require_header(bytes, kHeaderBytes, source);
  const uint32_t count = big_endian_at(bytes, 4);
  if (count == 0) throw input_error("{}: expected at least one label, found 0", source);
  if (count != bytes.size() - kHeaderBytes) {
    throw input_error("{}: expected {} bytes of labels, found {}", source, count,
                      bytes.size() - kHeaderBytes);
  }
  bytes.erase(bytes.begin(), bytes.begin() + kHeaderBytes);
  return bytes;
}

std::vector<uint8_t> parse_idx_label_rows(std::span<const uint8_t> bytes, std::string_view source) {
  constexpr size_t kHeaderBytes = 12;
  require_header(bytes, kHeaderBytes, source);
  if (const uint32_t magic = big_endian_at(bytes, 0); magic != kLabelRowsMagic) {
    throw input_error("{}: expected the magic of IDX rows of int32, {:#010x}, found {:#010x}{}",
                      source, kLabelRowsMagic, magic, hint_for(magic));
  }
  const uint64_t rows = big_endian_at(bytes, 4), columns = big_endian_at(bytes, 8);
  // Dividing, since rows · columns · 4 may not fit 64 bits.
  const uint64_t found = bytes.size() - kHeaderBytes;
  if (rows == 0 || columns == 0 || found % 4 != 0 || found / 4 % columns != 0 ||
      found / 4 / columns != rows) {
    throw input_error("{}: expected {} rows of {} int32, found {} bytes", source, rows, columns,
                      found);
  }
  std::vector<uint8_t> labels;
  labels.reserve(rows);
  for (uint64_t row = 0; row < rows; ++row) {
    const uint32_t label = big_endian_at(bytes, kHeaderBytes + row * columns * 4);
    if (label > 255) {
      throw input_error("{}: expected labels from 0 to 255, found {} at row {}", source,
                        static_cast<int32_t>(label), row);
    }
    labels.push_back(narrow<uint8_t>(label));
  }
  return labels;
}

IdxImages read_idx_images(const std::filesystem::path& path) {
  return parse_idx_images(read_inflated(path), path.string());
}

std::vector<uint8_t> read_idx_labels(const std::filesystem::path& path) {
  return parse_idx_labels(read_inflated(path), path.string());
}

Dataset read_idx_dataset(std::string_view name, const std::filesystem::path& images_path,
                         const std::filesystem::path& labels_path, int classes) {
  INKLING_CHECK(classes >= 0 && classes <= 256);
  Dataset dataset;
  dataset.labels = read_idx_labels(labels_path);  // the small file first
  const int largest = *std::max_element(dataset.labels.begin(), dataset.labels.end());
  dataset.classes = classes > 0 ? classes : std::max(2, largest + 1);
  for (size_t i = 0; i < dataset.labels.size(); ++i) {
    if (dataset.labels[i] >= dataset.classes) {
      throw input_error("{}: expected labels from 0 to {}, found {} at index {}",
                        labels_path.string(), dataset.classes - 1, dataset.labels[i], i);
    }
  }

  IdxImages images = read_idx_images(images_path);
  if (images.count != count_of(dataset.labels)) {
    throw input_error("{}: expected as many images as {} has labels, {}, found {}",
                      images_path.string(), labels_path.string(), dataset.labels.size(),
                      images.count);
  }
  dataset.name = name;
  dataset.height = images.height;
  dataset.width = images.width;
  dataset.channels = images.channels;
  dataset.images = std::move(images.pixels);
  for (int c = 0; c < dataset.classes; ++c) dataset.class_names.push_back(std::to_string(c));
  return dataset;
}

void write_idx_images(const std::filesystem::path& path, const IdxImages& images) {
  INKLING_CHECK(images.count > 0 && images.height > 0 && images.height <= kMaxIdxSide);
  INKLING_CHECK(images.width > 0 && images.width <= kMaxIdxSide);
  INKLING_CHECK(images.channels == 1 || images.channels == 3);
  INKLING_CHECK(std::ssize(images.pixels) ==
                int64_t{images.count} * images.height * images.width * images.channels);
  std::vector<uint8_t> bytes;
  bytes.reserve(images.pixels.size() + 20);
  append_big_endian(bytes, images.channels == 1 ? kGreyImagesMagic : kColourImagesMagic);
  append_big_endian(bytes, images.count);
  append_big_endian(bytes, images.height);
  append_big_endian(bytes, images.width);
  if (images.channels != 1) append_big_endian(bytes, images.channels);
  bytes.insert(bytes.end(), images.pixels.begin(), images.pixels.end());
  write_maybe_gzipped(path, bytes);
}

void write_idx_labels(const std::filesystem::path& path, std::span<const uint8_t> labels) {
  INKLING_CHECK(!labels.empty() && labels.size() < kMaxIdxBytes);
  std::vector<uint8_t> bytes;
  bytes.reserve(labels.size() + 8);
  append_big_endian(bytes, kLabelsMagic);
  append_big_endian(bytes, std::ssize(labels));
  bytes.insert(bytes.end(), labels.begin(), labels.end());
  write_maybe_gzipped(path, bytes);
}

}  // namespace inkling
