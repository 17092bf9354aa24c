// Where datasets lie. A dataset is a folder of four IDX files named as MNIST's are, gzipped or not:
//
//   train-images-idx3-ubyte[.gz]  train-labels-idx1-ubyte[.gz]
//   t10k-images-idx3-ubyte[.gz]   t10k-labels-idx1-ubyte[.gz]
//
// Given --data-dir D, the dataset NAME is D/NAME and is looked for nowhere else. Without it, the
// first of these that has one of NAME's files: $INKLING_DATA/NAME, data/NAME, and NAME in the
// user's cache ($XDG_CACHE_HOME/inkling, else ~/.cache/inkling). Files are never mixed from two
// folders, and nothing is substituted: what cannot be found is an Error that lists the places and
// the remedy. Nothing is fetched here (fetch.h). A classes.txt beside the IDX files (class_names.h)
// says how many classes there are and what they are called. One name needs no folder and may
// have none: "synthetic", 60,000 and 10,000 digits drawn on the spot (synth.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/threads.h"
#include "data/dataset.h"

namespace inkling {

enum class Split { kTrain, kTest };

// What is known of a public dataset before its files are seen.
struct KnownDataset {
  std::string name;
  std::vector<std::string> class_names;  // [classes]
};
const std::vector<KnownDataset>& known_datasets();
const KnownDataset* find_known_dataset(std::string_view name);  // null if unknown

struct DataPlace {
  std::filesystem::path folder;  // its subfolders are datasets
  std::string origin;            // "--data-dir", "$INKLING_DATA", "data/", "the user's cache"
};

// The places in the order they are asked; `data_dir` empty means not given. Throws Error if
// data_dir or $INKLING_DATA is not a readable folder; the other places may be missing.
std::vector<DataPlace> data_places(const std::filesystem::path& data_dir = {});

// The folder that answers to `name`, or nothing. Opens no file. Throws Error as data_places does,
// usage Error if the name is empty or a path.
std::optional<std::filesystem::path> find_dataset(std::string_view name,
                                                  const std::filesystem::path& data_dir = {});

// Whether the split is to be had only by fetching the dataset into the user's cache: no place has
// any of its files, or the first that has is the cache, which lacks one of the split's.
bool is_missing(std::string_view name, Split split);

// Reads one split and opens no file of the other, with one exception: the number of classes of a
// dataset that is not a known one and has no classes.txt comes from its training labels, where it
// has them. "synthetic" is drawn by the pool, or by the calling thread alone; a pool takes one call
// at a time. Throws Error if it cannot be found, is incomplete, or as read_idx_dataset and
// read_class_names do.
Dataset load_dataset(std::string_view name, Split split, const std::filesystem::path& data_dir = {},
                     ThreadPool* pool = nullptr);

// Any pair of IDX files; a classes.txt beside the labels counts. Its name is the images' path.
// Throws Error as read_idx_dataset and read_class_names do.
Dataset load_idx_pair(const std::filesystem::path& images, const std::filesystem::path& labels);

}  // namespace inkling
