#include "store/remote/hub.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "sys/download.h"
#include "sys/environment.h"
#include "sys/file.h"
#include "sys/folder_lock.h"
#include "sys/hash.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxModelFile = uint64_t{1} << 31;

bool is_word(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 96 && std::ranges::all_of(text, fits) &&
         text.find("..") == std::string_view::npos && text.front() != '.' && text.back() != '.' &&
         text.find("--") == std::string_view::npos;
}

// "main", "v1.0", "refs/pr/1", a commit.
bool is_revision(std::string_view text) {
  while (true) {
    const size_t slash = text.find('/');
    if (!is_word(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_hex(std::string_view text, size_t digits) {
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string shown(const HubName& name) {
  return fmt::format("hf://{}/{}@{}", name.owner, name.name, name.revision);
}

// "https://host:port" of a URL.
std::string_view origin_of(std::string_view url) {
  const size_t host = url.find("://");
  if (host == std::string_view::npos) return "";
  return url.substr(0, url.find('/', host + 3));
}

std::string endpoint() {
  std::string url = environment("HF_ENDPOINT");
  while (url.ends_with('/')) url.pop_back();
  return url.empty() ? "https://huggingface.co" : url;
}

fs::path hub_home() {
  if (const fs::path home = environment_path("HF_HOME"); !home.empty()) return home;
  const auto cache = user_cache();
  if (!cache) throw input_error("no folder for models of the Hub: set HF_HOME or HOME");
  return *cache / "huggingface";
}

fs::path hub_cache() {
  const fs::path cache = environment_path("HF_HUB_CACHE");
  return cache.empty() ? hub_home() / "hub" : cache;
}

std::string token() {
  std::string token = environment("HF_TOKEN");
  if (token.empty()) {
    fs::path file = environment_path("HF_TOKEN_PATH");
    if (file.empty()) file = hub_home() / "token";
    std::error_code code;
    if (fs::is_regular_file(file, code)) token = read_text_file(file, 4096);
  }
  const size_t end = token.find_last_not_of(" \r\n\t");
  return end == std::string::npos ? "" : token.substr(0, end + 1);
}

// What the Hub says of a file.
struct Promise {
  std::string commit, hash, url;
  uint64_t bytes = 0;
  bool same_host = true;
};

// A strong or weak ETag without its marks.
std::string plain_tag(std::string tag) {
  if (tag.starts_with("W/")) tag = tag.substr(2);
  std::erase(tag, '"');
  return tag;
}

class Repository {
 public:
  Repository(const HubName& name, const std::string& file)
      : name_(name),
        file_(file),
        folder_(hub_cache() / fmt::format("models--{}--{}", name.owner, name.name)) {}

  fs::path fetch() {
    const bool offline = environment_switch("HF_HUB_OFFLINE");
    if (is_hex(name_.revision, 40) && fs::exists(pointer(name_.revision))) {
      return pointer(name_.revision);  // a commit does not change
    }
    if (offline) {
      if (const auto copy = cached()) return *copy;
      throw input_error("{}: {} is not in {}, and HF_HUB_OFFLINE is set", shown(name_), file_,
                        folder_.string());
    }
    std::optional<Promise> answer;
    try {
      answer = ask();
    } catch (const Error& error) {  // without a network a copy will do
      const auto copy = error.kind() == ErrorKind::kInput && !refused_ ? cached() : std::nullopt;
      if (!copy) throw;
      return *copy;
    }
    const Promise& promise = *answer;
    make_folder(folder_ / "blobs");
    const FolderLock lock(folder_ / "blobs");
    if (!fs::exists(pointer(promise.commit))) {
      if (!fs::exists(blob(promise))) fetch_blob(promise);
      link(promise);
    }
    note_commit(promise.commit);
    return pointer(promise.commit);
  }

 private:
  fs::path pointer(const std::string& commit) const {
    return folder_ / "snapshots" / commit / file_;
  }
  fs::path blob(const Promise& promise) const { return folder_ / "blobs" / promise.hash; }

  // The copy of the revision as it last was.
  std::optional<fs::path> cached() const {
    std::string commit = name_.revision;
    const fs::path ref = folder_ / "refs" / name_.revision;
    if (fs::is_regular_file(ref)) commit = read_text_file(ref, 4096);
    if (is_hex(commit, 40) && fs::exists(pointer(commit))) return pointer(commit);
    return std::nullopt;
  }

  DownloadOptions options(bool with_token) const {
    DownloadOptions made{.headers = {"Accept-Encoding: identity"}};
    const std::string secret = with_token ? token() : "";
    if (!secret.empty()) made.headers.push_back("Authorization: Bearer " + secret);
    return made;
  }

  std::string url_of(const std::string& base) const {
    std::string revision;
    for (const char c : name_.revision) revision += c == '/' ? "%2F" : std::string(1, c);
    return fmt::format("{}/{}/{}/resolve/{}/{}", base, name_.owner, name_.name, revision, file_);
  }

  // Redirects within the Hub are followed (a repository was renamed); one elsewhere is where a
  // large file lies.
  Promise ask() {
    const std::string base = endpoint();
    std::string url = url_of(base);
    for (long hop = 0; hop <= kMaxRedirects; ++hop) {
      const HttpHead head = http_head(url, options(true));
      const auto header = [&](const char* key) {
        const auto found = head.headers.find(key);
        return found == head.headers.end() ? std::string() : found->second;
      };
      const bool redirect = head.status >= 300 && head.status < 400;
      const std::string target = header("location");
      const bool large = !header("x-linked-etag").empty();
      if (redirect && !large && target.starts_with('/')) {
        url = std::string(origin_of(url)) + target;
        continue;
      }
      if (!(head.status == 200 || (redirect && !target.empty()))) refuse(head.status, url);
      Promise promise{.commit = header("x-repo-commit"),
                      .hash = plain_tag(large ? header("x-linked-etag") : header("etag")),
                      .url = redirect ? target : url};
      if (promise.url.starts_with('/')) promise.url = std::string(origin_of(url)) + promise.url;
      promise.same_host = origin_of(promise.url) == origin_of(base);
      const auto bytes = parse_integer(header(large ? "x-linked-size" : "content-length"));
      if (!is_hex(promise.commit, 40) || !(is_hex(promise.hash, 64) || is_hex(promise.hash, 40)) ||
          !bytes || *bytes < 0 || static_cast<uint64_t>(*bytes) > kMaxModelFile) {
        throw input_error(
            "{}: expected a commit, a hash and a size of at most 2 GiB, found \"{}\", \"{}\", "
            "\"{}\"",
            url, promise.commit, promise.hash, header(large ? "x-linked-size" : "content-length"));
      }
      promise.bytes = static_cast<uint64_t>(*bytes);
      return promise;
    }
    throw input_error("{}: redirected more than {} times", url, kMaxRedirects);
  }

  [[noreturn]] void refuse(long status, const std::string& url) {
    refused_ = true;
    switch (status) {
      case 401:
        throw input_error(
            "{}: no such model, or it needs a token: set HF_TOKEN or run `hf auth login` "
            "(401 from {})",
            shown(name_), url);
      case 403:
        throw input_error("{}: the token has no access to this model (403 from {})", shown(name_),
                          url);
      case 404:
        throw input_error("{}: there is no such model, revision or {} in it (404 from {})",
                          shown(name_), file_, url);
      default:
        throw input_error("{}: expected HTTP status 200, found {}", url, status);
    }
  }

  void fetch_blob(const Promise& promise) const {
    const fs::path part = blob(promise).string() + ".inkling-part";
    DownloadOptions wanted = options(promise.same_host);
    wanted.max_bytes = promise.bytes;
    const bool resumed = download(promise.url, part, wanted);
    if (resumed && !is_promised(part, promise)) {  // it was the beginning of something else
      fs::remove(part);
      download(promise.url, part, wanted);
    }
    if (!is_promised(part, promise)) {
      fs::remove(part);
      throw input_error("{}: expected {} bytes with the hash {}, found others", promise.url,
                        promise.bytes, promise.hash);
    }
    fs::rename(part, blob(promise));
  }

  static bool is_promised(const fs::path& file, const Promise& promise) {
    const std::vector<uint8_t> bytes = read_file(file, kMaxModelFile);
    const std::string hash = promise.hash.size() == 64 ? sha256_hex(bytes.data(), bytes.size())
                                                       : git_blob_hex(bytes.data(), bytes.size());
    return bytes.size() == promise.bytes && hash == promise.hash;
  }

  void link(const Promise& promise) const {
    const fs::path place = pointer(promise.commit);
    make_folder(place.parent_path());
    const fs::path target = fs::relative(blob(promise), place.parent_path());
    std::error_code code;
    fs::remove(place, code);  // a link to a blob that is gone
    fs::create_symlink(target, place, code);
    if (code) fs::copy_file(blob(promise), place);  // a file system without links
  }

  void note_commit(const std::string& commit) const {
    if (is_hex(name_.revision, 40)) return;
    const fs::path ref = folder_ / "refs" / name_.revision;
    if (fs::exists(ref) && read_text_file(ref, 4096) == commit) return;
    make_folder(ref.parent_path());
    write_file(ref, commit);
  }

  const HubName name_;
  const std::string file_;
  const fs::path folder_;
  bool refused_ = false;  // the Hub answered, and said no
};

}  // namespace

HubName parse_hub_name(std::string_view text) {
  HubName name;
  const size_t at = text.find('@'), slash = text.find('/');
  if (at != std::string_view::npos) name.revision = text.substr(at + 1);
  if (slash != std::string_view::npos && slash < at) {
    name.owner = text.substr(0, slash);
    name.name = text.substr(slash + 1, at == std::string_view::npos ? at : at - slash - 1);
  }
  if (!is_word(name.owner) || !is_word(name.name) || !is_revision(name.revision)) {
    throw input_error("hf://{}: expected hf://OWNER/NAME or hf://OWNER/NAME@REVISION", text);
  }
  return name;
}

fs::path fetch_from_hub(const HubName& name, const std::string& file) {
  return Repository(name, file).fetch();
}

}  // namespace inkling
