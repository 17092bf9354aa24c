// Where images come from, as the program finds, fetches and reads them.
#include "cli/program.h"
#include "data/formats/picture.h"
#include "data/sources/sources.h"
#include "support/loopback_server.h"
#include "support/mnist.h"

namespace inkling {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

// The program in reach of servers on this machine and no proxy.
class Data : public Program {
 protected:
  Finished online(const Words& arguments, RunOptions options = {}) const {
    options.environment.insert({"no_proxy", "127.0.0.1"});
    return run(arguments, std::move(options));
  }
  // Nothing but beginnings of files lies in the cache.
  void expect_no_final_name() const {
    std::error_code ignored;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "cache", ignored)) {
      EXPECT_TRUE(entry.is_directory() || entry.path().extension() == ".part") << entry.path();
    }
  }
  // Serves the files of a dataset as they lie on this machine.
  static WebResponse file_response(const fs::path& folder, const std::string& target) {
    const fs::path path = folder / fs::path(target).filename();
    if (!fs::exists(path)) return {.status = 404};
    const std::vector<uint8_t> bytes = read_file(path);
    return {.body = {bytes.begin(), bytes.end()}};
  }

  // A class a subfolder, from the drawn dataset: n pictures of `classes` classes.
  void write_pictures(const std::string& name, const Drawing& drawing) const {
    const Dataset drawn = drawn_dataset(drawing);
    for (size_t i = 0; i < drawn.size(); ++i) {
      const fs::path folder = folder_ / name / ("kind " + std::to_string(drawn.labels[i]));
      make_folder(folder);
      const auto image = drawn.image(i);
      write_file(folder / (std::to_string(i) + ".png"),
                 encode_png({.width = drawn.width,
                             .height = drawn.height,
                             .channels = 1,
                             .had_alpha = false,
                             .pixels = {image.begin(), image.end()}}));
    }
  }
};

