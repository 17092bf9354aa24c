// Files that are not what they should be, places that cannot be read or written: exit code 1, a
// message that says what is wrong where, and nothing half-written.
#include <limits>
#include <sstream>

#include "cli/program.h"
#include "data/formats/picture.h"
#include "store/safetensors.h"
#include "sys/gzip.h"

namespace inkling {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr const char* kTrainImages = "data/tiny/train-images-idx3-ubyte";
constexpr const char* kTrainLabels = "data/tiny/train-labels-idx1-ubyte";

void put_word(Bytes& bytes, size_t at, uint32_t word) {
  for (size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<uint8_t>(word >> (24 - 8 * i));
}

class BadFiles : public Program {
 protected:
  BadFiles() { write_tiny(); }

  void put(const std::filesystem::path& name, const Bytes& bytes) const {
    write_file(folder_ / name, bytes);
  }
  Bytes get(const std::filesystem::path& name) const { return read_file(folder_ / name); }
  // A file of the dataset with one 32-bit word of its header replaced.
  void spoil_header(const char* name, size_t at, uint32_t word) const {
    Bytes bytes = get(name);
    put_word(bytes, at, word);
    put(name, bytes);
  }

  void expect_training_refused(std::initializer_list<const char*> parts) const {
    const Finished finished = train("run");
    expect_failure(finished, 1, parts);
    EXPECT_LT(finished.peak_kib, 300 * 1024);
    EXPECT_FALSE(exists("run"));
    expect_nothing_half_written();
  }
  // Of a network file.
  void expect_network_refused(const std::string& text, int code,
                              std::initializer_list<const char*> parts) const {
    write_file(folder_ / "net.toml", text);
    expect_failure(train("run", {"--model", "net.toml"}), code, parts);
    EXPECT_FALSE(exists("run"));
  }
};

TEST_F(BadFiles, MissingLabelsAreRefused) {
  std::filesystem::remove(folder_ / kTrainLabels);
  expect_training_refused({"data/tiny", "train-labels-idx1-ubyte"});
}

TEST_F(BadFiles, MissingDatasetIsRefusedWithThePlacesAndTheRemedy) {
  expect_failure(train("run", {"--dataset", "mnist"}), 1,
                 {"dataset mnist", "looked in", "data/mnist", "cache/inkling/mnist", "--data-dir",
                  "INKLING_DATA"});
  EXPECT_EQ(run({"pipeline", "--dataset", "mnist", "--out", "run"}).code, 1);
  EXPECT_FALSE(exists("run"));
}

TEST_F(BadFiles, EmptyFileIsRefused) {
  put(kTrainImages, Bytes{});
  expect_training_refused({kTrainImages, "expected an IDX header", "found 0 bytes"});
}

TEST_F(BadFiles, TruncatedGzipIsRefused) {
  Bytes packed = gzip(get(kTrainImages));
  packed.resize(packed.size() / 2);
  put(kTrainImages, packed);
  expect_training_refused({kTrainImages, "gzip", "truncated or corrupt"});
}

TEST_F(BadFiles, TruncatedImagesAreRefused) {
  Bytes bytes = get(kTrainImages);
  bytes.pop_back();
  put(kTrainImages, bytes);
  expect_training_refused({kTrainImages, "300 images of 28x28x1", "found 235199"});
}

TEST_F(BadFiles, WrongMagicIsRefused) {
  put(kTrainImages, get(kTrainLabels));
  expect_training_refused({kTrainImages, "magic", "0x00000801 (a label file)"});
}

TEST_F(BadFiles, ImagesAndLabelsOfDifferentNumberAreRefused) {
  put(kTrainLabels, get("data/tiny/t10k-labels-idx1-ubyte"));
  expect_training_refused({kTrainImages, kTrainLabels, "100", "found 300"});
}

TEST_F(BadFiles, LabelsTheNetworkDoesNotKnowAreRefused) {
  Bytes labels = get(kTrainLabels);
  labels.back() = 200;
  put(kTrainLabels, labels);
  expect_training_refused({"tiny", "logistic", "10 classes", "found 201"});
}

TEST_F(BadFiles, LabelsBeyondAKnownDatasetsClassesAreRefusedWithTheirPlace) {
  std::filesystem::rename(folder_ / "data" / "tiny", folder_ / "data" / "mnist");
  const char* file = "data/mnist/train-labels-idx1-ubyte";
  Bytes labels = get(file);
  labels[8 + 17] = 200;
  put(file, labels);
  expect_failure(train("run", {"--dataset", "mnist"}), 1,
                 {file, "from 0 to 9", "found 200 at index 17"});
}

TEST_F(BadFiles, EvaluationOnMoreClassesThanTheModelHasIsRefused) {
  write_dataset("two", {.images = 60, .classes = 2, .side = 28},
                {.images = 60, .classes = 2, .side = 28});
  write_file(folder_ / "two.toml", std::string("classes = 2\nlayers = [{type = \"flatten\"}, "
                                               "{type = \"dense\", units = 2}]\n"));
  ASSERT_EQ(train("run", {"--dataset", "two", "--model", "two.toml"}).code, 0);
  expect_failure(run({"evaluate", "--model", "run", "--images", kTrainImages, "--labels",
                      kTrainLabels, "--json", "m.json"}),
                 1, {kTrainImages, "2 classes", "found 10"});
  EXPECT_FALSE(exists("m.json"));
}

TEST_F(BadFiles, ZeroImagesAreRefused) {
  Bytes images = get(kTrainImages);
  images.resize(16);
  put_word(images, 4, 0);
  put(kTrainImages, images);
  expect_training_refused({kTrainImages, "at least one image", "found 0"});
}

TEST_F(BadFiles, AbsurdHeaderCountsAreRefusedWithoutMemoryForThem) {
  spoil_header(kTrainImages, 4, 0xffffffff);
  expect_training_refused({kTrainImages, "4294967295 images", "found 235200"});
  spoil_header(kTrainImages, 8, 0xffffffff);
  expect_training_refused({kTrainImages, "height", "found 4294967295"});
  spoil_header(kTrainLabels, 4, 0xffffffff);
  expect_training_refused({kTrainLabels, "expected 4294967295", "found 300"});
}

TEST_F(BadFiles, DatasetThatIsAFileIsNotFound) {
  write_file(folder_ / "data" / "flat", "x");
  expect_failure(train("run", {"--dataset", "flat"}), 1, {"dataset flat", "looked in"});
}

TEST_F(BadFiles, DataDirThatIsMissingOrAFileIsRefused) {
  expect_failure(train("run", {"--data-dir", "nowhere"}), 1, {"--data-dir nowhere", "folder"});
  expect_failure(train("run", {"--data-dir", kTrainImages}), 1,
                 {"--data-dir", kTrainImages, "found a file"});
  RunOptions options;
  options.environment = {{"INKLING_DATA", "/no/such/place"}};
  expect_failure(train("run", {}, options), 1, {"$INKLING_DATA /no/such/place"});
}

TEST_F(BadFiles, ImageFileThatIsAFolderIsRefused) {
  std::filesystem::remove(folder_ / kTrainImages);
  make_folder(folder_ / kTrainImages);
  expect_training_refused({kTrainImages, "expected a file, found a folder"});
}

TEST_F(BadFiles, OutputBelowAFileIsRefusedBeforeTraining) {
  const Finished finished = train(std::string(kTrainImages) + "/run");
  expect_failure(finished, 1, {"cannot make folder", kTrainImages});
  EXPECT_EQ(finished.err.find("epoch"), std::string::npos);
}

TEST_F(BadFiles, FullDiskLeavesNoHalfWrittenModel) {
  RunOptions full;
  full.file_bytes = 4096;  // enough for recipe and history, not for 7,850 weights
  expect_failure(train("run", {}, full), 1, {"cannot write", "run/model.safetensors"});
  EXPECT_TRUE(exists("run/recipe.toml"));
  EXPECT_FALSE(exists("run/model.safetensors"));
  EXPECT_FALSE(exists("run/metrics.json"));
  expect_nothing_half_written();
}

TEST_F(BadFiles, FullDiskLeavesNoHalfWrittenRecipe) {
  RunOptions full;
  full.file_bytes = 100;
  expect_failure(train("run", {}, full), 1, {"cannot write", "run/recipe.toml"});
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "run"));
}

