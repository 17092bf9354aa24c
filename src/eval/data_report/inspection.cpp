#include "eval/data_report/inspection.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/index.h"

namespace inkling {
namespace {

constexpr double kNoticeableNoise = 0.002;  // of labels; MNIST's is about half of it
constexpr double kRare = 0.001;             // p below which a statistic is not put down to chance

struct NamedSplit {
  const char* name;
  const SplitInspection& split;
};

std::string images(int count) { return fmt::format("{} image{}", count, count == 1 ? "" : "s"); }

void report_absent_classes(const Inspection& all, std::vector<Finding>& findings) {
  for (const NamedSplit& s : {NamedSplit{"training", all.train}, NamedSplit{"test", all.test}}) {
    for (size_t c = 0; c < all.class_names.size(); ++c) {
      if (s.split.quality.per_class[c] != 0) continue;
      findings.push_back(
          {Severity::kError,
           fmt::format("the {} split has no image of class {}", s.name, all.class_names[c]),
           &s.split == &all.train
               ? "a network cannot learn it: add images of this class, or drop it from the test "
                 "split and the class list"
               : "how well it is classified stays unknown: add test images of this class"});
    }
  }
}

void report_balance(const Inspection& all, std::vector<Finding>& findings) {
  const std::vector<int>& counts = all.train.quality.per_class;
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  if (*least == 0 || all.balance.p > kRare) return;
  const double ratio = 1.0 * *most / *least;
  const std::string what = fmt::format(
      "classes are not equally frequent: {} has {} training images, {} has {} ({:.2f} times as "
      "many; chi-square {:.1f}, p = {:.1e})",
      at(all.class_names, least - counts.begin()), *least,
      at(all.class_names, most - counts.begin()), *most, ratio, all.balance.chi2, all.balance.p);
  if (ratio < 1.5) {
    findings.push_back({Severity::kInfo, what,
                        "nothing to do: certain but small, and stratified splits keep it so"});
  } else {
    findings.push_back({Severity::kWarning, what,
                        "evaluate by macro F1 and per-class recall rather than accuracy; collect "
                        "images of the rare classes"});
  }
}

void report_images(const Inspection& all, std::vector<Finding>& findings) {
  for (const NamedSplit& s : {NamedSplit{"training", all.train}, NamedSplit{"test", all.test}}) {
    const SplitQuality& quality = s.split.quality;
    if (!quality.blank.empty()) {
      findings.push_back(
          {Severity::kWarning,
           fmt::format("{} of the {} split {} blank, first: {}", images(count_of(quality.blank)),
                       s.name, count_of(quality.blank) == 1 ? "is" : "are", quality.blank.front()),
           "remove them: their labels cannot be right; blank_indices in inspect.json lists them"});
    }
    if (!quality.saturated.empty()) {
      findings.push_back(
          {Severity::kInfo,
           fmt::format("{} of the {} split: more than half of the pixels at full brightness, "
                       "first: {}",
                       images(count_of(quality.saturated)), s.name, quality.saturated.front()),
           "look at them; if that is not how the subject looks, expose them less or scan again"});
    }
    const double off = 1.0 * count_of(quality.off_centre) / std::max(quality.n, 1);
    // A few strays are a fault; where every twentieth is, or one in thousands, that is the subject.
    if (off > 0) {
      findings.push_back(
          {off > 0.001 && off < 0.05 ? Severity::kWarning : Severity::kInfo,
           fmt::format("{} of the {} split ({:.1f} %) {} off centre, first: {}",
                       images(count_of(quality.off_centre)), s.name, 100 * off,
                       count_of(quality.off_centre) == 1 ? "is" : "are",
                       quality.off_centre.front()),
           "centre them by their ink as the others are, or train with shifts (--augment "
           "standard)"});
    }
    if (!s.split.outliers.empty()) {
      findings.push_back(
          {Severity::kInfo,
           fmt::format("{} of the {} split unlike {} class, farthest: {}",
                       images(count_of(s.split.outliers)), s.name,
                       s.split.outliers.size() == 1 ? "its" : "their",
                       s.split.outliers.front().index),
           "look at figures/outliers.png: remove what does not belong, keep what is only rare"});
    }
  }
}

void report_twins(const Inspection& all, std::vector<Finding>& findings) {
  const TwinCounts exact = count_twins(all.duplicates), near = count_twins(all.near_duplicates);
  if (exact.across > 0) {
    findings.push_back(
        {Severity::kError,
         fmt::format("{} of the test split {} also in the training split: leakage",
                     images(exact.across), exact.across == 1 ? "is" : "are"),
         "remove them from the training split (cross_split_duplicates in inspect.json) before "
         "believing a test figure"});
  }
  if (exact.in_train + exact.in_test > 0) {
    findings.push_back({Severity::kWarning,
                        fmt::format("exact copies inside a split: {} in training, {} in test",
                                    exact.in_train, exact.in_test),
                        "keep one of each: copies weigh double, and a copy in the validation split "
                        "has been trained on"});
  }
  if (!all.conflicts.empty()) {
    findings.push_back({Severity::kError,
                        fmt::format("{} exact copies bear different labels, first: {}",
                                    all.conflicts.size(), all.conflicts.front()),
                        "one of the two labels is wrong: look at the image and correct it"});
  }
  if (near.across > 0) {
    findings.push_back(
        {Severity::kWarning,
         fmt::format("{} of the test split nearly equal to one of the training split",
                     images(near.across)),
         "look at near_duplicates in inspect.json: the same picture twice belongs to one split"});
  }
  if (near.in_train + near.in_test > 0) {
    findings.push_back(
        {Severity::kInfo,
         fmt::format("nearly equal images inside a split: {} in training, {} in test",
                     near.in_train, near.in_test),
         "nothing to do unless they are the same picture, edited"});
  }
}

void report_drift(const char* name, const Drift& drift, const char* advice,
                  std::vector<Finding>& findings) {
  if (drift.labels.p < kRare && drift.labels.effect > 0.1) {
    findings.push_back(
        {Severity::kWarning,
         fmt::format("classes are not distributed alike in the training and {} splits "
                     "(chi-square {:.1f}, p = {:.1e}, V = {:.2f})",
                     name, drift.labels.chi2, drift.labels.p, drift.labels.effect),
         "split again by class; until then evaluate by macro F1, which does not depend on how "
         "frequent a class is"});
  }
  for (const MeanShift& shift : drift.shifts) {
    if (shift.p > kRare || std::fabs(shift.d) < kSmallShift) continue;
    findings.push_back({Severity::kWarning,
                        fmt::format("the {} split differs in {}: {:.3g} against {:.3g} in training "
                                    "({:+.2f} standard deviations)",
                                    name, shift.what, shift.second, shift.first, shift.d),
                        advice});
  }
  if (drift.mean_image_d > kSmallShift && drift.mean_image_ratio > 3) {
    findings.push_back(
        {Severity::kWarning,
         fmt::format("the mean image of the {} split lies {:.2f} standard deviations from that of "
                     "training ({:.1f} times what chance would make it)",
                     name, drift.mean_image_d, drift.mean_image_ratio),
         advice});
  }
}

void report_suspects(const Inspection& all, std::vector<Finding>& findings) {
  for (const NamedSplit& s : {NamedSplit{"training", all.train}, NamedSplit{"test", all.test}}) {
    if (!s.split.suspects || s.split.suspects->confident == 0) continue;
    const double noise = s.split.suspects->noise;
    findings.push_back(
        {noise > kNoticeableNoise ? Severity::kWarning : Severity::kInfo,
         fmt::format("{} of the {} split probably labelled wrongly ({:.2f} %), most certain: {}",
                     images(s.split.suspects->confident), s.name, 100 * noise,
                     s.split.suspects->suspects.front().index),
         "look at figures/suspect_labels.png; correct or remove those you agree with; in the test "
         "split a person decides, never a model alone"});
  }
}

}  // namespace

TwinCounts count_twins(const std::vector<TwinImages>& twins) {
  TwinCounts counts;
  for (const TwinImages& twin : twins) {
    (twin.first.set != twin.second.set ? counts.across
     : twin.first.set == 0             ? counts.in_train
                                       : counts.in_test)++;
  }
  return counts;
}

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    default:
      return "info";
  }
}

std::vector<Finding> find_faults(const Inspection& inspection) {
  std::vector<Finding> findings;
  report_absent_classes(inspection, findings);
  report_twins(inspection, findings);
  report_images(inspection, findings);
  report_suspects(inspection, findings);
  report_drift("test", inspection.train_to_test,
               "find out how the test images were made differently; train with what the network "
               "will meet (--augment), or mix and cut the splits anew",
               findings);
  report_drift("validation", inspection.train_to_validation,
               "the files' order hides a pattern: report it, a stratified split should not drift",
               findings);
  report_balance(inspection, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return findings;
}

}  // namespace inkling
