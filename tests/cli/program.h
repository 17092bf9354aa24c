// The real program on data of a test's own. Each test has a folder, the program's working
// directory, with a dataset in data/tiny: 28x28 pictures of ten classes.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/formats/idx.h"
#include "support/drawn_dataset.h"
#include "support/process.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {

using Words = std::vector<std::string>;

class Program : public testing::Test {
 protected:
  static constexpr int kTrainCount = 300, kTestCount = 100;

  // Nothing of the machine's data or cache is seen, unless asked for by `options`.
  Finished run(const Words& arguments, RunOptions options = {}) const {
    Words words{INKLING_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (options.folder.empty()) options.folder = folder_.path();
    options.environment.insert({{"INKLING_DATA", ""},
                                {"XDG_CACHE_HOME", (folder_ / "cache").string()},
                                {"HOME", folder_.path().string()},
                                // No network: every download is refused at once.
                                {"http_proxy", "http://127.0.0.1:1"},
                                {"https_proxy", "http://127.0.0.1:1"},
                                {"no_proxy", ""},
                                {"NO_PROXY", ""}});
    return run_program(words, options);
  }

  // Trains `logistic` for two epochs on data/tiny.
  Finished train(const std::string& out, Words more = {}, RunOptions options = {}) const {
    Words words{"train", "--dataset", "tiny", "--model", "logistic", "--epochs",  "2", "--batch",
                "32",    "--lr",      "0.01", "--out",   out,        "--threads", "1"};
    for (size_t i = 0; i + 1 < more.size(); i += 2) {  // a later value replaces an earlier one
      const auto at = std::find(words.begin(), words.end(), more[i]);
      if (at == words.end()) {
        words.insert(words.end(), {more[i], more[i + 1]});
      } else {
        at[1] = more[i + 1];
      }
    }
    return run(words, std::move(options));
  }

  void write_dataset(const std::string& name, const Drawing& train, const Drawing& test) const {
    const auto folder = folder_ / "data" / name;
    make_folder(folder);
    write_pair(folder, "train", train);
    write_pair(folder, "t10k", test);
  }
  // Training images where a convolution network is trained: fewer under sanitizers.
  static int affordable_count() {
    return std::getenv("INKLING_TEST_SAMPLE") ? kTrainCount / 4 : kTrainCount;
  }
  void write_tiny(int train_images = kTrainCount) const {
    write_dataset("tiny", {.images = train_images, .classes = 10, .side = 28, .seed = 1},
                  {.images = kTestCount, .classes = 10, .side = 28, .seed = 2});
  }

  nlohmann::json read_json(const std::filesystem::path& name) const {
    return nlohmann::json::parse(read_text_file(folder_ / name));
  }
  bool exists(const std::filesystem::path& name) const {
    return std::filesystem::exists(folder_ / name);
  }

  // An exit code, a message on stderr that holds every part, nothing on stdout.
  static void expect_failure(const Finished& run, int code,
                             std::initializer_list<const char*> parts) {
    expect_failure(run, code, std::vector<std::string>(parts.begin(), parts.end()));
  }
  static void expect_failure(const Finished& run, int code, const std::vector<std::string>& parts) {
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_THAT("\n" + run.err, testing::HasSubstr("\ninkling: "));
    for (const std::string& part : parts) EXPECT_THAT(run.err, testing::HasSubstr(part));
  }
  // No file that was being written is left anywhere below the test's folder.
  void expect_nothing_half_written() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
    }
  }

  TemporaryFolder folder_;

 private:
  static void write_pair(const std::filesystem::path& folder, const std::string& prefix,
                         const Drawing& drawing) {
    Dataset drawn = drawn_dataset(drawing);
    write_idx_images(folder / (prefix + "-images-idx3-ubyte"),
                     {.count = drawing.images,
                      .height = drawing.side,
                      .width = drawing.side,
                      .pixels = std::move(drawn.bytes())});
    write_idx_labels(folder / (prefix + "-labels-idx1-ubyte"), drawn.labels);
  }
};

}  // namespace inkling
