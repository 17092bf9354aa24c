#include "data/sources/mirrors.h"

#include <array>

namespace inkling {
namespace {

constexpr const char* kLocalNames[] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                       "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
using Sums = std::array<const char*, 4>;  // in that order

std::vector<RemoteFile> files_by_sha256(const Sums& sums) {
  std::vector<RemoteFile> files;
  for (size_t i = 0; i < sums.size(); ++i) {
    files.push_back({.remote = std::string(kLocalNames[i]) + ".gz",
                     .local = kLocalNames[i],
                     .inflated_sha256 = sums[i]});
  }
  return files;
}

std::vector<RemoteFile> files_by_md5(const Sums& sums) {
  std::vector<RemoteFile> files;
  for (size_t i = 0; i < sums.size(); ++i) {
    files.push_back({.remote = std::string(kLocalNames[i]) + ".gz",
                     .local = kLocalNames[i],
                     .gzip_md5 = sums[i]});
  }
  return files;
}

// Its test set is whole: 60,000 images, of which MNIST's are the first 10,000.
std::vector<RemoteFile> qmnist_files() {
  std::vector<RemoteFile> files =
      files_by_md5({"ed72d4157d28c017586c42bc6afe6370", "0058f8dd561b90ffdd0f734c6a30e5e4",
                    "1394631089c404de565df7b7aeaf9412", "5b5b05890a5e13444e108efe57b788aa"});
  files[0].remote = "qmnist-train-images-idx3-ubyte.gz";
  files[1].remote = "qmnist-train-labels-idx2-int.gz";
  files[2].remote = "qmnist-test-images-idx3-ubyte.gz";
  files[3].remote = "qmnist-test-labels-idx2-int.gz";
  files[1].label_rows = files[3].label_rows = true;
  return files;
}

}  // namespace

const RemoteDataset* find_remote_dataset(std::string_view name) {
  // MD5 sums of the gzipped files as torchvision publishes them; SHA-256 sums computed from the
  // files' contents. yann.lecun.com, MNIST's first home, answers 403.
  static const std::vector<RemoteDataset> datasets = {
      {"mnist",
       {"https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/"},
       files_by_sha256({"ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"})},
      {"fashion-mnist",
       {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},
       files_by_sha256({"c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"})},
      {"kmnist",
       {"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
       files_by_md5({"bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
                     "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"})},
      {"qmnist",
       {"https://raw.githubusercontent.com/facebookresearch/qmnist/master/"},
       qmnist_files()},
  };
  for (const RemoteDataset& dataset : datasets) {
    if (dataset.name == name) return &dataset;
  }
  return nullptr;
}

std::string_view advice_by_hand(std::string_view name) {
  if (!name.starts_with("emnist")) return "";
  return "EMNIST is not fetched: it comes as one zip (gzip.zip from NIST) of all its sets. Unpack "
         "it and put the four files of one set, such as emnist-letters-*, into a folder "
         "under the names train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
         "t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. Its images are transposed: rows "
         "and columns have changed places.";
}

}  // namespace inkling
