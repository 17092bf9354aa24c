// Any text as each JSON document that a report reads of a run and from beside it. The first byte
// picks the document.
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "eval/compare/comparison_json.h"
#include "eval/data_report/inspection_json.h"
#include "eval/robustness/robustness_json.h"
#include "expect.h"
#include "sys/file.h"
#include "train/run/history_file.h"
#include "train/run/metrics_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inkling;
  if (size == 0) return 0;
  static const std::filesystem::path file =
      std::filesystem::temp_directory_path() / "inkling-fuzz" / std::to_string(getpid());
  make_folder(file.parent_path());
  const auto write = [](std::string_view text) { std::ofstream(file, std::ios::binary) << text; };
  write({reinterpret_cast<const char*>(data) + 1, size - 1});
  fuzz::expect_value_or_error([&] {
    switch (data[0] % 4) {
      case 0: {
        const MetricsRecord metrics = read_metrics(file);
        if (metrics.robustness) {  // what is accepted can be written and read back
          const nlohmann::json again = robustness_json(*metrics.robustness);
          INKLING_CHECK(robustness_of_json(JsonValue(again, "again")) == *metrics.robustness);
        }
        break;
      }
      case 1: {
        const std::vector<EpochRecord> history = read_history(file);
        write(history_text(history));
        INKLING_CHECK(read_history(file).size() == history.size());
        break;
      }
      case 2:
        read_comparison(file);
        break;
      case 3:
        read_inspection(file);
        break;
    }
  });
  return 0;
}
