#include "sys/download.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "base/clock.h"
#include "support/environment.h"
#include "support/expect_error.h"
#include "support/loopback_server.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

std::string letters(size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i * i % 26);
  return text;
}

class Download : public testing::Test {
 protected:
  Download() {
    for (const char* name : kProxyVariables) {
      no_proxies_.push_back(std::make_unique<EnvironmentVariable>(name, nullptr));
    }
    options_.connect_timeout_s = 5;
    options_.stall_timeout_s = 1;
    options_.pause_s = 0.01;
  }

  bool get(const LoopbackServer& server, const std::string& target = "/file") const {
    return download(server.url(target), path_, options_);
  }
  std::string found() const { return read_text_file(path_); }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "file.part";
  DownloadOptions options_;

 private:
  std::vector<std::unique_ptr<EnvironmentVariable>> no_proxies_;
};

const std::string kWhole = letters(100'000);

TEST_F(Download, WholeBodyArrives) {
  const LoopbackServer server([](const WebRequest&) { return WebResponse{.body = kWhole}; });
  EXPECT_FALSE(get(server));
  EXPECT_EQ(found(), kWhole);
}

TEST_F(Download, BodyWithoutALengthArrives) {
  const LoopbackServer server(
      [](const WebRequest&) { return WebResponse{.body = kWhole, .length_stated = false}; });
  get(server);
  EXPECT_EQ(found(), kWhole);
}

TEST_F(Download, EmptyBodyReplacesWhatWasThere) {
  write_file(path_, "old");
  const LoopbackServer server([](const WebRequest&) { return WebResponse{}; });
  EXPECT_FALSE(get(server));
  EXPECT_EQ(found(), "");
}

TEST_F(Download, RefusalsLeaveNoErrorPageAndAreNotRepeated) {
  for (const int status : {403, 404}) {
    const LoopbackServer server([status](const WebRequest&) {
      return WebResponse{.status = status, .body = "<html>Forbidden</html>"};
    });
    EXPECT_ERROR(get(server), ErrorKind::kInput, "/file: ", "expected HTTP status 200, found 40");
    EXPECT_EQ(found(), "");
    EXPECT_EQ(server.requests().size(), 1u);
  }
}

TEST_F(Download, RefusalLeavesAnEarlierBeginningAlone) {
  write_file(path_, kWhole.substr(0, 1000));
  const LoopbackServer server(
      [](const WebRequest&) { return WebResponse{.status = 404, .body = "<html>"}; });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "found 404");
  EXPECT_EQ(found(), kWhole.substr(0, 1000));
}

TEST_F(Download, BusyServerIsAskedAgain) {
  int asked = 0;
  const LoopbackServer server([&asked](const WebRequest&) {
    return ++asked < 3 ? WebResponse{.status = 503, .body = "busy"} : WebResponse{.body = kWhole};
  });
  get(server);
  EXPECT_EQ(found(), kWhole);
  EXPECT_EQ(server.requests().size(), 3u);
}

TEST_F(Download, ServerThatStaysBusyIsGivenUp) {
  const LoopbackServer server([](const WebRequest&) { return WebResponse{.status = 503}; });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "found 503");
  EXPECT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(found(), "");
}

