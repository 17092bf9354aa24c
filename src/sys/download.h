// One file over HTTP or HTTPS (libcurl). The proxy variables (http_proxy, https_proxy, all_proxy,
// no_proxy) count as curl counts them; redirects are followed, to http and https only. What arrives
// is not checked here: the caller verifies it before giving it a name (data/sources/fetch.h).
//
//   download("https://example.org/a.gz", "a.gz.part", {.max_bytes = 1 << 20});
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace inkling {

struct DownloadProgress {
  uint64_t done_bytes = 0;   // of the whole file, what was there before included
  uint64_t total_bytes = 0;  // 0: the server does not say
};

struct DownloadOptions {
  uint64_t max_bytes = uint64_t{1} << 30;  // of the whole file
  int connect_timeout_s = 15;
  int stall_timeout_s = 30;  // below kSlowestBytesPerSecond for so long
  int attempts = 3;          // in all, where the failure may pass: 408, 429, 5xx, broken off
  double pause_s = 1;        // before the second attempt; each further pause is twice as long
  // A server may ask for a pause of its own (Retry-After); one that asks for more is not waited
  // for.
  double longest_pause_s = 60;
  // Lines of the request, "Name: value". Authorization goes to the URL's own host alone, not where
  // it redirects to.
  std::vector<std::string> headers{};
  std::function<void(const DownloadProgress&)> progress{};  // several times a second; may not throw
};

inline constexpr long kSlowestBytesPerSecond = 1000;
inline constexpr long kMaxRedirects = 5;

// Leaves the whole body in `file`. What `file` holds before is taken for the body's beginning and
// only the rest is asked for; a server that sends everything all the same is obeyed. True if what
// was there before, or an earlier attempt, went into the result: should it prove wrong, a download
// into an empty file may still prove right.
//
// Throws Error (input), naming the URL, if the server cannot be reached, answers with anything but
// 200 or 206, redirects too often or elsewhere, breaks off, stalls, or sends more than max_bytes.
// `file` then holds the beginning that arrived, to go on from, and never the body of an error page.
// Throws Error (interrupted) on Ctrl-C, Error (system) if `file` cannot be written. One caller a
// file at a time.
bool download(const std::string& url, const std::filesystem::path& file,
              const DownloadOptions& options = {});

struct HttpHead {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case, the last of equal ones
};

// What a server says of a URL (HEAD); redirects are not followed. Attempts, pauses, limits and
// headers as the options say. Any status but those that may pass is returned. Throws Error (input),
// naming the URL, if the server cannot be reached or still gives one of those; (interrupted) on
// Ctrl-C.
HttpHead http_head(const std::string& url, const DownloadOptions& options = {});

}  // namespace inkling
