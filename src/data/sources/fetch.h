// A known dataset's files from the network into a folder, verified. Not where they come from
// (mirrors.h) nor where datasets are looked for (sources.h).
//
//   fetch_dataset(*find_remote_dataset("mnist"), *cache_folder() / "mnist", {});
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "data/sources/mirrors.h"
#include "sys/download.h"

namespace inkling {

struct FetchProgress {
  std::string_view dataset;
  const std::filesystem::path& folder;  // the files go to
  std::string_view file;                // its remote name
  DownloadProgress bytes;
};

struct FetchOptions {
  std::string mirror{};  // a URL, asked instead of the dataset's own; the sums still hold
  // Its progress is not asked. The largest known file has 10 MB.
  DownloadOptions download{.max_bytes = uint64_t{1} << 27};
  std::function<void(const FetchProgress&)> progress{};  // on the calling thread; may not throw
};

struct FetchResult {
  int fetched = 0;
  int kept = 0;  // were there and are right
};

// Brings every file into `folder`, which is made if need be. A file there that is right is kept; a
// gzipped one that is wrong is fetched anew. Each file is asked of one mirror after the other,
// verified, and only then takes its name, at once: no reader ever sees half of it. What arrived of
// a file beyond that lies beside it with ".part" behind its name, and the next fetch goes on there.
// A file put into the folder by hand under its remote name is used. Threads and processes that
// fetch into the same folder take turns.
//
// Throws Error (input) if a file is to be had from no mirror: each one's fault, and what to put
// where by hand. Throws usage Error if options.mirror is no http or https URL, Error as
// download and write_file do.
FetchResult fetch_dataset(const RemoteDataset& dataset, const std::filesystem::path& folder,
                          const FetchOptions& options);

struct Fetched {
  std::filesystem::path folder;
  FetchResult files;
};

// Into the folder of its name in the user's cache (sys/environment.h). Throws Error if there is no
// cache, or as fetch_dataset does.
Fetched fetch_into_cache(const RemoteDataset& dataset, const FetchOptions& options);

}  // namespace inkling
