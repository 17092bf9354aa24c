#include "data/sources/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <thread>

#include "base/random.h"
#include "data/formats/idx.h"
#include "data/sources/sources.h"
#include "support/environment.h"
#include "support/expect_error.h"
#include "support/loopback_server.h"
#include "support/temporary_folder.h"
#include "sys/file.h"
#include "sys/gzip.h"
#include "sys/hash.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<uint8_t>;
using testing::HasSubstr;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

// A data set of two files: images known by what is in them, label rows known by their gzip file.
class Fetch : public testing::Test {
 protected:
  Fetch() {
    for (const char* name : kProxyVariables) {
      no_proxies_.push_back(std::make_unique<EnvironmentVariable>(name, nullptr));
    }
    Bytes images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 40, 0, 0, 0, 50};
    Random random(1);  // which gzip cannot make shorter
    for (int i = 0; i < 2 * 40 * 50; ++i) images.push_back(static_cast<uint8_t>(random.bits()));
    const Bytes rows = {0, 0, 12, 2, 0, 0, 0, 2, 0, 0, 0, 2,  // 2 rows of 2 int32
                        0, 0, 0,  7, 0, 0, 0, 9, 0, 0, 0, 1, 255, 255, 255, 255};
    images_ = text_of(gzip(images));
    rows_ = text_of(gzip(rows));
    dataset_ = {.name = "small",
                .mirrors = {},
                .files = {{.remote = "images.gz",
                           .local = "train-images-idx3-ubyte",
                           .inflated_sha256 = sha256_hex(images.data(), images.size())},
                          {.remote = "rows.gz",
                           .local = "train-labels-idx1-ubyte",
                           .gzip_md5 = md5_hex(rows_.data(), rows_.size()),
                           .label_rows = true}}};
    options_.download.stall_timeout_s = 1;
    options_.download.pause_s = 0.01;
    options_.download.max_bytes = 1 << 20;
  }

  // What a server in order says.
  WebResponse right(const WebRequest& request) const {
    if (request.target == "/images.gz") return honour_range(request, images_);
    if (request.target == "/rows.gz") return honour_range(request, rows_);
    return {.status = 404};
  }
  LoopbackServer good_server() const {
    return LoopbackServer([this](const WebRequest& request) { return right(request); });
  }

  FetchResult fetch(std::vector<std::string> mirrors) {
    dataset_.mirrors = std::move(mirrors);
    return fetch_dataset(dataset_, folder_, options_);
  }

  // One mirror that answers every request alike: the fetch fails for the reason given, and nothing
  // stands under a final name.
  void expect_fault(const WebResponse& response, const std::string& reason) {
    const LoopbackServer server([&response](const WebRequest&) { return response; });
    EXPECT_ERROR(fetch({server.url()}), ErrorKind::kInput, "dataset small",
                 "/images.gz: ", "by hand", folder_.c_str(), reason.c_str());
    expect_nothing_in_place();
  }
  void expect_nothing_in_place() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      EXPECT_EQ(entry.path().extension(), ".part") << entry.path();
    }
  }
  void expect_everything_in_place() const {
    const Dataset dataset = read_idx_dataset("small", folder_ / "train-images-idx3-ubyte.gz",
                                             folder_ / "train-labels-idx1-ubyte.gz");
    EXPECT_EQ(dataset.width, 50);
    EXPECT_THAT(dataset.labels, testing::ElementsAre(7, 1));
    for (const auto& entry : fs::directory_iterator(folder_)) {
      EXPECT_EQ(entry.path().extension(), ".gz") << entry.path();
    }
  }

  TemporaryFolder temporary_;
  fs::path folder_ = temporary_ / "cache" / "small";
  fs::path part_ = folder_ / "images.gz.part";
  std::string images_, rows_;
  RemoteDataset dataset_;
  FetchOptions options_;

 private:
  std::vector<std::unique_ptr<EnvironmentVariable>> no_proxies_;
};

TEST_F(Fetch, FilesArePutInPlaceAndLabelRowsBecomeLabels) {
  const LoopbackServer server = good_server();
  const FetchResult result = fetch({server.url()});
  EXPECT_EQ(result.fetched, 2);
  EXPECT_EQ(result.kept, 0);
  expect_everything_in_place();
}

