#include "eval/metrics/metrics_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "base/check.h"

namespace inkling {
namespace {

constexpr std::string_view kWeighted = "weighted avg";  // the longest of the summary lines' names

// Letters, not bytes: class names may be UTF-8, and fmt pads by letters.
size_t letters(std::string_view text) {
  size_t letters = text.size();
  for (const char c : text) letters -= (c & 0xc0) == 0x80 ? 1 : 0;
  return letters;
}

size_t longest(std::span<const std::string> names) {
  size_t width = 0;
  for (const std::string& name : names) width = std::max(width, letters(name));
  return width;
}

}  // namespace

std::string classification_report(const Metrics& metrics,
                                  std::span<const std::string> class_names) {
  INKLING_CHECK(class_names.size() == metrics.per_class.size());
  const size_t width = std::max(longest(class_names), kWeighted.size());
  const auto line = [&](std::string_view name, const auto& m, int support) {
    return fmt::format("{:>{}}  {:9.4f} {:9.4f} {:9.4f} {:9}\n", name, width, m.precision, m.recall,
                       m.f1, support);
  };
  std::string text = fmt::format("{:>{}}  {:>9} {:>9} {:>9} {:>9}\n\n", "", width, "precision",
                                 "recall", "f1-score", "support");
  for (size_t c = 0; c < class_names.size(); ++c) {
    const ClassMetrics& m = metrics.per_class[c];
    if (m.support > 0 || m.predicted > 0) text += line(class_names[c], m, m.support);
  }
  text += fmt::format("\n{:>{}}  {:>9} {:>9} {:9.4f} {:9}\n", "accuracy", width, "", "",
                      metrics.accuracy, metrics.n);
  text += line("macro avg", metrics.macro, metrics.n);
  text += line(kWeighted, metrics.weighted, metrics.n);
  return text;
}

std::string confusion_table(const Metrics& metrics, std::span<const std::string> class_names) {
  INKLING_CHECK(class_names.size() == metrics.confusion.size());
  size_t width = std::max(longest(class_names), size_t{4});
  for (const std::vector<int>& row : metrics.confusion) {
    for (const int count : row) width = std::max(width, fmt::formatted_size("{}", count));
  }
  const size_t corner =
      std::max(longest(class_names), std::string_view("true \\ predicted").size());
  std::string text = fmt::format("{:>{}}", "true \\ predicted", corner);
  for (const std::string& name : class_names) text += fmt::format(" {:>{}}", name, width);
  text += '\n';
  for (size_t truth = 0; truth < class_names.size(); ++truth) {
    text += fmt::format("{:>{}}", class_names[truth], corner);
    for (const int count : metrics.confusion[truth]) text += fmt::format(" {:>{}}", count, width);
    text += '\n';
  }
  return text;
}

}  // namespace inkling
