// A known dataset downloaded into the user's cache, with an observer told how far it is.
#pragma once

#include <string>

#include "data/sources/fetch.h"
#include "jobs/observer.h"

namespace inkling {

struct FetchRequest {
  std::string dataset;  // "mnist"
  std::string mirror;   // as FetchOptions::mirror
};

// Throws Error (usage) for a name that is not known, Error as fetch_into_cache.
Fetched fetch_dataset(const FetchRequest& request, JobObserver& observer);

// The dataset of that name. Throws Error saying which there are, or how to get it by hand.
const RemoteDataset& find_fetchable(const std::string& name);

}  // namespace inkling