TEST_F(BadFiles, FullDiskLeavesWholeLinesInTheHistory) {
  RunOptions full;
  full.file_bytes = 2000;  // some eight epochs
  expect_failure(train("run", {"--epochs", "20", "--checkpoint-every", "0"}, full), 1,
                 {"run/history.jsonl"});
  const std::string history = read_text_file(folder_ / "run/history.jsonl");
  EXPECT_GT(history.size(), 100u);
  EXPECT_EQ(history.back(), '\n');
  EXPECT_FALSE(exists("run/model.safetensors"));
}

TEST_F(BadFiles, FailedJsonLeavesTheOldFile) {
  ASSERT_EQ(train("run").code, 0);
  write_file(folder_ / "m.json", "old");
  const Words evaluate = {"evaluate", "--model", "run", "--dataset", "tiny", "--json", "m.json"};
  RunOptions full;
  full.file_bytes = 100;
  expect_failure(run(evaluate, full), 1, {"cannot write m.json"});
  EXPECT_EQ(read_text_file(folder_ / "m.json"), "old");
  Words below = evaluate;
  below.back() = "m.json/m.json";
  expect_failure(run(below), 1, {"cannot write m.json/m.json"});
  expect_nothing_half_written();
}

TEST_F(BadFiles, StandardOutputThatIsFullFailsTheCommand) {
  RunOptions full;
  full.stdout_to = "/dev/full";
  for (const Words& words : {Words{"models"}, Words{"--help"}, Words{"train", "--help"}}) {
    const Finished finished = run(words, full);
    EXPECT_EQ(finished.code, 1) << words[0];
    EXPECT_THAT(finished.err, testing::HasSubstr("standard output"));
  }
  const Finished finished = train("run", {}, full);
  EXPECT_EQ(finished.code, 1);
  EXPECT_TRUE(exists("run/model.safetensors"));
}