TEST_F(Data, CommandsBehindDataAreListed) {
  const Finished help = run({"data", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("fetch"));
  EXPECT_EQ(run({"data"}).code, 2);
  expect_failure(run({"data", "fetsch"}), 2, {"fetsch", "did you mean \"fetch\""});
}

TEST_F(Data, FetchPutsVerifiedFilesIntoTheCache) {
  SKIP_WITHOUT_MNIST();
  const fs::path source = *find_dataset("mnist");
  const LoopbackServer server(
      [&](const WebRequest& request) { return file_response(source, request.target); });
  const Finished fetched = online({"data", "fetch", "mnist", "--mirror", server.url("/m/")});
  if (server.requests().size() == 1 && fetched.code == 1) GTEST_SKIP() << "MNIST is not gzipped";
  ASSERT_EQ(fetched.code, 0) << fetched.err;
  EXPECT_THAT(fetched.out, HasSubstr("mnist: 4 files downloaded, 0 already there"));
  EXPECT_THAT(fetched.err, HasSubstr("mnist: downloading into"));
  EXPECT_EQ(fetched.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(server.requests()[0].target, "/m/train-images-idx3-ubyte.gz");

  const Finished again = online({"data", "fetch", "mnist", "--mirror", server.url("/m/")});
  EXPECT_THAT(again.out, HasSubstr("mnist: 0 files downloaded, 4 already there"));
  EXPECT_EQ(again.err, "");
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST_F(Data, FetchFailsWithTheRemedyAndLeavesNothing) {
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{.status = 403, .body = "<html>Forbidden</html>"};
  });
  expect_failure(online({"data", "fetch", "mnist", "--mirror", server.url()}), 1,
                 {"train-images-idx3-ubyte.gz: ", "found 403", "t10k-labels-idx1-ubyte.gz",
                  "cache/inkling/mnist by hand", "--data-dir"});
  expect_no_final_name();
}

TEST_F(Data, WrongArgumentsOfFetchAreUsageErrors) {
  expect_failure(run({"data", "fetch"}), 2, {"NAME"});
  expect_failure(run({"data", "fetch", "mnits"}), 2, {"mnits", "did you mean \"mnist\""});
  expect_failure(run({"data", "fetch", "mnist", "--mirror", "ftp://x"}), 2, {"ftp://x", "http://"});
  expect_failure(run({"data", "fetch", "emnist"}), 1, {"emnist", "transposed"});
  EXPECT_FALSE(exists("cache"));
}

TEST_F(Data, InterruptedFetchKeepsWhatArrived) {
  const LoopbackServer server([](const WebRequest&) {
    return WebResponse{
        .body = "beginning", .claimed_length = 1000, .end = WebResponse::End::kStall};
  });
  const fs::path part = folder_ / "cache/inkling/mnist/train-images-idx3-ubyte.gz.part";
  std::error_code none;
  RunOptions options;
  options.interrupt_when = [&](const Finished&) {
    return fs::exists(part, none) && fs::file_size(part, none) == 9;
  };
  expect_failure(online({"data", "fetch", "mnist", "--mirror", server.url()}, options), 130, {});
  EXPECT_EQ(read_text_file(part), "beginning");
  expect_no_final_name();
}

// Its mirror is asked over http, so a proxy sees the whole request.
TEST_F(Data, MissingKnownDatasetIsFetchedOnFirstUseThroughTheProxy) {
  const auto source = find_dataset("fashion-mnist");
  if (!source) GTEST_SKIP() << "needs Fashion-MNIST where INKLING_DATA says";
  const LoopbackServer proxy(
      [&](const WebRequest& request) { return file_response(*source, request.target); });
  const Words words = {"train",    "--dataset", "fashion-mnist", "--model", "logistic",
                       "--epochs", "1",         "--out",         "run"};
  const RunOptions options{.environment = {{"http_proxy", proxy.url()}}};
  const Finished trained = run(words, options);
  ASSERT_EQ(trained.code, 0) << trained.err;
  ASSERT_EQ(proxy.requests().size(), 4u);
  EXPECT_THAT(proxy.requests()[0].target, testing::StartsWith("http://fashion-mnist."));
  EXPECT_TRUE(exists("cache/inkling/fashion-mnist/t10k-labels-idx1-ubyte.gz"));
  EXPECT_EQ(run(words, options).code, 0);
  EXPECT_EQ(proxy.requests().size(), 4u);
}

TEST_F(Data, MissingDatasetWithoutANetworkIsAnErrorWithTheRemedy) {
  make_folder(folder_ / "empty");
  const RunOptions options{.environment = {{"INKLING_DATA", (folder_ / "empty").string()}}};
  for (const char* name : {"mnist", "kmnist"}) {
    expect_failure(run({"train", "--dataset", name, "--out", "run"}, options), 1,
                   {std::string("dataset ") + name, "could not be downloaded", "by hand",
                    "--data-dir", "INKLING_DATA"});
  }
  EXPECT_FALSE(exists("run"));
  expect_no_final_name();
}

TEST_F(Data, NothingIsFetchedForADataDirOrAnUnknownName) {
  const LoopbackServer proxy([](const WebRequest&) { return WebResponse{.status = 404}; });
  const RunOptions options{
      .environment = {{"http_proxy", proxy.url()}, {"https_proxy", proxy.url()}}};
  make_folder(folder_ / "given");
  expect_failure(run({"train", "--dataset", "kmnist", "--data-dir", "given"}, options), 1,
                 {"given/kmnist"});
  expect_failure(run({"train", "--dataset", "mine"}, options), 1, {"dataset mine"});
  EXPECT_EQ(proxy.requests().size(), 0u);
  EXPECT_FALSE(exists("cache"));
}

TEST_F(Data, PicturesAreTrainedOnAndEvaluated) {
  write_pictures("shapes", {.images = 120, .classes = 3, .side = 28, .seed = 1});
  write_pictures("others", {.images = 30, .classes = 3, .side = 56, .seed = 2});
  const Finished trained = run({"train", "--pictures", "shapes", "--model", "logistic", "--epochs",
                                "3", "--batch", "16", "--lr", "0.01", "--out", "run"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_THAT(read_text_file(folder_ / "run/recipe.toml"), HasSubstr("pictures = 'shapes'"));

  const Finished others =
      run({"evaluate", "--model", "run", "--pictures", "others", "--json", "m"});
  ASSERT_EQ(others.code, 0) << others.err;
  const nlohmann::json metrics = read_json("m");
  EXPECT_EQ(metrics["n"], 30);
  EXPECT_EQ(metrics["split"], "all");
  EXPECT_EQ(metrics["dataset"], "others");
  EXPECT_GT(metrics["accuracy"].get<double>(), 0.8);
  EXPECT_EQ(metrics["per_class"][2]["label"], "kind 2");
  EXPECT_FALSE(exists("run/metrics-test.json"));
}

TEST_F(Data, RunOnPicturesFindsItsOwnValidationImagesAgain) {
  write_pictures("shapes", {.images = 120, .classes = 3, .side = 28, .seed = 1});
  ASSERT_EQ(run({"train", "--pictures", "shapes", "--model", "logistic", "--epochs", "1", "--out",
                 "run", "--threads", "1"})
                .code,
            0);
  const Finished own = run({"evaluate", "--model", "run", "--split", "validation", "--json", "m"});
  ASSERT_EQ(own.code, 0) << own.err;
  EXPECT_EQ(read_json("m")["confusion"], read_json("run/metrics.json")["confusion"]);
  expect_failure(run({"evaluate", "--model", "run"}), 2, {"shapes", "no test set", "--split"});
}

TEST_F(Data, ClassFolderTheModelDoesNotKnowIsNamed) {
  write_pictures("shapes", {.images = 30, .classes = 3, .side = 28, .seed = 1});
  write_pictures("more", {.images = 40, .classes = 4, .side = 28, .seed = 1});
  ASSERT_EQ(
      run({"train", "--pictures", "shapes", "--model", "logistic", "--epochs", "1", "--out", "run"})
          .code,
      0);
  expect_failure(run({"evaluate", "--model", "run", "--pictures", "more"}), 1, {"more/kind 3"});
}

TEST_F(Data, PairOfFilesIsTrainedOnWithItsClassNames) {
  write_tiny();
  write_file(folder_ / "data/tiny/classes.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
  const Finished trained = run({"train", "--images", "data/tiny/train-images-idx3-ubyte",
                                "--labels", "data/tiny/train-labels-idx1-ubyte", "--model",
                                "logistic", "--epochs", "1", "--out", "run"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_EQ(read_json("run/metrics.json")["per_class"][9]["label"], "j");
  EXPECT_THAT(read_text_file(folder_ / "run/recipe.toml"),
              HasSubstr("labels = 'data/tiny/train-labels-idx1-ubyte'"));
}

TEST_F(Data, OneSourceIsNamed) {
  for (const char* command : {"train", "evaluate"}) {
    const Words model = {command, "--model", "x"};
    const auto with = [&](Words more) {
      more.insert(more.begin(), model.begin(), model.end());
      return run(more);
    };
    expect_failure(with({"--pictures", "p", "--dataset", "mnist"}), 2, {"--pictures", "found 2"});
    expect_failure(with({"--images", "i"}), 2, {"--images and --labels must be given together"});
    expect_failure(with({"--labels", "i"}), 2, {"--images and --labels must be given together"});
    expect_failure(with({"--pictures", "p", "--data-dir", "."}), 2, {"--data-dir", "--pictures"});
  }
  expect_failure(run({"train", "--pictures", "p", "--test"}), 2, {"--test", "no test set"});
}

}  // namespace
}  // namespace inkling
