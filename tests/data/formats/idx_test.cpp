#include "data/formats/idx.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <string>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"
#include "sys/gzip.h"

namespace inkling {
namespace {

using Bytes = std::vector<uint8_t>;

// A file of big-endian words followed by `payload` bytes 0, 1, 2, …
Bytes idx_bytes(std::initializer_list<uint32_t> words, size_t payload) {
  Bytes bytes;
  for (uint32_t word : words) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(uint8_t(word >> shift));
  }
  for (size_t i = 0; i < payload; ++i) bytes.push_back(uint8_t(i));
  return bytes;
}

class IdxFile : public testing::Test {
 protected:
  std::filesystem::path put(const char* name, const Bytes& bytes) {
    write_file(folder_ / name, bytes);
    return folder_ / name;
  }
  void expect_refused_images(const Bytes& bytes, std::initializer_list<const char*> parts) {
    const std::filesystem::path path = put("images", bytes);
    expect_error([&] { read_idx_images(path); }, ErrorKind::kInput, parts);
    expect_error([&] { read_idx_images(path); }, ErrorKind::kInput, {path.c_str()});
  }
  void expect_refused_labels(const Bytes& bytes, std::initializer_list<const char*> parts) {
    const std::filesystem::path path = put("labels", bytes);
    expect_error([&] { read_idx_labels(path); }, ErrorKind::kInput, parts);
    expect_error([&] { read_idx_labels(path); }, ErrorKind::kInput, {path.c_str()});
  }
  TemporaryFolder folder_;
};

TEST_F(IdxFile, GreyImagesAreRead) {
  const IdxImages images = read_idx_images(put("i", idx_bytes({0x803, 2, 3, 4}, 24)));
  EXPECT_EQ(images.count, 2);
  EXPECT_EQ(images.height, 3);
  EXPECT_EQ(images.width, 4);
  EXPECT_EQ(images.channels, 1);
  ASSERT_EQ(images.pixels.size(), 24u);
  EXPECT_EQ(images.pixels.front(), 0);
  EXPECT_EQ(images.pixels.back(), 23);
}

TEST_F(IdxFile, ColourImagesAreReadChannelsLast) {
  const IdxImages images = read_idx_images(put("i", idx_bytes({0x804, 2, 2, 1, 3}, 12)));
  EXPECT_EQ(images.height, 2);
  EXPECT_EQ(images.width, 1);
  EXPECT_EQ(images.channels, 3);
  EXPECT_EQ(images.pixels.size(), 12u);
}

TEST_F(IdxFile, GzipIsToldByContentNotByName) {
  const auto path = put("no-suffix", gzip(idx_bytes({0x801, 5}, 5)));
  EXPECT_EQ(read_idx_labels(path), (Bytes{0, 1, 2, 3, 4}));
}

TEST_F(IdxFile, WhatIsWrittenReadsBackPlainAndGzipped) {
  const IdxImages images{.count = 2,
                         .height = 1,
                         .width = 2,
                         .channels = 3,
                         .pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255}};
  for (const char* name : {"images", "images.gz"}) {
    write_idx_images(folder_ / name, images);
    const IdxImages back = read_idx_images(folder_ / name);
    EXPECT_EQ(back.count, 2);
    EXPECT_EQ(back.height, 1);
    EXPECT_EQ(back.width, 2);
    EXPECT_EQ(back.channels, 3);
    EXPECT_EQ(back.pixels, images.pixels);
  }
  EXPECT_TRUE(is_gzip(read_file(folder_ / "images.gz")));
  EXPECT_FALSE(is_gzip(read_file(folder_ / "images")));
  write_idx_labels(folder_ / "labels.gz", Bytes{3, 1});
  EXPECT_EQ(read_idx_labels(folder_ / "labels.gz"), (Bytes{3, 1}));
}

TEST_F(IdxFile, LabelRowsGiveTheirFirstColumn) {
  const Bytes rows = idx_bytes({0xc02, 2, 3, 7, 1000, 0xffffffff, 255, 5, 6}, 0);
  EXPECT_EQ(parse_idx_label_rows(rows, "rows"), (Bytes{7, 255}));
}

