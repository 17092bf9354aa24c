// Which images: a named dataset, a pair of IDX files, or a folder of pictures with one subfolder a
// class. What options, recipes and a model's notes speak of; and the images themselves.
//
//   ImageSource source{.dataset = "mnist"};
//   Dataset train = load_images(source, Split::kTrain, {}, pool, {.stop = stop});
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/threads.h"
#include "data/dataset.h"
#include "data/sources/fetch.h"
#include "data/sources/picture_folder.h"
#include "data/sources/sources.h"

namespace inkling {

// At most one of dataset, images with labels, and pictures is named.
struct ImageSource {
  std::string dataset, data_dir, images, labels, pictures;  // empty: not given
};

bool names_nothing(const ImageSource& source);
// Files hold one set of images, without a split for testing.
bool names_files(const ImageSource& source);
// What is recorded of it: {"dataset": NAME}, {"images": F, "labels": F} or {"pictures": DIR}; and
// back, for what a model says it was trained on.
std::map<std::string, std::string> record_of(const ImageSource& source);
ImageSource source_of(const std::map<std::string, std::string>& record);
// As the user called it.
std::string name_of(const ImageSource& source);

// Told how far a download is, and asked whether to stop; both on the calling thread, either may be
// empty. A download stops by itself on Ctrl-C.
struct LoadObserver {
  std::function<void(const FetchProgress&)> fetching{};
  std::function<bool()> stop{};
};

// `split` is of a named dataset; pictures are read as `pictures` says. A known dataset that nobody
// has is fetched into the user's cache, unless source.data_dir is given. Throws Error as
// load_dataset, fetch_dataset, load_idx_pair and read_picture_folder do. One call at a time on a
// pool.
Dataset load_images(const ImageSource& source, Split split, const PictureFolderOptions& pictures,
                    ThreadPool& pool, const LoadObserver& observer);

}  // namespace inkling
