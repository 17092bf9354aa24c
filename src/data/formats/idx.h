// IDX, the file format of MNIST and its relatives: a magic number, the extents, the bytes, all
// big-endian; gzipped or not, told apart by content. Images are unsigned bytes in three dimensions
// (magic 0x00000803, grey) or four (0x00000804, channels last); labels are unsigned bytes in one
// (0x00000801). Not the place that knows where datasets lie (sources.h).
//
// Every field is checked before anything is allocated for it. All readers throw Error, naming the
// file and saying what was expected and found, if the file cannot be read, is corrupt gzip, holds
// more than kMaxIdxBytes, has another magic, a zero or absurd extent, or more or fewer bytes than
// the extents say.
//
//   Dataset train = read_idx_dataset("mine", "train-images.gz", "train-labels.gz");
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "data/dataset.h"

namespace inkling {

inline constexpr size_t kMaxIdxBytes = size_t{1} << 31;  // inflated; MNIST's largest is 47 MB
inline constexpr int kMaxIdxSide = 4096;                 // pixels

struct IdxImages {
  int count = 0, height = 0, width = 0;  // all at least 1
  int channels = 1;                      // 1 grey, 3 RGB
  std::vector<uint8_t> pixels;           // [count, height, width, channels]
};

IdxImages read_idx_images(const std::filesystem::path& path);
std::vector<uint8_t> read_idx_labels(const std::filesystem::path& path);

// The same from bytes already inflated; `source` is the name errors carry.
IdxImages parse_idx_images(std::vector<uint8_t> bytes, std::string_view source);
std::vector<uint8_t> parse_idx_labels(std::vector<uint8_t> bytes, std::string_view source);

// The labels of QMNIST's files: big-endian int32 rows in two dimensions (magic 0x00000C02), of
// which column 0 is kept. Throws Error as above, or if a label is not in 0 … 255.
std::vector<uint8_t> parse_idx_label_rows(std::span<const uint8_t> bytes, std::string_view source);

// One split from its two files. `classes` 0 takes the largest label + 1, but at least 2. Classes
// are named by their numbers. Throws Error as above, if the two files differ in number, or if a
// label is not below `classes`.
Dataset read_idx_dataset(std::string_view name, const std::filesystem::path& images_path,
                         const std::filesystem::path& labels_path, int classes = 0);

// Write atomically, gzipped where the name ends in ".gz". Throw Error where the disk refuses. The
// caller owes extents in range that fit the pixels, and at least one image or label.
void write_idx_images(const std::filesystem::path& path, const IdxImages& images);
void write_idx_labels(const std::filesystem::path& path, std::span<const uint8_t> labels);

}  // namespace inkling
