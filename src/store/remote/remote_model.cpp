#include "store/remote/remote_model.h"

#include <fmt/core.h>

#include "base/error.h"
#include "store/remote/hub.h"
#include "sys/download.h"
#include "sys/environment.h"
#include "sys/file.h"
#include "sys/folder_lock.h"
#include "sys/hash.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHub = "hf://";
constexpr uint64_t kMaxBytes = uint64_t{1} << 31;

// A file of any URL, under the URL's hash.
fs::path fetch_url(const std::string& url) {
  const auto cache = cache_folder();
  if (!cache) throw input_error("{}: no folder to fetch it into: set HOME or XDG_CACHE_HOME", url);
  const fs::path folder = *cache / "models";
  const fs::path file = folder / (sha256_hex(url.data(), url.size()) + ".safetensors");
  if (environment_switch("HF_HUB_OFFLINE")) {
    if (fs::exists(file)) return file;
    throw input_error("{}: not in the cache, and HF_HUB_OFFLINE is set", url);
  }
  make_folder(folder);
  const FolderLock lock(folder);
  const fs::path part = file.string() + ".part";
  download(url, part, {.max_bytes = kMaxBytes});
  fs::rename(part, file);
  return file;
}

}  // namespace

bool names_remote_model(const std::string& model) {
  return model.starts_with(kHub) || model.starts_with("https://") || model.starts_with("http://");
}

fs::path fetch_model(const std::string& model) {
  if (!model.starts_with(kHub)) return fetch_url(model);
  return fetch_from_hub(parse_hub_name(std::string_view(model).substr(kHub.size())),
                        "model.safetensors");
}

}  // namespace inkling
