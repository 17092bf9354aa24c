#include "cli/options/data_options.h"

#include "base/error.h"
#include "cli/fetching.h"
#include "cli/options/shared_options.h"
#include "train/recipe/recipe_fields.h"

namespace inkling {

void add_data_options(CommandLine& line, DataOptions& options, std::string_view otherwise) {
  const auto help = [](const char* field) { return find_recipe_field(field)->help; };
  line.text("--dataset", options.dataset, fmt::format("{} [{}]", help("dataset"), otherwise));
  add_data_dir_option(line, options.data_dir);
  line.text("--images", options.images, help("images"));
  line.text("--labels", options.labels, help("labels"));
  line.text("--pictures", options.pictures, help("pictures"));
}

void require_one_source(const DataOptions& options) {
  if (options.images.empty() != options.labels.empty()) {
    throw usage_error("--images and --labels go together, found only one");
  }
  const int sources =
      !options.dataset.empty() + !options.images.empty() + !options.pictures.empty();
  if (sources > 1) {
    throw usage_error("expected one of --dataset, --images with --labels, and --pictures; found {}",
                      sources);
  }
  if (names_files(options) && !options.data_dir.empty()) {
    throw usage_error("--data-dir goes with --dataset, found it with {}",
                      options.pictures.empty() ? "--images" : "--pictures");
  }
}

bool names_nothing(const DataOptions& options) {
  return options.dataset.empty() && !names_files(options);
}

bool names_files(const DataOptions& options) {
  return !options.images.empty() || !options.pictures.empty();
}

std::map<std::string, std::string> record_of(const DataOptions& options) {
  if (!options.pictures.empty()) return {{"pictures", options.pictures}};
  if (!options.images.empty()) return {{"images", options.images}, {"labels", options.labels}};
  return {{"dataset", options.dataset}};
}

DataOptions options_of(const std::map<std::string, std::string>& record) {
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

std::string name_of(const DataOptions& options) {
  return !options.pictures.empty() ? options.pictures
         : !options.images.empty() ? options.images
                                   : options.dataset;
}

Dataset load_images(const DataOptions& options, Split split, const PictureFolderOptions& pictures,
                    ThreadPool& pool) {
  if (!options.pictures.empty()) return read_picture_folder(options.pictures, pictures);
  if (!options.images.empty()) return load_idx_pair(options.images, options.labels);
  return load_or_fetch(options.dataset, split, options.data_dir, pool);
}

Dataset load_or_fetch(const std::string& name, Split split, const std::string& data_dir,
                      ThreadPool& pool) {
  const RemoteDataset* remote = find_remote_dataset(name);
  if (remote != nullptr && data_dir.empty() && is_missing(name, split)) {
    try {
      fetch_into_cache(*remote);
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

}  // namespace inkling
