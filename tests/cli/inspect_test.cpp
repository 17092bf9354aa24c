// inkling inspect, on data with planted faults: drawn ones always, MNIST's where it is.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/random.h"
#include "cli/program.h"
#include "data/formats/index_list.h"
#include "data/sources/sources.h"
#include "support/mnist.h"

// Trainings of minutes: not under the sanitizers.
#define SKIP_IN_A_SAMPLE()                           \
  if (std::getenv("INKLING_TEST_SAMPLE") != nullptr) \
  GTEST_SKIP() << "trains for long: skipped with INKLING_TEST_SAMPLE"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kFigures = {
    "sample_digits", "class_distribution", "mean_digits",   "pixel_histogram",
    "outliers",      "suspect_labels",     "preprocessing", "data_augmentation_examples"};

struct Planted {
  std::set<uint32_t> flipped, blank;  // of the training split
  std::set<uint32_t> leaked;          // of the test split
};

uint8_t* pixels(Dataset& dataset, size_t index) {
  return dataset.bytes().data() + index * dataset.image_size();
}

// Faults no two of which share an image: `flips` wrong labels and `blanks` blank images in
// training, `leaks` training images in the test split.
Planted plant(Dataset& train, Dataset& test, int flips, int blanks, int leaks) {
  Random random(7);
  std::vector<uint32_t> order(train.size()), places(test.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  for (uint32_t i = 0; i < places.size(); ++i) places[i] = i;
  random.shuffle(std::span(order));
  random.shuffle(std::span(places));
  Planted planted;
  auto next = order.begin();
  for (int i = 0; i < flips; ++i, ++next) {
    const auto other = 1 + random.below(static_cast<uint64_t>(train.classes) - 1);
    train.labels[*next] =
        static_cast<uint8_t>((train.labels[*next] + other) % static_cast<uint64_t>(train.classes));
    planted.flipped.insert(*next);
  }
  for (int i = 0; i < blanks; ++i, ++next) {
    std::fill_n(pixels(train, *next), train.image_size(), static_cast<uint8_t>(i * 20));
    planted.blank.insert(*next);
  }
  for (int i = 0; i < leaks; ++i, ++next) {
    const uint32_t place = places[static_cast<size_t>(i)];
    std::copy_n(pixels(train, *next), train.image_size(), pixels(test, place));
    test.labels[place] = train.labels[*next];
    planted.leaked.insert(place);
  }
  return planted;
}

Dataset without_class(const Dataset& dataset, int absent) {
  Dataset kept = dataset;
  kept.bytes().clear();
  kept.labels.clear();
  for (uint32_t i = 0; i < dataset.size(); ++i) {
    if (dataset.labels[i] == absent) continue;
    kept.bytes().insert(kept.bytes().end(), dataset.image(i).begin(), dataset.image(i).end());
    kept.labels.push_back(dataset.labels[i]);
  }
  return kept;
}

Dataset range_of(const Dataset& dataset, size_t begin, size_t end) {
  Dataset part = dataset;
  const auto bytes = dataset.image_size();
  part.bytes().assign(pixels(part, begin), pixels(part, end));
  part.labels.assign(dataset.labels.begin() + static_cast<std::ptrdiff_t>(begin),
                     dataset.labels.begin() + static_cast<std::ptrdiff_t>(end));
  EXPECT_EQ(part.bytes().size(), (end - begin) * bytes);
  return part;
}

// Moves every image right by `by` pixels; what leaves comes in again on the left.
void shift(Dataset& dataset, int by) {
  const auto row = static_cast<std::ptrdiff_t>(dataset.width);
  for (auto at = dataset.bytes().begin(); at != dataset.bytes().end(); at += row) {
    std::rotate(at, at + row - by, at + row);
  }
}

class Inspect : public Program {
 protected:
  void write(const std::string& name, const Dataset& train, const Dataset& test) const {
    const auto folder = folder_ / "data" / name;
    make_folder(folder);
    for (const auto& [prefix, set] : {std::pair("train", &train), std::pair("t10k", &test)}) {
      const std::string start = (folder / prefix).string();
      write_idx_images(start + "-images-idx3-ubyte", {.count = static_cast<int>(set->size()),
                                                      .height = set->height,
                                                      .width = set->width,
                                                      .pixels = set->bytes()});
      write_idx_labels(start + "-labels-idx1-ubyte", set->labels);
    }
  }

  nlohmann::json inspect(const std::string& name, Words more = {}) const {
    Words words{"inspect", "--dataset", name, "--out", "out"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = run(words, {.timeout_s = 500});
    EXPECT_EQ(finished.code, 0) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr("findings"));
    return read_json("out/inspect.json");
  }

  static void expect_planted(const nlohmann::json& json, const Planted& planted,
                             int flips_among_first, size_t first) {
    std::set<uint32_t> leaked, blank;
    for (const auto& pair : json["cross_split_duplicates"])
      leaked.insert(pair["test"].get<uint32_t>());
    for (const auto& index : json["splits"]["train"]["blank_indices"])
      blank.insert(index.get<uint32_t>());
    EXPECT_EQ(leaked, planted.leaked);
    EXPECT_EQ(blank, planted.blank);
    EXPECT_EQ(json["splits"]["train"]["blank"], planted.blank.size());
    int found = 0;
    const auto& suspects = json["suspects"]["train"];
    for (size_t i = 0; i < std::min(first, suspects.size()); ++i) {
      found += static_cast<int>(planted.flipped.count(suspects[i]["index"].get<uint32_t>()));
    }
    EXPECT_GE(found, flips_among_first);
  }

  static std::string findings(const nlohmann::json& json) {
    std::string text;
    for (const auto& finding : json["findings"]) {
      EXPECT_FALSE(finding["advice"].get<std::string>().empty());
      text +=
          finding["severity"].get<std::string>() + ": " + finding["what"].get<std::string>() + "\n";
    }
    return text;
  }
};

Dataset drawn(int images, uint64_t seed) {
  return drawn_dataset({.images = images, .classes = 6, .side = 20, .seed = seed});
}

TEST_F(Inspect, FindsPlantedFaults) {
  Dataset train = drawn(600, 1), test = drawn(300, 2);
  const Planted planted = plant(train, test, 8, 5, 6);
  write("planted", train, test);
  const nlohmann::json json = inspect("planted");
  expect_planted(json, planted, 8, 16);
  const std::string said = findings(json);
  EXPECT_THAT(said, HasSubstr("error: 6 images of the test split are also in the training split"));
  EXPECT_THAT(said, HasSubstr("warning: 5 images of the training split are blank"));
}

TEST_F(Inspect, FindsAMissingClassAndAShiftedSplit) {
  Dataset test = drawn(300, 2);
  shift(test, 2);
  write("planted", without_class(drawn(600, 1), 2), test);
  const std::string said = findings(inspect("planted", {"--no-suspects"}));
  EXPECT_THAT(said, HasSubstr("error: the training split has no image of class 2"));
  EXPECT_THAT(said, HasSubstr("warning: the mean image of the test split"));
}

TEST_F(Inspect, CleanDataHasNoErrorOrWarning) {
  write("clean", drawn(600, 1), drawn(300, 2));
  const std::string said = findings(inspect("clean", {"--no-suspects"}));
  EXPECT_THAT(said, Not(HasSubstr("error")));
  EXPECT_THAT(said, Not(HasSubstr("warning")));
}

TEST_F(Inspect, DrawsEveryFigureOrSaysWhyNot) {
  write("clean", drawn(120, 1), drawn(60, 2));
  const Finished finished = run({"inspect", "--dataset", "clean", "--out", "out"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const bool drawn_at_all = !testing::Value(finished.err, HasSubstr("gnuplot"));
  for (const std::string& figure : kFigures) {
    for (const char* extension : {".png", ".svg"}) {
      EXPECT_EQ(exists("out/figures/" + figure + extension), drawn_at_all) << figure << extension;
    }
  }
  expect_nothing_half_written();
}

TEST_F(Inspect, WithoutGnuplotWarnsAndStillWritesTheJson) {
  write("clean", drawn(120, 1), drawn(60, 2));
  const Finished finished = run({"inspect", "--dataset", "clean", "--out", "out", "--no-suspects"},
                                {.environment = {{"PATH", folder_.path().string()}}});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("warning: no figures drawn: gnuplot is not installed"));
  EXPECT_EQ(read_json("out/inspect.json")["splits"]["train"]["n"], 120);
}

TEST_F(Inspect, NoSuspectsLooksForNone) {
  write("clean", drawn(120, 1), drawn(60, 2));
  const nlohmann::json json = inspect("clean", {"--no-suspects"});
  EXPECT_EQ(json["suspects_looked_for"], false);
  EXPECT_TRUE(json["suspects"]["train"].empty());
  EXPECT_FALSE(exists("out/figures/suspect_labels.png"));
}

TEST_F(Inspect, MissingOutIsAUsageError) {
  write_tiny();
  expect_failure(run({"inspect", "--dataset", "tiny"}), 2, {"--out"});
}

// The measure: 50 flipped labels, 20 leaks, 10 blanks among 10,000 of MNIST.
TEST_F(Inspect, FindsFaultsPlantedInMnist) {
  SKIP_IN_A_SAMPLE();
  SKIP_WITHOUT_MNIST();
  const Dataset all = load_dataset("mnist", Split::kTrain);
  Dataset train = range_of(all, 0, 10000), test = range_of(all, 10000, 12000);
  const Planted planted = plant(train, test, 50, 10, 20);
  write("planted", train, test);
  expect_planted(inspect("planted"), planted, 45, 100);
}

TEST_F(Inspect, FindsAMissingClassAndAShiftedSplitOfMnist) {
  SKIP_WITHOUT_MNIST();
  const Dataset all = load_dataset("mnist", Split::kTrain);
  Dataset test = range_of(all, 10000, 12000);
  shift(test, 2);
  write("planted", without_class(range_of(all, 0, 10000), 7), test);
  const std::string said = findings(inspect("planted", {"--no-suspects"}));
  EXPECT_THAT(said, HasSubstr("error: the training split has no image of class 7"));
  EXPECT_THAT(said, HasSubstr("warning: the test split differs in ink centre x"));
}

TEST_F(Inspect, FindsTheDoubtfulLabelsOfMnistsTestSet) {
  SKIP_IN_A_SAMPLE();
  SKIP_WITHOUT_MNIST();
  const std::vector<uint32_t> doubtful =
      read_index_list(INKLING_SOURCE "/docs/mnist-disputed-test-labels.txt", 10000);
  ASSERT_EQ(doubtful.size(), 15u);
  const auto folder = find_dataset("mnist")->parent_path();
  const nlohmann::json json =
      inspect("mnist", {"--data-dir", std::filesystem::absolute(folder).string()});
  const auto& suspects = json["suspects"]["test"];
  int found = 0;
  for (size_t i = 0; i < std::min<size_t>(100, suspects.size()); ++i) {
    found += static_cast<int>(std::ranges::count(doubtful, suspects[i]["index"].get<uint32_t>()));
  }
  EXPECT_GE(found, 11);
}

}  // namespace
}  // namespace inkling
