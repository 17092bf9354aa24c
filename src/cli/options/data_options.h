// Which labelled images a command works on: one way to name them for all commands.
//
//   --dataset NAME [--data-dir D]     a named data set; a known one is fetched where it is missing
//   --images F --labels F             a pair of IDX files
//   --pictures DIR                    a folder of pictures, one subfolder a class
#pragma once

#include <map>
#include <string>

#include "base/threads.h"
#include "cli/command_line.h"
#include "data/dataset.h"
#include "data/sources/picture_folder.h"
#include "data/sources/sources.h"

namespace inkling {

struct DataOptions {
  std::string dataset, data_dir, images, labels, pictures;  // empty: not given
};

// `otherwise` says in the help what serves when none is given.
void add_data_options(CommandLine& line, DataOptions& options, std::string_view otherwise);

// Throws usage Error if images are named in more than one way, or --images or --labels alone.
void require_one_source(const DataOptions& options);

bool names_nothing(const DataOptions& options);
// Files hold one set of images, without a split for testing.
bool names_files(const DataOptions& options);
// What is recorded of them: {"dataset": NAME}, {"images": F, "labels": F} or {"pictures": DIR}; and
// back, for what a model says it was trained on.
std::map<std::string, std::string> record_of(const DataOptions& options);
DataOptions options_of(const std::map<std::string, std::string>& record);
// As the user called them.
std::string name_of(const DataOptions& options);

// The images. `split` is of a named data set; pictures are read as `pictures` says. A known data
// set that nobody has is fetched into the user's cache, unless --data-dir was given. Throws Error
// as load_dataset, fetch_dataset, load_idx_pair and read_picture_folder do.
Dataset load_images(const DataOptions& options, Split split, const PictureFolderOptions& pictures,
                    ThreadPool& pool);

// Only a named data set: what `inkling pipeline` begins with.
Dataset load_or_fetch(const std::string& name, Split split, const std::string& data_dir,
                      ThreadPool& pool);

}  // namespace inkling
