#include "sys/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>

#include "base/check.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/numbers.h"
#include "sys/interrupt.h"

namespace inkling {
namespace {

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;

// The file that grows. What can go wrong with it is an Error (system).
class GrowingFile {
 public:
  explicit GrowingFile(const std::filesystem::path& path)
      : path_(path), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    struct stat status {};
    if (fd_ < 0 || ::fstat(fd_, &status) != 0) {
      errno_ = errno;
      if (fd_ >= 0) ::close(fd_);
      throw failure();
    }
    size_ = static_cast<uint64_t>(status.st_size);
  }
  ~GrowingFile() { ::close(fd_); }
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  uint64_t size() const { return size_; }
  // These two return false if the disk refuses: they run inside curl, where nothing may be thrown.
  bool clear() noexcept {
    if (::ftruncate(fd_, 0) != 0) return refused();
    size_ = 0;
    return true;
  }
  bool append(const char* data, size_t bytes) noexcept {
    while (bytes > 0) {
      const ssize_t written = ::pwrite(fd_, data, bytes, static_cast<off_t>(size_));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return refused();
      data += written;
      bytes -= static_cast<size_t>(written);
      size_ += static_cast<uint64_t>(written);
    }
    return true;
  }
  // What the disk said when it refused.
  Error failure() const {
    return system_error("cannot write {}: {}", path_.string(), std::strerror(errno_));
  }

 private:
  bool refused() noexcept {
    errno_ = errno;
    return false;
  }

  std::filesystem::path path_;
  int fd_;
  uint64_t size_ = 0;
  int errno_ = 0;
};

// What curl's callbacks learn of one request.
struct Transfer {
  CURL* easy;
  GrowingFile& file;
  const DownloadOptions& options;
  uint64_t asked_from;      // where the range asked for begins; 0: everything was asked for
  bool body_begun = false;  // headers were checked
  bool too_long = false, disk_refused = false, misplaced = false;
  uint64_t received = 0;
};

long status_of(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::string_view header_of(CURL* easy, const char* name) {
  curl_header* header = nullptr;
  const CURLHcode code = curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header);
  return code == CURLHE_OK ? header->value : std::string_view();
}

// "bytes 100-199/200" -> 100 with `end` '-'; "bytes */200" -> 200 with `begin` '/'.
std::optional<uint64_t> number_between(std::string_view text, std::string_view begin,
                                       std::string_view end) {
  const size_t from = text.find(begin);
  if (from == std::string_view::npos) return std::nullopt;
  text.remove_prefix(from + begin.size());
  const auto number = parse_integer(text.substr(0, end.empty() ? text.size() : text.find(end)));
  if (!number || *number < 0) return std::nullopt;
  return static_cast<uint64_t>(*number);
}

// Before the first byte of the body: false if the answer does not continue the file.
bool begin_body(Transfer& transfer) noexcept {
  transfer.body_begun = true;
  const long status = status_of(transfer.easy);
  if (status == 206 && transfer.asked_from > 0) {
    const auto from = number_between(header_of(transfer.easy, "Content-Range"), "bytes ", "-");
    transfer.misplaced = from != transfer.asked_from;
    return !transfer.misplaced;
  }
  if (status == 200) transfer.disk_refused = !transfer.file.clear();
  return status == 200 && !transfer.disk_refused;
}

size_t on_body(const char* data, size_t, size_t bytes, void* context) {
  Transfer& transfer = *static_cast<Transfer*>(context);
  if (!transfer.body_begun && !begin_body(transfer)) return 0;
  transfer.too_long = transfer.file.size() + bytes > transfer.options.max_bytes;
  if (transfer.too_long) return 0;
  transfer.disk_refused = !transfer.file.append(data, bytes);
  if (transfer.disk_refused) return 0;
  transfer.received += bytes;
  return bytes;
}

int on_progress(void* context, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
  const Transfer& transfer = *static_cast<Transfer*>(context);
  if (transfer.options.progress && transfer.body_begun) {
    const uint64_t before = transfer.file.size() - transfer.received;
    transfer.options.progress(
        {transfer.file.size(), total > 0 ? before + static_cast<uint64_t>(total) : 0});
  }
  return interrupted() ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeList>;

// What every request has. The headers must outlive it.
Headers set_up_request(CURL* easy, const std::string& url, const DownloadOptions& options,
                       char* why) {
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "inkling/" INKLING_VERSION);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);  // time limits without SIGALRM: threads
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, long{options.connect_timeout_s});
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  Headers headers;
  for (const std::string& line : options.headers) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    INKLING_CHECK(longer != nullptr);
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  return headers;
}

Headers set_up(CURL* easy, const std::string& url, Transfer& transfer, char* why) {
  const DownloadOptions& options = transfer.options;
  Headers headers = set_up_request(easy, url, options, why);
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, long{options.stall_timeout_s});
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
  // Not CURLOPT_RESUME_FROM: with it curl refuses servers that ignore the range.
  const std::string range = std::to_string(transfer.asked_from) + "-";
  if (transfer.asked_from > 0) curl_easy_setopt(easy, CURLOPT_RANGE, range.c_str());
  return headers;
}

// Another attempt may succeed.
bool may_pass(long status) { return status == 408 || status == 429 || status >= 500; }

// Seconds the server asks to wait; 0: it does not say.
double asked_pause(CURL* easy) {
  curl_off_t seconds = 0;
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
  return static_cast<double>(seconds);
}

