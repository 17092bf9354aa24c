#include "jobs/fetch_dataset.h"

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
  options.progress = [&](const FetchProgress& progress) { observer.download_progress(progress); };
  const Fetched fetched = fetch_into_cache(find_fetchable(request.dataset), options);
  observer.finished();
  return fetched;
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