TEST_F(IdxFile, LabelRowsThatLieAreRefused) {
  const auto refused = [](const Bytes& bytes, const char* part) {
    EXPECT_ERROR(parse_idx_label_rows(bytes, "rows"), ErrorKind::kInput, "rows: ", part);
  };
  refused(idx_bytes({0xc02, 1}, 3), "header of 12 bytes");
  refused(idx_bytes({0x801, 1, 0}, 0), "(a label file)");
  refused(idx_bytes({0xc02, 0, 8}, 0), "expected 0 rows");
  refused(idx_bytes({0xc02, 1, 0}, 0), "of 0 int32");
  refused(idx_bytes({0xc02, 2, 2, 1, 1, 1}, 0), "expected 2 rows of 2 int32, found 12 bytes");
  refused(idx_bytes({0xc02, 1, 1, 1}, 1), "found 5 bytes");
  refused(idx_bytes({0xc02, 0x80000000, 0x80000000}, 0), "found 0 bytes");
  refused(idx_bytes({0xc02, 0xffffffff, 0xffffffff, 1}, 0), "found 4 bytes");
  refused(idx_bytes({0xc02, 2, 1, 1, 256}, 0), "found 256 at row 1");
  refused(idx_bytes({0xc02, 1, 1, 0xffffffff}, 0), "found -1 at row 0");
}

TEST_F(IdxFile, MissingFileIsRefused) {
  EXPECT_ERROR(read_idx_images(folder_ / "nowhere"), ErrorKind::kInput, "nowhere", "No such file");
}

TEST_F(IdxFile, EmptyFileIsRefused) {
  expect_refused_images({}, {"expected an IDX header", "found 0 bytes"});
  expect_refused_labels({}, {"expected an IDX header", "found 0 bytes"});
}

TEST_F(IdxFile, HeaderCutShortIsRefused) {
  for (size_t size = 1; size < 16; ++size) {
    Bytes bytes = idx_bytes({0x803, 1, 1, 1}, 0);
    bytes.resize(size);
    expect_refused_images(bytes, {"expected an IDX header"});
  }
  expect_refused_images(idx_bytes({0x804, 1, 1, 1}, 0), {"header of 20 bytes", "found 16"});
  expect_refused_labels(idx_bytes({0x801}, 3), {"header of 8 bytes", "found 7"});
}

TEST_F(IdxFile, WrongMagicIsRefusedAndNamed) {
  expect_refused_images(idx_bytes({0x801, 4}, 4),
                        {"0x00000803", "found 0x00000801 (a label file)"});
  expect_refused_labels(idx_bytes({0x803, 1, 2, 2}, 4), {"found 0x00000803 (an image file)"});
  expect_refused_images(idx_bytes({0x89504e47, 1, 1, 1}, 1), {"found 0x89504e47"});
  expect_refused_labels(idx_bytes({0x802, 4}, 4), {"found 0x00000802"});
}

TEST_F(IdxFile, TruncatedImagesAreRefused) {
  expect_refused_images(idx_bytes({0x803, 2, 3, 4}, 23), {"expected 24 bytes", "found 23"});
}

TEST_F(IdxFile, TruncatedLabelsAreRefused) {
  expect_refused_labels(idx_bytes({0x801, 5}, 4), {"expected 5 bytes", "found 4"});
}

TEST_F(IdxFile, ExtraBytesAreRefused) {
  expect_refused_images(idx_bytes({0x803, 2, 3, 4}, 25), {"expected 24 bytes", "found 25"});
  expect_refused_labels(idx_bytes({0x801, 5}, 6), {"expected 5 bytes", "found 6"});
}

TEST_F(IdxFile, ZeroImagesAndZeroLabelsAreRefused) {
  expect_refused_images(idx_bytes({0x803, 0, 28, 28}, 0), {"at least one image", "found 0"});
  expect_refused_labels(idx_bytes({0x801, 0}, 0), {"at least one label", "found 0"});
}

