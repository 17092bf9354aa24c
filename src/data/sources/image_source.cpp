#include "data/sources/image_source.h"

#include <fmt/core.h>

#include "base/error.h"

namespace inkling {
namespace {

Dataset load_or_fetch(const std::string& name, Split split, const std::string& data_dir,
                      ThreadPool& pool, const LoadObserver& observer) {
  const RemoteDataset* remote = find_remote_dataset(name);
  if (remote != nullptr && data_dir.empty() && is_missing(name, split)) {
    FetchOptions options;
    options.progress = observer.fetching;
    try {
      fetch_into_cache(*remote, options);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      std::string looked;
      for (const DataPlace& place : data_places()) {
        looked += fmt::format("\n  {} ({})", (place.folder / name).string(), place.origin);
      }
      throw input_error("dataset {}: not on this machine; looked in:{}\n{}", name, looked,
                        error.what());
    }
  }
  return load_dataset(name, split, data_dir, &pool);
}

}  // namespace

bool names_nothing(const ImageSource& source) {
  return source.dataset.empty() && !names_files(source);
}

bool names_files(const ImageSource& source) {
  return !source.images.empty() || !source.pictures.empty();
}

std::map<std::string, std::string> record_of(const ImageSource& source) {
  if (!source.pictures.empty()) return {{"pictures", source.pictures}};
  if (!source.images.empty()) return {{"images", source.images}, {"labels", source.labels}};
  return {{"dataset", source.dataset}};
}

ImageSource source_of(const std::map<std::string, std::string>& record) {
  const auto value = [&](const char* key) {
    const auto found = record.find(key);
    return found == record.end() ? std::string() : found->second;
  };
  return {.dataset = value("dataset"),
          .data_dir = {},
          .images = value("images"),
          .labels = value("labels"),
          .pictures = value("pictures")};
}

std::string name_of(const ImageSource& source) {
  return !source.pictures.empty() ? source.pictures
         : !source.images.empty() ? source.images
                                  : source.dataset;
}

Dataset load_images(const ImageSource& source, Split split, const PictureFolderOptions& pictures,
                    ThreadPool& pool, const LoadObserver& observer) {
  if (!source.pictures.empty()) {
    return read_picture_folder(source.pictures, pictures, observer.stop);
  }
  if (!source.images.empty()) return load_idx_pair(source.images, source.labels);
  return load_or_fetch(source.dataset, split, source.data_dir, pool, observer);
}

}  // namespace inkling