TEST_F(BadFiles, NetworkThatPoolsBelowOnePixelIsRefusedWithLineLayerAndShapes) {
  expect_network_refused(R"(layers = [
  { type = "max_pool", window = 28 },
  { type = "max_pool", window = 2, name = "p" },
  { type = "flatten" },
  { type = "dense", units = 10 },
])",
                         1, {"net.toml:3", "layer 2", "max_pool \"p\"", "1x1x1", "below 1x1"});
}

TEST_F(BadFiles, BrokenNetworkFilesAreRefused) {
  expect_network_refused("layers = [\n", 1, {"net.toml:", "not TOML"});
  expect_network_refused("", 1, {"net.toml", "layers"});
  expect_network_refused(std::string("\0\xff\xfe", 3), 1, {"net.toml"});
  expect_failure(train("run", {"--model", "nowhere.toml"}), 1, {"nowhere.toml"});
}

TEST_F(BadFiles, DatasetTheNetworkCannotReadIsRefusedBeforeTheRunFolderIsMade) {
  write_dataset("small", {.images = 40, .side = 8}, {.images = 40, .side = 8});
  const std::vector<std::string> parts{"small", "logistic", "28x28x1", "found 8x8x1"};
  expect_failure(train("run", {"--dataset", "small"}), 1, parts);
  expect_failure(train("run", {"--dataset", "small", "--seeds", "2"}), 1, parts);
  expect_failure(run({"sweep", "--dataset", "small", "--model", "logistic", "--vary", "lr=0.1,0.2",
                      "--out", "run"}),
                 1, parts);
  const Finished pipeline = run({"pipeline", "--dataset", "small", "--out", "run"});
  EXPECT_EQ(pipeline.code, 1);
  EXPECT_THAT(pipeline.err, testing::HasSubstr("28x28x1, found 8x8x1"));
  EXPECT_FALSE(exists("run"));
}

