#include "data/sources/fetch.h"

#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "data/formats/idx.h"
#include "data/sources/sources.h"
#include "sys/environment.h"
#include "sys/file.h"
#include "sys/folder_lock.h"
#include "sys/gzip.h"
#include "sys/hash.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;

constexpr size_t kMaxInflated = size_t{1} << 28;  // bytes; the largest known file has 47 MB

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

void require_sum(std::string_view what, std::string_view expected, std::string_view found,
                 std::string_view source) {
  if (expected == found) return;
  throw input_error("{}: expected {} {}, found {}", source, what, expected, found);
}

void verify_inflated(const RemoteFile& file, std::span<const uint8_t> bytes,
                     std::string_view source) {
  require_sum("inflated bytes of SHA-256", file.inflated_sha256,
              sha256_hex(bytes.data(), bytes.size()), source);
}

// Throws Error (input) if these are not the bytes of the gzipped file.
void verify(const RemoteFile& file, std::span<const uint8_t> bytes, std::string_view source) {
  if (!is_gzip(bytes)) {
    const bool page = !bytes.empty() && bytes[0] == '<';
    throw input_error("{}: expected a gzip file, found {} bytes that are {}", source, bytes.size(),
                      page ? "a web page" : "none");
  }
  if (!file.inflated_sha256.empty()) {
    verify_inflated(file, gunzip(bytes, source, kMaxInflated), source);
  } else {
    require_sum("MD5", file.gzip_md5, md5_hex(bytes.data(), bytes.size()), source);
  }
}

fs::path place_of(const RemoteFile& file, const fs::path& folder) {
  return folder / (file.local + ".gz");
}

// The caller has verified the bytes.
void put(const RemoteFile& file, const fs::path& folder, const Bytes& bytes) {
  if (file.label_rows) {
    write_idx_labels(place_of(file, folder),
                     parse_idx_label_rows(gunzip(bytes, file.remote, kMaxInflated), file.remote));
  } else {
    write_file(place_of(file, folder), bytes);
  }
}

// Whether the file is in its place, and right as far as its sum can tell.
bool is_in_place(const RemoteFile& file, const fs::path& folder) {
  // Not gzipped: somebody put it there, and it would be found first. It is not ours to replace.
  if (const fs::path plain = folder / file.local; is_there(plain)) {
    if (!file.inflated_sha256.empty()) {
      verify_inflated(file, read_file(plain, kMaxInflated), plain.string());
    }
    return true;
  }
  const fs::path path = place_of(file, folder);
  if (!is_there(path)) return false;
  try {
    if (file.label_rows) {
      read_idx_labels(path);  // made here from the file the sum is of
    } else {
      verify(file, read_file(path, kMaxInflated), path.string());
    }
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    return false;
  }
}

bool was_put_by_hand(const RemoteFile& file, const fs::path& folder) {
  const fs::path path = folder / file.remote;
  if (path == place_of(file, folder) || !is_there(path)) return false;
  const Bytes bytes = read_file(path, kMaxInflated);
  verify(file, bytes, path.string());
  put(file, folder, bytes);
  return true;
}

void get(const RemoteFile& file, const fs::path& folder, const std::string& mirror,
         const DownloadOptions& options) {
  const std::string url = mirror + file.remote;
  const fs::path part = folder / (file.remote + ".part");
  for (bool again = false; true; again = true) {
    const bool pieced_together = download(url, part, options);
    const Bytes bytes = read_file(part);
    try {
      verify(file, bytes, url);
      put(file, folder, bytes);
      fs::remove(part);
      return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      fs::remove(part);
      if (!pieced_together || again) throw;  // else the pieces may not fit: once more from byte 0
    }
  }
}

Error not_to_be_had(const RemoteDataset& dataset, const RemoteFile& file, const fs::path& folder,
                    const std::string& faults) {
  std::string names;
  for (const RemoteFile& one : dataset.files) names += (names.empty() ? "" : ", ") + one.remote;
  return input_error(
      "dataset {}: {} could not be downloaded:{}\n"
      "Without a network, put {} into {} by hand, or say where the dataset is: --data-dir D for "
      "D/{}, or the INKLING_DATA variable.",
      dataset.name, file.remote, faults, names, folder.string(), dataset.name);
}

std::vector<std::string> mirrors_of(const RemoteDataset& dataset, const FetchOptions& options) {
  if (options.mirror.empty()) return dataset.mirrors;
  if (!options.mirror.starts_with("http://") && !options.mirror.starts_with("https://")) {
    throw usage_error("mirror: expected a URL that begins with http:// or https://, found \"{}\"",
                      options.mirror);
  }
  return {options.mirror.ends_with('/') ? options.mirror : options.mirror + '/'};
}

void get_from_any(const RemoteDataset& dataset, const RemoteFile& file, const fs::path& folder,
                  const FetchOptions& options) {
  DownloadOptions download = options.download;
  download.progress = [&](const DownloadProgress& bytes) {
    if (options.progress) options.progress({dataset.name, folder, file.remote, bytes});
  };
  std::string faults;
  for (const std::string& mirror : mirrors_of(dataset, options)) {
    try {
      return get(file, folder, mirror, download);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      faults += std::string("\n  ") + error.what();
    }
  }
  const fs::path part = folder / (file.remote + ".part");
  if (is_there(part) && fs::is_empty(part)) fs::remove(part);
  throw not_to_be_had(dataset, file, folder, faults);
}

}  // namespace

FetchResult fetch_dataset(const RemoteDataset& dataset, const fs::path& folder,
                          const FetchOptions& options) {
  mirrors_of(dataset, options);  // a wrong URL is refused before anything is made
  make_folder(folder);
  const FolderLock alone(folder);
  FetchResult result;
  for (const RemoteFile& file : dataset.files) {
    if (is_in_place(file, folder) || was_put_by_hand(file, folder)) {
      ++result.kept;
    } else {
      get_from_any(dataset, file, folder, options);
      ++result.fetched;
    }
  }
  return result;
}

Fetched fetch_into_cache(const RemoteDataset& dataset, const FetchOptions& options) {
  const auto cache = cache_folder();
  if (!cache) {
    throw input_error("dataset {}: no cache to put it into; set XDG_CACHE_HOME or HOME",
                      dataset.name);
  }
  Fetched fetched{.folder = *cache / dataset.name, .files = {}};
  fetched.files = fetch_dataset(dataset, fetched.folder, options);
  return fetched;
}

}  // namespace inkling