TEST_F(Download, TruncatedBodyIsGoneOnWith) {
  const LoopbackServer server([](const WebRequest& request) {
    if (request.range_from >= 0) return honour_range(request, kWhole);
    return WebResponse{.body = kWhole.substr(0, 40'000), .claimed_length = 100'000};
  });
  EXPECT_TRUE(get(server));
  EXPECT_EQ(found(), kWhole);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[1].range_from, 40'000);
}

TEST_F(Download, AlwaysTruncatedBodyIsAnErrorThatKeepsTheBeginning) {
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{.body = kWhole.substr(0, 40'000), .claimed_length = 100'000};
  });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "/file: ", "broke off after 40000 bytes");
  EXPECT_EQ(found(), kWhole.substr(0, 40'000));
  EXPECT_EQ(server.requests().size(), 3u);
}

TEST_F(Download, PartialFileIsResumed) {
  write_file(path_, kWhole.substr(0, 70'000));
  const LoopbackServer server(
      [](const WebRequest& request) { return honour_range(request, kWhole); });
  EXPECT_TRUE(get(server));
  EXPECT_EQ(found(), kWhole);
  EXPECT_EQ(server.requests()[0].range_from, 70'000);
}

TEST_F(Download, CompletePartialFileIsKept) {
  write_file(path_, kWhole);
  const LoopbackServer server(
      [](const WebRequest& request) { return honour_range(request, kWhole); });
  EXPECT_TRUE(get(server));
  EXPECT_EQ(found(), kWhole);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(Download, PartialFileLongerThanTheWholeIsThrownAway) {
  write_file(path_, letters(100'001));
  const LoopbackServer server(
      [](const WebRequest& request) { return honour_range(request, kWhole); });
  EXPECT_FALSE(get(server));
  EXPECT_EQ(found(), kWhole);
}

TEST_F(Download, ServerThatIgnoresTheRangeIsObeyed) {
  write_file(path_, "not the beginning");
  const LoopbackServer server([](const WebRequest&) { return WebResponse{.body = kWhole}; });
  EXPECT_FALSE(get(server));
  EXPECT_EQ(found(), kWhole);
  EXPECT_EQ(server.requests()[0].range_from, 17);
}

TEST_F(Download, AnotherRangeThanAskedForIsRefused) {
  write_file(path_, kWhole.substr(0, 1000));
  for (const char* range : {"bytes 999-99999/100000", "bytes x-", ""}) {
    const LoopbackServer server([range](const WebRequest&) {
      return WebResponse{.status = 206,
                         .headers = std::string("Content-Range: ") + range + "\r\n",
                         .body = kWhole.substr(999)};
    });
    EXPECT_ERROR(get(server), ErrorKind::kInput, "expected the bytes from 1000 on", range);
    EXPECT_EQ(found(), kWhole.substr(0, 1000));
  }
}

TEST_F(Download, PartNobodyAskedForIsRefused) {
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{
        .status = 206, .headers = "Content-Range: bytes 5-9/10\r\n", .body = "fghij"};
  });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "expected HTTP status 200, found 206");
  EXPECT_EQ(found(), "");
}

TEST_F(Download, StallEndsInTime) {
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{
        .body = kWhole.substr(0, 500), .claimed_length = 100'000, .end = WebResponse::End::kStall};
  });
  const Stopwatch watch;
  EXPECT_ERROR(get(server), ErrorKind::kInput, "/file: ", "too slow");
  EXPECT_LT(watch.seconds(), 10);
  EXPECT_EQ(found(), kWhole.substr(0, 500));
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(Download, EndlessBodyMeetsTheCap) {
  options_.max_bytes = 1 << 20;
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{.length_stated = false, .end = WebResponse::End::kEndless};
  });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "expected at most 1048576 bytes, found more");
  EXPECT_EQ(found(), "");
}

TEST_F(Download, CapHoldsToTheByteAndForResumedFiles) {
  const LoopbackServer server(
      [](const WebRequest& request) { return honour_range(request, kWhole); });
  options_.max_bytes = kWhole.size();
  get(server);
  EXPECT_EQ(found(), kWhole);
  options_.max_bytes = kWhole.size() - 1;
  write_file(path_, kWhole.substr(0, 99'000));
  EXPECT_ERROR(get(server), ErrorKind::kInput, "at most 99999 bytes");
}

TEST_F(Download, RedirectIsFollowed) {
  const LoopbackServer server([](const WebRequest& request) {
    return request.target == "/there"
               ? WebResponse{.body = kWhole}
               : WebResponse{.status = 302, .headers = "Location: /there\r\n", .body = "moved"};
  });
  get(server);
  EXPECT_EQ(found(), kWhole);
}

TEST_F(Download, RedirectLoopEnds) {
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{.status = 302, .headers = "Location: /file\r\n"};
  });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "/file: ", "redirects");
  EXPECT_EQ(server.requests().size(), size_t{kMaxRedirects} + 1);
  EXPECT_EQ(found(), "");
}

