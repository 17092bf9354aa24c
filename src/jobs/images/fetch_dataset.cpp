#include "jobs/images/fetch_dataset.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/error.h"
#include "base/suggest.h"
#include "data/sources/sources.h"

namespace inkling {

Fetched fetch_dataset(const FetchRequest& request, JobObserver& observer) {
  FetchOptions options;
  options.mirror = request.mirror;
  Progress told(observer);
  options.progress = [&](const FetchProgress& progress) { told.download(progress); };
  return fetch_into_cache(find_fetchable(request.dataset), options);
}

const RemoteDataset& find_fetchable(const std::string& name) {
  if (const RemoteDataset* dataset = find_remote_dataset(name)) return *dataset;
  if (const std::string_view advice = advice_by_hand(name); !advice.empty()) {
    throw input_error("data fetch: {}: {}", name, advice);
  }
  std::vector<std::string_view> known;
  for (const KnownDataset& dataset : known_datasets()) known.push_back(dataset.name);
  throw usage_error("data fetch: expected one of {}; found \"{}\"{}", fmt::join(known, ", "), name,
                    did_you_mean(name, known));
}

}  // namespace inkling
