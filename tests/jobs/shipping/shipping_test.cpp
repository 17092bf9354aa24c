#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/shipping/export_model.h"
#include "jobs/shipping/package_run.h"
#include "report/card/package.h"
#include "store/model_file.h"
#include "support/expect_error.h"
#include "support/networks.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

class Shipping : public testing::Test {
 protected:
  TemporaryFolder folder_;
  RecordingObserver observer_;
  Engine engine_{EngineOptions{.threads = 1}};
};

TEST_F(Shipping, ExportsByTheFilesEnding) {
  for (const char* name : {"r.onnx", "r.safetensors"}) {
    const ExportResult made =
        export_model({.model = "reader", .out = folder_ / name, .dtype = Dtype::kF16}, observer_);
    EXPECT_EQ(made.bytes, read_file(folder_ / name).size());
  }
  EXPECT_EQ(load_model(folder_ / "r.safetensors").net->name, "reader");
  expect_error([&] { export_model({.model = "reader", .out = folder_ / "r.pb"}, observer_); },
               ErrorKind::kUsage, {"r.pb", ".onnx or .safetensors"});
  expect_error(
      [&] { export_model({.model = (folder_ / "none").string(), .out = "r.onnx"}, observer_); },
      ErrorKind::kInput, {"none"});
}

TEST_F(Shipping, PackagesAModelWithoutARunAndFindsItSound) {
  const PackageResult made =
      package_run({.run = "reader", .out = folder_ / "p"}, engine_, observer_);
  EXPECT_THAT(made.files, testing::IsSupersetOf({"README.md", "model.onnx", "model.safetensors",
                                                 "onnx/model.onnx", "config.json", "example.png"}));
  EXPECT_THAT(package_faults(folder_ / "p"), testing::IsEmpty());
  std::filesystem::remove(folder_ / "p" / "LICENSE");
  EXPECT_THAT(package_faults(folder_ / "p"), testing::ElementsAre(testing::HasSubstr("LICENSE")));
  expect_error([&] { package_faults(folder_ / "q"); }, ErrorKind::kInput, {"expected the folder"});
}

TEST_F(Shipping, APackageIsWrittenWholeOrNotAtAll) {
  write_file(folder_ / "metrics.json", R"({"n": 1})");
  expect_error(
      [&] {
        package_run({.run = "reader", .out = folder_ / "p", .metrics = folder_ / "metrics.json"},
                    engine_, observer_);
      },
      ErrorKind::kInput, {"metrics.json", "weights_sha256"});
  EXPECT_FALSE(std::filesystem::exists(folder_ / "p"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "p.partial"));
  make_folder(folder_ / "full");
  write_file(folder_ / "full" / "thesis", "years of work");
  expect_error([&] { package_run({.run = "reader", .out = folder_ / "full"}, engine_, observer_); },
               ErrorKind::kUsage, {"something else"});
  EXPECT_TRUE(std::filesystem::exists(folder_ / "full" / "thesis"));
}

}  // namespace
}  // namespace inkling
