// Where the world gets the known datasets, and by which sums their files are recognised. Not how
// they are fetched (fetch.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace inkling {

struct RemoteFile {
  std::string remote;  // its name on the mirrors; gzipped
  std::string local;   // the name sources.h looks for, ".gz" put behind it
  // Lower-case hex; one of the two. The first holds in whatever way the file was gzipped.
  std::string inflated_sha256{};
  std::string gzip_md5{};
  // IDX of int32 rows [n, columns] whose column 0 is the label: that is kept, as IDX labels.
  bool label_rows = false;
};

struct RemoteDataset {
  std::string name;
  std::vector<std::string> mirrors;  // in the order they are asked; each ends in '/'
  std::vector<RemoteFile> files;
};

// Null if `name` is not fetched.
const RemoteDataset* find_remote_dataset(std::string_view name);

// What to do about a dataset that is public but not fetched, a sentence; "" if nothing is known.
std::string_view advice_by_hand(std::string_view name);

}  // namespace inkling