struct Outcome {
  bool done = false;
  bool from_start = false;  // no byte of before is in the file
  bool may_pass = false;    // another attempt may succeed
  std::string fault{};
  double pause_s = 0;  // the server asks for; 0: none
};

// The server has nothing behind the beginning we hold: it is all there is, or it is not one.
Outcome outcome_beyond_end(Transfer& transfer) {
  const auto whole = number_between(header_of(transfer.easy, "Content-Range"), "*/", "");
  if (whole == transfer.file.size()) return {.done = true};
  if (!transfer.file.clear()) throw transfer.file.failure();
  return {.may_pass = true,
          .fault = fmt::format("nothing behind byte {}, where a partial file ends",
                               transfer.asked_from)};
}

Outcome outcome_of(CURLcode code, Transfer& transfer, std::string why) {
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    throw Error(ErrorKind::kInterrupted, "interrupted while downloading");
  }
  if (transfer.disk_refused) throw transfer.file.failure();
  if (transfer.too_long) {
    const uint64_t max_bytes = transfer.options.max_bytes;
    if (!transfer.file.clear()) throw transfer.file.failure();
    return {.fault = fmt::format("expected at most {} bytes, found more", max_bytes)};
  }
  if (transfer.misplaced) {
    return {.fault = fmt::format("expected the bytes from {} on, found \"Content-Range: {}\"",
                                 transfer.asked_from, header_of(transfer.easy, "Content-Range"))};
  }
  const long status = status_of(transfer.easy);
  const bool accepted = status == 200 || (status == 206 && transfer.asked_from > 0);
  if (!accepted && (code == CURLE_OK || code == CURLE_WRITE_ERROR)) {
    if (status == 416 && transfer.asked_from > 0) return outcome_beyond_end(transfer);
    return {.may_pass = may_pass(status),
            .fault = fmt::format("expected HTTP status 200, found {}", status),
            .pause_s = asked_pause(transfer.easy)};
  }
  if (code == CURLE_OK) return {.done = true, .from_start = status == 200};
  if (why.empty()) why = curl_easy_strerror(code);
  if (code == CURLE_OPERATION_TIMEDOUT || transfer.received == 0) return {.fault = why};
  return {.may_pass = true,
          .fault = fmt::format("broke off after {} bytes: {}", transfer.file.size(), why)};
}

Outcome attempt(const std::string& url, GrowingFile& file, const DownloadOptions& options) {
  const Easy easy(curl_easy_init());
  INKLING_CHECK(easy != nullptr);
  Transfer transfer{easy.get(), file, options, file.size()};
  std::array<char, CURL_ERROR_SIZE> why{};
  const Headers headers = set_up(easy.get(), url, transfer, why.data());
  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_OK && !transfer.body_begun) begin_body(transfer);  // there was no body
  return outcome_of(code, transfer, why.data());
}

void wait_seconds(double seconds) {
  const Stopwatch watch;
  while (watch.seconds() < seconds) {
    if (interrupted()) throw Error(ErrorKind::kInterrupted, "interrupted while downloading");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Outcome attempt_head(const std::string& url, const DownloadOptions& options, HttpHead& head) {
  const Easy easy(curl_easy_init());
  INKLING_CHECK(easy != nullptr);
  std::array<char, CURL_ERROR_SIZE> why{};
  const Headers headers = set_up_request(easy.get(), url, options, why.data());
  curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT, long{options.stall_timeout_s});
  curl_easy_setopt(
      easy.get(), CURLOPT_XFERINFOFUNCTION,
      +[](void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return interrupted() ? 1 : 0; });
  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    throw Error(ErrorKind::kInterrupted, "interrupted while downloading");
  }
  if (code != CURLE_OK) return {.fault = why[0] != 0 ? why.data() : curl_easy_strerror(code)};
  head.status = status_of(easy.get());
  head.headers.clear();
  for (curl_header* one = nullptr;
       (one = curl_easy_nextheader(easy.get(), CURLH_HEADER, -1, one)) != nullptr;) {
    std::string name = one->name;
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    head.headers[name] = one->value;
  }
  if (!may_pass(head.status)) return {.done = true};
  return {.may_pass = true,
          .fault = fmt::format("expected HTTP status 200, found {}", head.status),
          .pause_s = asked_pause(easy.get())};
}

// Until one attempt succeeds or no other may.
template <typename Attempt>
Outcome repeated(const std::string& url, const DownloadOptions& options, const Attempt& attempt) {
  [[maybe_unused]] static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  double pause_s = options.pause_s;
  for (int left = options.attempts; true; pause_s *= 2) {
    const Outcome outcome = attempt();
    if (outcome.done) return outcome;
    if (--left <= 0 || !outcome.may_pass) throw input_error("{}: {}", url, outcome.fault);
    if (outcome.pause_s > options.longest_pause_s) {
      throw input_error("{}: {}; the server asks to wait {} s", url, outcome.fault,
                        outcome.pause_s);
    }
    wait_seconds(std::max(pause_s, outcome.pause_s));
  }
}

}  // namespace

bool download(const std::string& url, const std::filesystem::path& path,
              const DownloadOptions& options) {
  GrowingFile file(path);
  // As long as a file may be, or longer: not the beginning of one.
  if (file.size() >= options.max_bytes && !file.clear()) throw file.failure();
  return !repeated(url, options, [&] { return attempt(url, file, options); }).from_start;
}

HttpHead http_head(const std::string& url, const DownloadOptions& options) {
  HttpHead head;
  repeated(url, options, [&] { return attempt_head(url, options, head); });
  return head;
}

}  // namespace inkling