TEST_F(BadFiles, DivergingTrainingLeavesNoModel) {
  const Finished finished =
      train("run", {"--lr", "1000", "--model", "cnn3", "--optimiser", "sgd", "--epochs", "9"});
  expect_failure(finished, 1, {"diverged", "epoch", "learning rate"});
  EXPECT_FALSE(exists("run/model.safetensors"));
  EXPECT_FALSE(exists("run/metrics.json"));
}

TEST_F(BadFiles, ModelThatIsNoneIsRefused) {
  make_folder(folder_ / "empty");
  put("garbage", Bytes(1000, 0x5a));
  put("nothing", Bytes{});
  for (const char* command : {"evaluate", "predict"}) {
    const auto with = [&](const char* model) {
      Words words{command, "--model", model};
      if (command == std::string("predict")) words.push_back("a.png");
      return run(words);
    };
    expect_failure(with("nowhere"), 1, {"--model nowhere", "found nothing"});
    expect_failure(with("empty"), 1, {"--model empty", "no model.safetensors"});
    expect_failure(with("garbage"), 1, {"garbage: "});
    expect_failure(with("nothing"), 1, {"nothing: "});
    expect_failure(with(kTrainImages), 1, {kTrainImages});
  }
}

TEST_F(BadFiles, ModelCutShortIsRefused) {
  ASSERT_EQ(train("run").code, 0);
  Bytes bytes = get("run/model.safetensors");
  bytes.resize(bytes.size() - 1);
  put("run/model.safetensors", bytes);
  expect_failure(run({"evaluate", "--model", "run", "--dataset", "tiny"}), 1,
                 {"run/model.safetensors: "});
}

TEST_F(BadFiles, ModelWhoseWeightsOrAnswersAreNoNumbersIsRefusedByEveryCommand) {
  ASSERT_EQ(train("run").code, 0);
  put("a.png", encode_png({.width = 28, .height = 28, .pixels = Bytes(28 * 28, 200)}));
  const Safetensors sound = decode_safetensors(get("run/model.safetensors"), "model");
  const auto spoil = [&](size_t count, float value) {
    Safetensors spoiled = sound;
    std::fill_n(spoiled.tensors.back().values.begin(), count, value);  // fc1.weight
    put("run/model.safetensors", encode_safetensors(spoiled.tensors, spoiled.metadata));
  };
  const std::vector<Words> readers = {{"predict", "--model", "run", "a.png"},
                                      {"evaluate", "--model", "run", "--json", "m.json"},
                                      {"explain", "--model", "run", "a.png", "--out", "e.png"},
                                      {"report", "run"},
                                      {"compare", "run", "run"}};
  spoil(1, std::numeric_limits<float>::quiet_NaN());
  for (const Words& words : readers) {
    expect_failure(run(words), 1, {"run/model.safetensors", "fc1.weight", "finite numbers"});
  }
  for (const char* option : {"--init", "--distil-teacher", "--model"}) {
    expect_failure(train("other", {option, "run"}), 1, {"fc1.weight", "finite numbers"});
  }
  // Finite, but no sum of them is.
  spoil(7840, std::numeric_limits<float>::max());
  for (const Words& words : readers) {
    expect_failure(run(words), 1, {"logistic", "NaN or infinity"});
  }
  EXPECT_FALSE(exists("m.json"));
  EXPECT_FALSE(exists("e.png"));
}

