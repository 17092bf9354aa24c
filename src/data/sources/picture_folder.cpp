#include "data/sources/picture_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/index.h"
#include "base/numbers.h"
#include "base/utf8.h"
#include "data/formats/class_names.h"
#include "data/formats/idx.h"
#include "data/formats/picture.h"
#include "data/scale.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// What is in a folder and not hidden, by the bytes of its names.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code code;
  fs::directory_iterator entries(folder, code);
  std::vector<fs::path> paths;
  for (; !code && entries != fs::directory_iterator(); entries.increment(code)) {
    const fs::path& path = entries->path();
    if (!path.filename().string().starts_with('.')) paths.push_back(path);
  }
  if (code) {
    throw input_error("{}: expected a folder of pictures, one subfolder a class: {}",
                      folder.string(), code.message());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::vector<std::string> subfolders_of(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::path& path : entries_of(folder)) {
    if (!is_folder(path)) continue;
    names.push_back(path.filename().string());
    if (!is_utf8(names.back())) {
      throw input_error("{}: expected a subfolder whose name, a class's, is UTF-8", path.string());
    }
  }
  if (names.empty() || names.size() > kMaxClasses) {
    throw input_error("{}: expected 1 to {} subfolders, one a class, found {}", folder.string(),
                      kMaxClasses, names.size());
  }
  const auto number = [](const std::string& name) { return parse_integer(name); };
  if (std::all_of(names.begin(), names.end(), number)) {
    std::stable_sort(names.begin(), names.end(),
                     [&](const auto& a, const auto& b) { return *number(a) < *number(b); });
  }
  return names;
}

void require_known(const std::vector<std::string>& found, const std::vector<std::string>& known,
                   const fs::path& folder) {
  for (const std::string& name : found) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw input_error("{}: expected a subfolder named as one of the classes \"{}\" to \"{}\"",
                        (folder / name).string(), known.front(), known.back());
    }
  }
}

class FolderReader {
 public:
  FolderReader(Dataset& dataset, const PictureFolderOptions& options,
               const std::function<bool()>& stop)
      : dataset_(dataset), options_(options), stop_(stop) {}

  // Adds the pictures of one class and returns how many there were.
  size_t add_class(const fs::path& folder, size_t label) {
    const std::vector<fs::path> paths = entries_of(folder);
    for (const fs::path& path : paths) {
      if (stop_ && stop_())
        throw Error(ErrorKind::kInterrupted, "interrupted while reading pictures");
      if (is_folder(path)) {
        throw input_error("{}: expected a picture, found a folder in a class's folder",
                          path.string());
      }
      add(path);
      dataset_.labels.push_back(narrow<uint8_t>(label));
    }
    return paths.size();
  }

 private:
  Picture made_of(Picture picture, const fs::path& path) const {
    if (options_.form) {
      std::optional<Picture> made = options_.form(picture);
      if (made) return std::move(*made);
      throw input_error("{}: expected a picture with ink on it, found a blank one", path.string());
    }
    if (options_.channels == 1) picture = to_grey(std::move(picture));
    return options_.height > 0 ? scaled(picture, options_.height, options_.width)
                               : std::move(picture);
  }

  void add(const fs::path& path) {
    const Picture picture = made_of(read_picture(path), path);
    if (dataset_.labels.empty()) {
      first_ = path;
      dataset_.height = picture.height;
      dataset_.width = picture.width;
    }
    if (picture.height != dataset_.height || picture.width != dataset_.width) {
      throw input_error(
          "{}: expected {}x{} pixels as {} has, found {}x{} (height x width); all must "
          "be of one size",
          path.string(), dataset_.height, dataset_.width, first_.string(), picture.height,
          picture.width);
    }
    if (dataset_.bytes().size() + dataset_.image_size() > kMaxIdxBytes) {
      throw input_error("{}: expected pictures of at most {} bytes of pixels in all, found more",
                        path.string(), kMaxIdxBytes);
    }
    append(picture);
  }

  void append(const Picture& picture) {
    std::vector<uint8_t>& bytes = dataset_.bytes();
    if (picture.channels == options_.channels) {
      bytes.insert(bytes.end(), picture.pixels.begin(), picture.pixels.end());
      return;
    }
    for (const uint8_t grey : picture.pixels) {  // wanted in colour
      bytes.insert(bytes.end(), 3, grey);
    }
  }

  Dataset& dataset_;
  const PictureFolderOptions& options_;
  const std::function<bool()>& stop_;
  fs::path first_;
};

}  // namespace

Dataset read_picture_folder(const fs::path& folder, const PictureFolderOptions& options,
                            const std::function<bool()>& stop) {
  const std::vector<std::string> found = subfolders_of(folder);
  if (!options.class_names.empty()) require_known(found, options.class_names, folder);

  Dataset dataset;
  dataset.name = folder.string();
  dataset.channels = options.channels;
  dataset.class_names = options.class_names.empty() ? found : options.class_names;
  dataset.classes = count_of(dataset.class_names);
  FolderReader reader(dataset, options, stop);
  for (size_t label = 0; label < dataset.class_names.size(); ++label) {
    const std::string& name = dataset.class_names[label];
    if (std::find(found.begin(), found.end(), name) == found.end()) continue;
    if (reader.add_class(folder / name, label) == 0) {
      throw input_error("{}: expected at least one picture, found none", (folder / name).string());
    }
  }
  return dataset;
}

}  // namespace inkling
