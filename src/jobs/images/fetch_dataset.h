// A known dataset downloaded into the user's cache, with progress for an observer.
#pragma once

#include <string>

#include "data/sources/fetch.h"
#include "jobs/observer.h"

namespace inkling {

struct FetchRequest {
  std::string dataset;  // "mnist"
  std::string mirror;   // as FetchOptions::mirror
};

// Throws Error (usage) for an unknown name; Error as fetch_into_cache does. Threads:
// observer.h.
Fetched fetch_dataset(const FetchRequest& request, JobObserver& observer);

// The dataset of that name. Throws Error listing the known ones, or saying how to get it by hand.
const RemoteDataset& find_fetchable(const std::string& name);

}  // namespace inkling
