#include "jobs/reader/labelled_images.h"

#include <utility>

#include "base/error.h"
#include "data/formats/class_names.h"
#include "data/formats/idx.h"
#include "data/sources/sources.h"
#include "eval/predict.h"
#include "recognize/find_digit.h"
#include "sys/file.h"

namespace inkling {

Dataset load_digits(const std::string& dataset, const std::string& data_dir) {
  Dataset digits = load_dataset(dataset, Split::kTrain, data_dir);
  if (!holds_normalised_digits(digits) || digits.classes != 10) {
    throw input_error("{}: expected ten digits in MNIST's form", digits.name);
  }
  return digits;
}

std::vector<uint32_t> all_but_last(const Dataset& images, int kept_back) {
  if (kept_back < 0 || std::cmp_greater_equal(kept_back, images.size())) {
    throw usage_error("--kept-back: expected fewer than {} images, found {}", images.size(),
                      kept_back);
  }
  return all_indices(images.size() - narrow<size_t>(kept_back));
}

std::vector<std::string> digit_names() {
  std::vector<std::string> names;
  for (int digit = 0; digit < 10; ++digit) names.push_back(std::to_string(digit));
  return names;
}

void write_images(LabelledImages images, int side, std::span<const std::string> class_names,
                  const std::filesystem::path& out) {
  make_folder(out);
  write_idx_images(out / "train-images-idx3-ubyte", {.count = count_of(images.labels),
                                                     .height = side,
                                                     .width = side,
                                                     .pixels = std::move(images.pixels)});
  write_idx_labels(out / "train-labels-idx1-ubyte", images.labels);
  std::string names;
  for (const std::string& name : class_names) names += name + "\n";
  write_file(out / kClassNamesFile, std::string_view(names));
}

}  // namespace inkling
