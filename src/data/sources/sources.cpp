#include "data/sources/sources.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "data/formats/class_names.h"
#include "data/formats/idx.h"
#include "data/sources/mirrors.h"
#include "data/synth/synth.h"
#include "sys/environment.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct SplitFiles {
  const char* images;
  const char* labels;
};
constexpr SplitFiles kTrainFiles{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
constexpr SplitFiles kTestFiles{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

const SplitFiles& files_of(Split split) {
  return split == Split::kTrain ? kTrainFiles : kTestFiles;
}

std::vector<std::string> ten_digits() { return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}; }

void require_readable_folder(const DataPlace& place) {
  std::error_code code;
  const fs::file_status status = fs::status(place.folder, code);
  if (!fs::exists(status)) {
    throw input_error("{} {}: expected a folder of datasets, found {}", place.origin,
                      place.folder.string(), code ? code.message() : "nothing");
  }
  if (!fs::is_directory(status)) {
    throw input_error("{} {}: expected a folder of datasets, found a file", place.origin,
                      place.folder.string());
  }
  const fs::directory_iterator entries(place.folder, code);
  if (code) {
    throw input_error("{} {}: cannot read the folder: {}", place.origin, place.folder.string(),
                      code.message());
  }
}

// The file, gzipped or not, if it is there. Only looked at, never opened.
std::optional<fs::path> find_file(const fs::path& folder, const char* name) {
  for (const char* suffix : {"", ".gz"}) {
    const fs::path path = folder / (std::string(name) + suffix);
    std::error_code ignored;
    if (fs::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

bool has_any_file(const fs::path& folder) {
  for (const SplitFiles& files : {kTrainFiles, kTestFiles}) {
    if (find_file(folder, files.images) || find_file(folder, files.labels)) return true;
  }
  return false;
}

void require_plain_name(std::string_view name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos) {
    throw usage_error(
        "dataset: expected a name such as mnist (a subfolder of the data folder), found '{}'; "
        "give the folder above it with --data-dir",
        name);
  }
}

std::optional<fs::path> find_in(const std::vector<DataPlace>& places, std::string_view name) {
  for (const DataPlace& place : places) {
    const fs::path folder = place.folder / name;
    if (has_any_file(folder)) return folder;
  }
  return std::nullopt;
}

Error not_found(std::string_view name, Split split, const std::vector<DataPlace>& places) {
  std::string looked;
  for (const DataPlace& place : places) {
    looked += fmt::format("\n  {} ({})", (place.folder / name).string(), place.origin);
  }
  const SplitFiles& files = files_of(split);
  const std::string_view advice = advice_by_hand(name);
  return input_error(
      "dataset {}: expected its IDX files, found none; looked in:{}\n"
      "Put {} and {} (gzipped or not) into one of these folders, or say where they are: --data-dir "
      "D for D/{}, or the INKLING_DATA variable.{}{}",
      name, looked, files.images, files.labels, name, advice.empty() ? "" : "\n", advice);
}

fs::path require_file(const fs::path& folder, const char* name) {
  if (const std::optional<fs::path> path = find_file(folder, name)) return *path;
  throw input_error("{}: expected {} or {}.gz beside the dataset's other files, found neither",
                    folder.string(), name, name);
}

// Of a dataset nobody told us about: what its training labels say, where it has them.
int classes_by_training_labels(const fs::path& folder) {
  const std::optional<fs::path> path = find_file(folder, kTrainFiles.labels);
  if (!path) return 0;
  int largest = 1;
  for (uint8_t label : read_idx_labels(*path)) largest = std::max<int>(largest, label);
  return largest + 1;
}

// What the folder's classes.txt says, if it has one.
std::vector<std::string> class_names_in(const fs::path& folder) {
  const fs::path path = folder / kClassNamesFile;
  std::error_code ignored;
  return fs::exists(path, ignored) ? read_class_names(path) : std::vector<std::string>();
}

// As many as MNIST has.
Dataset built_in_digits(Split split, ThreadPool* pool) {
  return split == Split::kTrain ? synthesise_digits(60000, 1, {}, 0, pool)
                                : synthesise_digits(10000, 1, {}, kFirstSynthTestIndex, pool);
}

}  // namespace

const std::vector<KnownDataset>& known_datasets() {
  static const std::vector<KnownDataset> known = {
      {"mnist", ten_digits()},
      {"fashion-mnist",
       {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot"}},
      {"kmnist", {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"}},
      {"qmnist", ten_digits()},
  };
  return known;
}

const KnownDataset* find_known_dataset(std::string_view name) {
  for (const KnownDataset& known : known_datasets()) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

std::vector<DataPlace> data_places(const fs::path& data_dir) {
  std::vector<DataPlace> places;
  if (!data_dir.empty()) {
    places.push_back({data_dir, "--data-dir"});
    require_readable_folder(places.back());
    return places;
  }
  if (const fs::path named = environment_path("INKLING_DATA"); !named.empty()) {
    places.push_back({named, "$INKLING_DATA"});
    require_readable_folder(places.back());
  }
  places.push_back({"data", "data/"});
  if (const auto cache = cache_folder()) places.push_back({*cache, "the user's cache"});
  return places;
}

std::optional<fs::path> find_dataset(std::string_view name, const fs::path& data_dir) {
  require_plain_name(name);
  return find_in(data_places(data_dir), name);
}

bool is_missing(std::string_view name, Split split) {
  const std::optional<fs::path> folder = find_dataset(name);
  if (!folder) return true;
  const std::optional<fs::path> cache = cache_folder();
  const SplitFiles& files = files_of(split);
  return cache && *folder == *cache / name &&
         !(find_file(*folder, files.images) && find_file(*folder, files.labels));
}

Dataset load_dataset(std::string_view name, Split split, const fs::path& data_dir,
                     ThreadPool* pool) {
  require_plain_name(name);
  const std::vector<DataPlace> places = data_places(data_dir);
  const std::optional<fs::path> folder = find_in(places, name);
  if (name == kSyntheticName) {
    if (!folder) return built_in_digits(split, pool);
    throw input_error("{}: expected no dataset of this name, which is built in; rename the folder",
                      folder->string());
  }
  if (!folder) throw not_found(name, split, places);

  const fs::path images = require_file(*folder, files_of(split).images);
  const fs::path labels = require_file(*folder, files_of(split).labels);
  std::vector<std::string> names = class_names_in(*folder);
  if (const KnownDataset* known = find_known_dataset(name)) {
    if (names.empty()) names = known->class_names;
    if (names.size() != known->class_names.size()) {
      throw input_error("{}: expected the {} classes of {}, found {}",
                        (*folder / kClassNamesFile).string(), known->class_names.size(), name,
                        names.size());
    }
  }
  const int classes = !names.empty()          ? count_of(names)
                      : split == Split::kTest ? classes_by_training_labels(*folder)
                                              : 0;
  Dataset dataset = read_idx_dataset(name, images, labels, classes);
  if (!names.empty()) dataset.class_names = std::move(names);
  return dataset;
}

Dataset load_idx_pair(const fs::path& images, const fs::path& labels) {
  std::vector<std::string> names = class_names_in(labels.parent_path());
  Dataset dataset = read_idx_dataset(images.string(), images, labels, count_of(names));
  if (!names.empty()) dataset.class_names = std::move(names);
  return dataset;
}

}  // namespace inkling
