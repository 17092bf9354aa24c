// A web server on 127.0.0.1 that answers as a test tells it to, well or badly: for tests of
// downloads. One thread, one connection at a time, each closed after its answer. Nothing here waits
// longer than kPatience_s, and the destructor ends whatever is going on.
//
//   LoopbackServer server([](const WebRequest& request) { return WebResponse{.body = "hello"}; });
//   download(server.url("/file"), ...);
//   EXPECT_EQ(server.requests().size(), 1u);
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/clock.h"

namespace inkling {

struct WebRequest {
  std::string target;    // "/file", or the whole URL where the server is used as a proxy
  long range_from = -1;  // of "Range: bytes=N-"; -1: none
};

struct WebResponse {
  int status = 200;
  std::string headers{};  // complete lines, each ending in \r\n
  std::string body{};
  long claimed_length = -1;  // Content-Length; -1: the body's own
  bool length_stated = true;
  enum class End { kClose, kStall, kEndless } end = End::kClose;  // behind the body
};

// The answer of a server that honours ranges.
inline WebResponse honour_range(const WebRequest& request, const std::string& whole) {
  if (request.range_from < 0) return {.body = whole};
  const auto from = static_cast<size_t>(request.range_from);
  const std::string size = std::to_string(whole.size());
  if (from >= whole.size())
    return {.status = 416, .headers = "Content-Range: bytes */" + size + "\r\n"};
  return {.status = 206,
          .headers = "Content-Range: bytes " + std::to_string(from) + "-" +
                     std::to_string(whole.size() - 1) + "/" + size + "\r\n",
          .body = whole.substr(from)};
}

class LoopbackServer {
 public:
  using Handler = std::function<WebResponse(const WebRequest&)>;

  // The handler runs on the server's thread.
  explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    INKLING_CHECK(listener_ >= 0 && ::bind(listener_, name, size) == 0);
    INKLING_CHECK(::listen(listener_, 8) == 0 && ::getsockname(listener_, name, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  std::vector<WebRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  static constexpr double kPatience_s = 20;
  static constexpr int kTick_ms = 10;

  // Waits for the socket to be ready; false when the test is over or it took too long.
  bool ready(int socket, short what) const {
    const Stopwatch watch;
    while (!stopping_ && watch.seconds() < kPatience_s) {
      pollfd one{socket, what, 0};
      if (::poll(&one, 1, kTick_ms) > 0) return true;
    }
    return false;
  }

  void serve() {
    while (!stopping_) {
      if (!ready(listener_, POLLIN)) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (client < 0) continue;
      response(client);
      ::close(client);
    }
  }

  void response(int client) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      std::array<char, 4096> block{};
      if (!ready(client, POLLIN)) return;
      const ssize_t got = ::recv(client, block.data(), block.size(), 0);
      if (got <= 0) return;
      head.append(block.data(), static_cast<size_t>(got));
    }
    const WebRequest request = parse(head);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const WebResponse response = handler_(request);
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " Whatever\r\n" +
                       "Connection: close\r\n" + response.headers;
    if (response.length_stated) {
      const long length = response.claimed_length >= 0 ? response.claimed_length
                                                       : static_cast<long>(response.body.size());
      text += "Content-Length: " + std::to_string(length) + "\r\n";
    }
    if (!send_all(client, text + "\r\n" + response.body)) return;
    if (response.end == WebResponse::End::kStall) {  // until the client gives up
      std::array<char, 1> ignored{};
      if (ready(client, POLLIN)) (void)!::recv(client, ignored.data(), ignored.size(), 0);
    }
    const std::string more(1 << 16, 'x');
    while (response.end == WebResponse::End::kEndless && send_all(client, more)) {
    }
  }

  static WebRequest parse(const std::string& head) {
    WebRequest request;
    const size_t from = head.find(' ') + 1;
    request.target = head.substr(from, head.find(' ', from) - from);
    const std::string range = "Range: bytes=";
    if (const size_t at = head.find(range); at != std::string::npos) {
      request.range_from = std::strtol(head.c_str() + at + range.size(), nullptr, 10);
    }
    return request;
  }

  bool send_all(int client, const std::string& text) const {
    for (size_t sent = 0; sent < text.size();) {
      if (!ready(client, POLLOUT)) return false;
      const ssize_t more =
          ::send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (more <= 0) return false;
      sent += static_cast<size_t>(more);
    }
    return true;
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<WebRequest> requests_;
  std::thread thread_;
};

// No proxy of the machine's stands between a test and its server.
inline constexpr const char* kProxyVariables[] = {
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};

}  // namespace inkling
