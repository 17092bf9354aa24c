// Fetching a known data set into the user's cache with a person watching: what `inkling data fetch`
// does when told and the other commands do when a data set is missing.
#pragma once

#include <filesystem>
#include <string>

#include "data/sources/fetch.h"

namespace inkling {

struct Fetched {
  std::filesystem::path folder;
  FetchResult files;
};

// Says on stderr what is fetched and where to, on a terminal how far it is. Throws Error if there
// is no cache folder, or as fetch_dataset does.
Fetched fetch_into_cache(const RemoteDataset& dataset, const std::string& mirror = {});

}  // namespace inkling
