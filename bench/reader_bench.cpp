// How long the built-in reader takes for pictures, on one core: decoding, `predict` and `read`
// apart, medians of nine, and the most memory the process held.
//
//   build/release/bin/reader_bench PICTURE... [--each]
//
// The last line has the medians over the pictures; --each prints a line of each as well.
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "data/formats/picture.h"
#include "recognize/reader.h"
#include "store/default_reader.h"

namespace {

using namespace inkling;

constexpr int kRounds = 9;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

template <typename Work>
double milliseconds(const Work& work) {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const Stopwatch watch;
    work();
    times.push_back(1000 * watch.seconds());
  }
  return median(times);
}

void run(int count, char** arguments) {
  const bool each = std::string_view(arguments[count - 1]) == "--each";
  Engine engine({.threads = 1});
  const Reader reader(default_reader(), engine);
  Reader::Workspace workspace = reader.workspace();
  std::vector<double> decode, predict, read;
  for (int i = 1; i < count - each; ++i) {
    const DecodeOptions options{.longest_needed = kLongestNeeded};
    Picture picture;
    decode.push_back(milliseconds([&] { picture = read_picture(arguments[i], options); }));
    predict.push_back(milliseconds([&] { reader.predict(picture, workspace); }));
    read.push_back(milliseconds([&] { reader.read(picture, workspace); }));
    if (!each) continue;
    fmt::print("{}: {}x{}, decode {:.2f} ms, predict {:.2f} ms, read {:.2f} ms\n", arguments[i],
               picture.width, picture.height, decode.back(), predict.back(), read.back());
  }
  if (read.empty()) throw usage_error("reader_bench: expected pictures, found none");
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print(
      "{} pictures, medians: decode {:.2f} ms, predict {:.2f} ms, read {:.2f} ms; {} {}; "
      "at most {:.0f} MB\n",
      read.size(), median(decode), median(predict), median(read), engine.kernels().name,
      engine.precision(), static_cast<double>(usage.ru_maxrss) * 1024 / 1e6);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    run(count, arguments);
  } catch (const inkling::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
