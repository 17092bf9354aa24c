#include "cli/options/data_options.h"

#include <fmt/core.h>

#include "base/error.h"
#include "cli/options/shared_options.h"
#include "train/recipe/recipe_fields.h"

namespace inkling {

void add_data_options(CommandLine& line, ImageSource& source, std::string_view otherwise) {
  const auto help = [](const char* field) { return find_recipe_field(field)->help; };
  line.text("--dataset", source.dataset, fmt::format("{} [{}]", help("dataset"), otherwise));
  add_data_dir_option(line, source.data_dir);
  line.text("--images", source.images, help("images"));
  line.text("--labels", source.labels, help("labels"));
  line.text("--pictures", source.pictures, help("pictures"));
}

void require_one_source(const ImageSource& source) {
  if (source.images.empty() != source.labels.empty()) {
    throw usage_error("--images and --labels must be given together, found only one");
  }
  const int sources = !source.dataset.empty() + !source.images.empty() + !source.pictures.empty();
  if (sources > 1) {
    throw usage_error("expected one of --dataset, --images with --labels, and --pictures; found {}",
                      sources);
  }
  if (names_files(source) && !source.data_dir.empty()) {
    throw usage_error("--data-dir goes with --dataset, found it with {}",
                      source.pictures.empty() ? "--images" : "--pictures");
  }
}

}  // namespace inkling