TEST_F(Download, RedirectOutOfTheWebIsRefused) {
  write_file(folder_ / "secret", "secret");
  const LoopbackServer server([this](const WebRequest&) {
    return WebResponse{.status = 302,
                       .headers = "Location: file://" + (folder_ / "secret").string() + "\r\n"};
  });
  EXPECT_ERROR(get(server), ErrorKind::kInput, "/file: ", "rotocol");
  EXPECT_EQ(found(), "");
}

TEST_F(Download, OnlyHttpIsSpoken) {
  write_file(folder_ / "secret", "secret");
  EXPECT_ERROR(download("file://" + (folder_ / "secret").string(), path_, options_),
               ErrorKind::kInput, "rotocol");
  EXPECT_EQ(found(), "");
}

TEST_F(Download, ServerThatIsNotThereIsAnError) {
  const std::string url = LoopbackServer([](const WebRequest&) { return WebResponse{}; }).url("/x");
  EXPECT_ERROR(download(url, path_, options_), ErrorKind::kInput, "/x: ", "onnect");
}

TEST_F(Download, ProxyVariablesAreObeyed) {
  const LoopbackServer proxy([](const WebRequest&) { return WebResponse{.body = "by proxy"}; });
  const EnvironmentVariable variable("http_proxy", proxy.url().c_str());
  download("http://mirror.invalid/file", path_, options_);
  EXPECT_EQ(found(), "by proxy");
  EXPECT_EQ(proxy.requests()[0].target, "http://mirror.invalid/file");
}

TEST_F(Download, ProgressCountsWhatWasThereBefore) {
  write_file(path_, kWhole.substr(0, 70'000));
  const LoopbackServer server(
      [](const WebRequest& request) { return honour_range(request, kWhole); });
  DownloadProgress last;
  options_.progress = [&last](const DownloadProgress& progress) { last = progress; };
  get(server);
  EXPECT_EQ(last.done_bytes, 100'000u);
  EXPECT_EQ(last.total_bytes, 100'000u);
}

TEST_F(Download, FileThatCannotBeWrittenIsASystemError) {
  EXPECT_ERROR(download("http://127.0.0.1/", folder_ / "none" / "file", options_),
               ErrorKind::kSystem, "cannot write", "none/file", "No such file");
}

TEST(HttpHead, GivesStatusAndHeadersAndFollowsNoRedirect) {
  LoopbackServer server([](const WebRequest&) {
    return WebResponse{.status = 302, .headers = "Location: /there\r\nX-Some-Thing: 7\r\n"};
  });
  const HttpHead head = http_head(server.url("/here"));
  EXPECT_EQ(head.status, 302);
  EXPECT_EQ(head.headers.at("location"), "/there");
  EXPECT_EQ(head.headers.at("x-some-thing"), "7");
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(HttpHead, WaitsAsLongAsTheServerAsksOrNotAtAll) {
  int asked = 0;
  LoopbackServer server([&](const WebRequest& request) {
    const char* wait = request.target == "/long" ? "Retry-After: 900\r\n" : "Retry-After: 1\r\n";
    return ++asked % 2 == 1 ? WebResponse{.status = 429, .headers = wait} : WebResponse{};
  });
  const Stopwatch watch;
  EXPECT_EQ(http_head(server.url("/short"), {.pause_s = 0.01}).status, 200);
  EXPECT_GE(watch.seconds(), 1);
  expect_error([&] { http_head(server.url("/long")); }, ErrorKind::kInput, {"wait 900 s", "/long"});
  EXPECT_LT(watch.seconds(), 5);
}

}  // namespace
}  // namespace inkling