TEST_F(Fetch, RightFilesAreKept) {
  fetch({good_server().url()});  // the server is gone after this line
  EXPECT_EQ(fetch({}).kept, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, WrongFileInPlaceIsFetchedAnew) {
  make_folder(folder_);
  write_file(folder_ / "train-images-idx3-ubyte.gz", images_.substr(0, 100));
  write_file(folder_ / "train-labels-idx1-ubyte.gz", std::string("nonsense"));
  const LoopbackServer server = good_server();
  EXPECT_EQ(fetch({server.url()}).fetched, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, OtherGzipWrappingOfTheSameBytesIsTaken) {
  make_folder(folder_);
  const Bytes inflated = gunzip(Bytes(images_.begin(), images_.end()), "images", 1 << 20);
  const std::span<const uint8_t> all(inflated);
  Bytes two_members = gzip(all.first(100));
  const Bytes rest = gzip(all.subspan(100));
  two_members.insert(two_members.end(), rest.begin(), rest.end());
  images_ = text_of(two_members);
  const LoopbackServer server = good_server();
  EXPECT_EQ(fetch({server.url()}).fetched, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, UnzippedFilePutByHandIsKeptOrNamed) {
  make_folder(folder_);
  const fs::path plain = folder_ / "train-images-idx3-ubyte";
  write_file(plain, gunzip(Bytes(images_.begin(), images_.end()), "images", 1 << 20));
  const LoopbackServer server = good_server();
  EXPECT_EQ(fetch({server.url()}).kept, 1);
  write_file(plain, "other");
  EXPECT_ERROR(fetch({server.url()}), ErrorKind::kInput, plain.c_str(), "SHA-256");
  EXPECT_EQ(read_text_file(plain), "other");
}

TEST_F(Fetch, FilePutByHandUnderItsRemoteNameIsUsed) {
  make_folder(folder_);
  write_file(folder_ / "images.gz", images_);
  write_file(folder_ / "rows.gz", rows_);
  EXPECT_EQ(fetch({}).kept, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, ForbiddenWithAnErrorPageIsAFault) {
  expect_fault({.status = 403, .body = "<html>Forbidden</html>"}, "found 403");
  EXPECT_FALSE(fs::exists(part_));
}

TEST_F(Fetch, MissingFileIsAFault) { expect_fault({.status = 404}, "found 404"); }

TEST_F(Fetch, ErrorPageThatSaysAllIsWellIsAFault) {
  expect_fault({.body = "<!doctype html><html>Not here</html>"}, "a web page");
  EXPECT_FALSE(fs::exists(part_));
}

TEST_F(Fetch, EmptyAnswerIsAFault) { expect_fault({}, "found 0 bytes"); }

TEST_F(Fetch, TruncationIsAFaultThatKeepsThePart) {
  expect_fault(
      {.body = images_.substr(0, 1000), .claimed_length = static_cast<long>(images_.size())},
      "broke off after 1000 bytes");
  EXPECT_EQ(read_text_file(part_), images_.substr(0, 1000));
}

TEST_F(Fetch, TruncationNobodyAnnouncedIsAFault) {
  expect_fault({.body = images_.substr(0, 1000), .length_stated = false}, "truncated or corrupt");
  EXPECT_FALSE(fs::exists(part_));
}

TEST_F(Fetch, WrongContentIsAFaultByEitherSum) {
  expect_fault({.body = rows_}, "SHA-256 " + dataset_.files[0].inflated_sha256);
  std::swap(dataset_.files[0], dataset_.files[1]);
  const LoopbackServer server([this](const WebRequest&) { return WebResponse{.body = images_}; });
  EXPECT_ERROR(fetch({server.url()}), ErrorKind::kInput, "expected MD5",
               dataset_.files[0].gzip_md5.c_str());
  expect_nothing_in_place();
}

TEST_F(Fetch, StallIsAFaultThatKeepsThePart) {
  expect_fault({.body = images_.substr(0, 500),
                .claimed_length = static_cast<long>(images_.size()),
                .end = WebResponse::End::kStall},
               "too slow");
  EXPECT_EQ(read_text_file(part_), images_.substr(0, 500));
}

TEST_F(Fetch, EndlessBodyIsAFault) {
  expect_fault({.length_stated = false, .end = WebResponse::End::kEndless},
               "at most 1048576 bytes");
  EXPECT_FALSE(fs::exists(part_));
}

TEST_F(Fetch, RedirectLoopIsAFault) {
  expect_fault({.status = 302, .headers = "Location: /images.gz\r\n"}, "redirects");
}

TEST_F(Fetch, BusyServerIsAskedAgain) {
  int asked = 0;
  const LoopbackServer server([&](const WebRequest& request) {
    return ++asked == 1 ? WebResponse{.status = 503} : right(request);
  });
  EXPECT_EQ(fetch({server.url()}).fetched, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, RedirectToAnotherPlaceIsFollowed) {
  const LoopbackServer good = good_server();
  const LoopbackServer moved([&good](const WebRequest& request) {
    return WebResponse{.status = 301, .headers = "Location: " + good.url(request.target) + "\r\n"};
  });
  EXPECT_EQ(fetch({moved.url()}).fetched, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, NextMirrorIsAskedAndGoesOnWhereTheFirstBrokeOff) {
  const LoopbackServer bad([this](const WebRequest&) {
    return WebResponse{.body = images_.substr(0, 1000),
                       .claimed_length = static_cast<long>(images_.size())};
  });
  const LoopbackServer good = good_server();
  EXPECT_EQ(fetch({bad.url(), good.url()}).fetched, 2);
  EXPECT_EQ(good.requests()[0].range_from, 1000);
  expect_everything_in_place();
}

TEST_F(Fetch, EveryMirrorsFaultIsNamedInOrder) {
  const LoopbackServer first([](const WebRequest&) { return WebResponse{.status = 403}; });
  const LoopbackServer second([](const WebRequest&) { return WebResponse{.status = 404}; });
  try {
    fetch({first.url(), second.url()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::ContainsRegex(first.url("/images.gz") + ": .*found 403\n.*" +
                                                     second.url("/images.gz") + ": .*found 404\n"));
  }
  expect_nothing_in_place();
}

TEST_F(Fetch, PartOfAnotherFileIsThrownAwayAndFetchedOnceMore) {
  make_folder(folder_);
  write_file(part_, std::string(1000, '?'));
  const LoopbackServer server = good_server();
  EXPECT_EQ(fetch({server.url()}).fetched, 2);
  EXPECT_EQ(server.requests()[0].range_from, 1000);
  EXPECT_EQ(server.requests()[1].range_from, -1);
  expect_everything_in_place();
}

TEST_F(Fetch, PiecesThatNeverFitEnd) {
  const std::string wrong(4000, 'x');
  const LoopbackServer server([&wrong](const WebRequest& request) {
    if (request.range_from >= 0) return honour_range(request, wrong);
    return WebResponse{.body = wrong.substr(0, 100), .claimed_length = 4000};
  });
  EXPECT_ERROR(fetch({server.url()}), ErrorKind::kInput, "expected a gzip file");
  EXPECT_EQ(server.requests().size(), 4u);
  expect_nothing_in_place();
}

TEST_F(Fetch, MirrorOfTheUserIsAskedAloneAndTheSumsStillHold) {
  const LoopbackServer bad([](const WebRequest&) { return WebResponse{.body = "x"}; });
  const LoopbackServer unasked = good_server();
  options_.mirror = bad.url("/deep/down");
  EXPECT_ERROR(fetch({unasked.url()}), ErrorKind::kInput, "/deep/down/images.gz: ");
  EXPECT_EQ(unasked.requests().size(), 0u);
  expect_nothing_in_place();
}

TEST_F(Fetch, MirrorThatIsNoWebAddressIsAUsageError) {
  for (const char* mirror : {"ftp://x/", "/tmp", "file:///tmp/"}) {
    options_.mirror = mirror;
    EXPECT_ERROR(fetch({}), ErrorKind::kUsage, mirror, "http://");
    EXPECT_FALSE(fs::exists(folder_));
  }
}

TEST_F(Fetch, LabelRowsOfAnotherKindAreRefused) {
  const Bytes other = {0, 0, 8, 1, 0, 0, 0, 1, 0, 0, 0, 0};
  rows_ = text_of(gzip(other));
  dataset_.files[1].gzip_md5 = md5_hex(rows_.data(), rows_.size());
  const LoopbackServer server = good_server();
  EXPECT_ERROR(fetch({server.url()}), ErrorKind::kInput, "rows.gz", "magic");
  EXPECT_FALSE(fs::exists(folder_ / "train-labels-idx1-ubyte.gz"));
}

TEST_F(Fetch, TwoAtOnceTakeTurns) {
  const LoopbackServer server([this](const WebRequest& request) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // both are at it by then
    return right(request);
  });
  dataset_.mirrors = {server.url()};
  std::atomic<int> fetched{0}, kept{0};
  const auto work = [&] {
    const FetchResult result = fetch_dataset(dataset_, folder_, options_);
    fetched += result.fetched;
    kept += result.kept;
  };
  std::thread other(work);
  work();
  other.join();
  EXPECT_EQ(fetched, 2);
  EXPECT_EQ(kept, 2);
  expect_everything_in_place();
}

TEST_F(Fetch, ProgressNamesTheFile) {
  std::map<std::string, uint64_t> done;
  options_.progress = [&done](const FetchProgress& progress) {
    done[std::string(progress.file)] = progress.bytes.done_bytes;
  };
  const LoopbackServer server = good_server();
  fetch({server.url()});
  EXPECT_THAT(done, testing::ElementsAre(testing::Pair("images.gz", images_.size()),
                                         testing::Pair("rows.gz", rows_.size())));
}

TEST(Mirrors, EveryKnownDatasetHasItsFourFilesAndOneSumEach) {
  for (const KnownDataset& known : known_datasets()) {
    const RemoteDataset* dataset = find_remote_dataset(known.name);
    ASSERT_NE(dataset, nullptr) << known.name;
    ASSERT_EQ(dataset->files.size(), 4u);
    for (const std::string& mirror : dataset->mirrors) {
      EXPECT_TRUE(mirror.starts_with("http") && mirror.ends_with('/')) << mirror;
    }
    for (const RemoteFile& file : dataset->files) {
      EXPECT_TRUE(file.remote.ends_with(".gz"));
      EXPECT_EQ(file.inflated_sha256.size() + 2 * file.gzip_md5.size(), 64u) << file.remote;
    }
  }
  EXPECT_EQ(find_remote_dataset("no-such"), nullptr);
}

TEST(Mirrors, EmnistIsExplained) {
  EXPECT_THAT(std::string(advice_by_hand("emnist-letters")), HasSubstr("transposed"));
  EXPECT_EQ(advice_by_hand("mnist"), "");
}

}  // namespace
}  // namespace inkling