TEST_F(IdxFile, ZeroAndAbsurdExtentsAreRefused) {
  expect_refused_images(idx_bytes({0x803, 1, 0, 28}, 0), {"height", "found 0"});
  expect_refused_images(idx_bytes({0x803, 1, 28, 0}, 0), {"width", "found 0"});
  expect_refused_images(idx_bytes({0x803, 1, 4097, 1}, 4097), {"height", "found 4097"});
  expect_refused_images(idx_bytes({0x803, 1, 1, 0xffffffff}, 1), {"width", "found 4294967295"});
  expect_refused_images(idx_bytes({0x804, 1, 1, 1, 0}, 0), {"channels", "found 0"});
  expect_refused_images(idx_bytes({0x804, 1, 1, 1, 4}, 4), {"channels", "found 4"});
}

TEST_F(IdxFile, AbsurdCountsAreRefusedWithoutAllocatingForThem) {
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  expect_refused_images(idx_bytes({0x803, 0xffffffff, 4096, 4096}, 100), {"found 100"});
  // 2^32 · 2^12 · 2^12 would be 0 in 32 bits; 2^20 · 2^12 images wrap to the bytes there are.
  expect_refused_images(idx_bytes({0x803, 1u << 20, 4096, 1}, 0), {"found 0"});
  expect_refused_labels(idx_bytes({0x801, 0xffffffff}, 100), {"expected 4294967295", "found 100"});
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024);  // KiB
}

TEST_F(IdxFile, TruncatedGzipIsRefused) {
  Bytes bytes = gzip(idx_bytes({0x801, 500}, 500));
  bytes.resize(bytes.size() / 2);
  expect_refused_labels(bytes, {"gzip", "truncated or corrupt"});
}

TEST_F(IdxFile, DatasetNamesItsClassesByNumberAndCountsThem) {
  const auto images = put("i", idx_bytes({0x803, 3, 1, 2}, 6));
  const auto labels = put("l", idx_bytes({0x801, 3}, 3));
  const Dataset dataset = read_idx_dataset("mine", images, labels);
  EXPECT_EQ(dataset.name, "mine");
  EXPECT_EQ(dataset.classes, 3);
  EXPECT_EQ(dataset.class_names, (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(dataset.size(), 3u);
  EXPECT_EQ(dataset.image(2)[1], 5);
  EXPECT_EQ(read_idx_dataset("mine", images, labels, 10).classes, 10);
}

TEST_F(IdxFile, OneLabelStillMakesTwoClasses) {
  const auto images = put("i", idx_bytes({0x803, 1, 1, 1}, 1));
  const auto labels = put("l", idx_bytes({0x801, 1}, 1));
  EXPECT_EQ(read_idx_dataset("mine", images, labels).classes, 2);
}

TEST_F(IdxFile, ImagesAndLabelsOfDifferentNumberAreRefused) {
  const auto images = put("i", idx_bytes({0x803, 3, 1, 2}, 6));
  const auto labels = put("l", idx_bytes({0x801, 4}, 4));
  EXPECT_ERROR(read_idx_dataset("mine", images, labels), ErrorKind::kInput, images.c_str(),
               labels.c_str(), "4, found 3");
}

TEST_F(IdxFile, LabelNotBelowClassesIsRefusedWithItsIndex) {
  const auto images = put("i", idx_bytes({0x803, 4, 1, 2}, 8));
  const auto labels = put("l", idx_bytes({0x801, 4}, 4));
  EXPECT_ERROR(read_idx_dataset("mine", images, labels, 3), ErrorKind::kInput, labels.c_str(),
               "from 0 to 2", "found 3 at index 3");
}

TEST_F(IdxFile, FailedWriteLeavesNothing) {
  EXPECT_ERROR(write_idx_labels(folder_ / "no" / "such" / "place", Bytes{1}), ErrorKind::kSystem,
               "no/such/place");
  EXPECT_EQ(folder_.entries(), 0);
}

}  // namespace
}  // namespace inkling
