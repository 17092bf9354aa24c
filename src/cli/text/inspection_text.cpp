#include "cli/text/inspection_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "base/number_text.h"

namespace inkling {
namespace {

std::string first_indices(const std::vector<Suspect>& suspects) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(suspects.size(), 5); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", suspects[i].index);
  }
  return text;
}

}  // namespace

std::string inspection_text(const Inspection& all) {
  std::string text;
  const auto print = [&text]<typename... Args>(fmt::format_string<Args...> format,
                                               Args&&... arguments) {
    fmt::format_to(std::back_inserter(text), format, std::forward<Args>(arguments)...);
  };
  print("{}: images of {}x{}x{}, {} classes\n\n", all.dataset, all.height, all.width, all.channels,
        all.class_names.size());
  const TwinCounts exact = count_twins(all.duplicates);
  print("{:<10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>10} {:>11} {:>9} {:>9}\n", "split", "images",
        "mean", "sd", "blank", "satur.", "off centre", "duplicates", "outliers", "suspects");
  for (const bool is_train : {true, false}) {
    const SplitInspection& split = is_train ? all.train : all.test;
    const SplitQuality& q = split.quality;
    print("{:<10} {:>8} {:>8.4f} {:>8.4f} {:>8} {:>8} {:>10} {:>11} {:>9} {:>9}\n",
          is_train ? "train" : "test", grouped(q.n), q.pixels.mean, q.pixels.sd, q.blank.size(),
          q.saturated.size(), q.off_centre.size(), is_train ? exact.in_train : exact.in_test,
          split.outliers.size(), split.suspects ? std::to_string(split.suspects->confident) : "-");
  }
  print("\n{:<16} {:>8} {:>8}\n", "class", "train", "test");
  for (size_t c = 0; c < all.class_names.size(); ++c) {
    print("{:<16} {:>8} {:>8}\n", all.class_names[c], grouped(all.train.quality.per_class[c]),
          grouped(all.test.quality.per_class[c]));
  }
  for (const bool is_train : {true, false}) {
    const SplitInspection& split = is_train ? all.train : all.test;
    if (!split.suspects || split.suspects->suspects.empty()) continue;
    print("{}most certain suspects, {}: {}\n", is_train ? "\n" : "", is_train ? "train" : "test",
          first_indices(split.suspects->suspects));
  }
  return text + "\n" + findings_text(all);
}

std::string findings_text(const Inspection& all) {
  std::string text;
  const std::vector<Finding> findings = find_faults(all);
  text += fmt::format("{} finding{}\n", findings.size(), findings.size() == 1 ? "" : "s");
  for (const Finding& finding : findings) {
    text += fmt::format("  {:<8} {}\n           -> {}\n", severity_name(finding.severity),
                        finding.what, finding.advice);
  }
  return text;
}

}  // namespace inkling