TEST_F(BadFiles, PicturesThatAreNoneAreRefusedOneByOne) {
  ASSERT_EQ(train("run").code, 0);
  const Dataset drawn = drawn_dataset({.images = 1, .classes = 10, .side = 28});
  const Bytes good = encode_png({.width = 28, .height = 28, .pixels = drawn.bytes()});
  put("good.png", good);
  put("cut.png", Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(good.size() / 2)));
  put("garbage.png", Bytes(500, 0x5a));
  put("empty.png", Bytes{});
  write_file(folder_ / "text.png", "this is no picture\n");
  put("blank.png", encode_png({.width = 30, .height = 28, .pixels = Bytes(30 * 28)}));
  const Finished finished =
      run({"predict", "--model", "run", "--form", "ink", "--json", "cut.png", "garbage.png",
           "empty.png", "text.png", "nowhere.png", "data", "blank.png", "good.png"});
  EXPECT_EQ(finished.code, 1);
  std::istringstream lines(finished.out);
  std::vector<nlohmann::json> predictions;
  for (std::string line; std::getline(lines, line);)
    predictions.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(predictions.size(), 8u);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(predictions[i]["digit"].is_null());
    EXPECT_EQ(predictions[i]["reason"], "unreadable");
    EXPECT_THAT(finished.err, testing::HasSubstr(predictions[i]["file"].get<std::string>()));
  }
  EXPECT_TRUE(predictions[6]["digit"].is_null());
  EXPECT_EQ(predictions[6]["reason"], "blank");
  EXPECT_THAT(finished.err, testing::Not(testing::HasSubstr("blank.png")));
  EXPECT_TRUE(predictions[7]["digit"].is_number_integer());
}

TEST_F(BadFiles, ValidationOfARunWithoutOneIsRefused) {
  ASSERT_EQ(train("run", {"--val-fraction", "0"}).code, 0);
  expect_failure(run({"evaluate", "--model", "run", "--dataset", "tiny", "--split", "validation"}),
                 1, {"at least one image"});
}

TEST_F(BadFiles, ValidationOfAModelWithoutItsRunIsRefused) {
  ASSERT_EQ(train("run").code, 0);
  std::filesystem::copy(folder_ / "run/model.safetensors", folder_ / "m.safetensors");
  expect_failure(
      run({"evaluate", "--model", "m.safetensors", "--dataset", "tiny", "--split", "validation"}),
      1, {"recipe.toml"});
}

TEST_F(BadFiles, NamesThatAreNoUtf8AreNoTrouble) {
  std::filesystem::rename(folder_ / "data" / "tiny", folder_ / "data" / "t\xff");
  EXPECT_EQ(train("run", {"--dataset", "t\xff"}).code, 0);
  EXPECT_TRUE(exists("run/model.safetensors"));
  EXPECT_EQ(read_json("run/metrics.json")["split"], "validation");
  std::filesystem::rename(folder_ / "run", folder_ / "r\xff");
  EXPECT_EQ(run({"ensemble", "r\xff", "r\xff", "--out", "run"}).code, 0);
  EXPECT_EQ(run({"inspect", "--dataset", "t\xff", "--no-suspects", "--out", "i"}).code, 0);
  EXPECT_EQ(read_json("i/inspect.json")["splits"]["train"]["n"], kTrainCount);
  std::filesystem::rename(folder_ / "data", folder_ / "d\xff");
  std::filesystem::rename(folder_ / "d\xff/t\xff", folder_ / "d\xff/mnist");
  EXPECT_EQ(run({"info", "--json", "--data-dir", "d\xff"}).code, 0);
  const Finished finished = run({"predict", "--model", "run", "--json", "\xff.png"});
  EXPECT_EQ(finished.code, 1);
  EXPECT_TRUE(nlohmann::json::parse(finished.out)["digit"].is_null());
}

}  // namespace
}  // namespace inkling
