// The figures of run_figures.h that are curves.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/index.h"
#include "base/number_text.h"
#include "report/figures/run_figures.h"
#include "report/page/run_record.h"
#include "store/find_model.h"

namespace inkling {
namespace {

// A panel of a figure, in fractions of the figure's width.
struct Panel {
  double left, right;
  std::string name;
};

std::string points(const std::vector<EpochRecord>& history, double EpochRecord::*value,
                   double factor = 1) {
  std::string text;
  for (const EpochRecord& record : history) {
    text += fmt::format("{} {}\n", record.epoch, plot_number(factor * (record.*value)));
  }
  return text + "e\n";
}

std::string panel_commands(const Panel& panel, int epochs, int best_epoch, int height) {
  std::string text = fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\n"
      "set xlabel 'epoch' textcolor rgb '{}'\nunset ylabel\nset xrange [0.5:{}.5]\n"
      "set xtics {}\nset yrange [*:*]\nset format y '%.10g'\nunset arrow\n"
      "set label 900 {} at graph 0, screen {} left front textcolor rgb '{}'\n",
      panel.left, panel.right, 1 - (kTitleHeight + 44.0) / height, kInk, epochs,
      std::max(1, (epochs + 7) / 8), plot_text(panel.name), 1 - (kTitleHeight + 14.0) / height,
      kInk);
  if (best_epoch > 0) {
    text += fmt::format(
        "set arrow 1 from first {0}, graph 0 to first {0}, graph 1 nohead linecolor rgb '{1}' "
        "dashtype 3 linewidth 1.2 back\n",
        best_epoch, kQuiet);
  }
  return text;
}

std::string pair_of_curves() {
  return fmt::format(
      "plot '-' using 1:2 with linespoints linewidth 1.8 pointtype 7 pointsize 0.35 linecolor rgb "
      "'{}' title 'training', '-' using 1:2 with linespoints linewidth 1.8 pointtype 7 pointsize "
      "0.35 linecolor rgb '{}' title 'validation'\n",
      kPalette[0], kPalette[1]);
}

}  // namespace

Figure training_curves(const std::vector<EpochRecord>& history, int best_epoch,
                       const std::string& source) {
  const std::optional<int> over_fitted = over_fitting_since(history);
  const int epochs = history.empty() ? 1 : history.back().epoch;
  std::string kept = best_epoch > 0 ? fmt::format("; dotted: epoch {}, kept", best_epoch) : "";
  Figure figure{
      .name = "training_curves",
      .title = over_fitted ? fmt::format("Over-fitting after epoch {}: training improves, "
                                         "validation does not",
                                         *over_fitted)
                           : "Training curves",
      .note = fmt::format("{}{}\nTraining: over the epoch, while the weights change, with dropout "
                          "and augmentation; so it may lie below validation",
                          source, kept),
      .alt = fmt::format("Accuracy, loss and learning rate over {} epochs", epochs),
      .width = 800,
      .height = 340};
  if (!history.empty()) {
    const EpochRecord& last = history.back();
    figure.alt += fmt::format("; in the last one training accuracy {}, loss {:.4f}",
                              percent(last.train_accuracy), last.train_loss);
    if (!std::isnan(last.val_accuracy)) {
      figure.alt += fmt::format(", validation accuracy {}, loss {:.4f}", percent(last.val_accuracy),
                                last.val_loss);
    }
  }
  const auto panel = [&](const Panel& p) {
    return panel_commands(p, epochs, best_epoch, figure.height);
  };
  std::string& text = figure.commands;
  text += fmt::format(
      "set multiplot\nset key samplen 1 width -1 at graph 1.02, screen {} right center "
      "horizontal\n",
      1 - (kTitleHeight + 32.0) / figure.height);
  text += panel({0.065, 0.35, "accuracy, %"}) + pair_of_curves();
  text += points(history, &EpochRecord::train_accuracy, 100);
  text += points(history, &EpochRecord::val_accuracy, 100);
  text += "unset label\n" + panel({0.425, 0.71, "loss"});
  text += "set yrange [0:*]\n" + pair_of_curves();
  text += points(history, &EpochRecord::train_loss) + points(history, &EpochRecord::val_loss);
  text += "unset key\n" + panel({0.795, 0.975, "learning rate"});
  text += fmt::format(
      "set yrange [0:*]\nplot '-' using 1:2 with linespoints linewidth 1.8 pointtype 7 pointsize "
      "0.35 linecolor rgb '{}' notitle\n",
      kPalette[2]);
  text += points(history, &EpochRecord::lr) + "unset multiplot\n";
  return figure;
}

Figure reliability(const EvaluatedRun& run) {
  const Calibration& c = run.evaluation.calibration;
  const bool calibrated = c.ece <= c.ece_null95.high;
  Figure figure{
      .name = "reliability",
      .title = calibrated ? "Its confidence is well calibrated"
               : c.confidence > run.evaluation.metrics.accuracy ? "It is over-confident"
                                                                : "It is under-confident",
      .note =
          fmt::format("{}, in {} equal groups by confidence; bars: 95 %\n"
                      "ECE {:.4f}; a perfectly calibrated model would have {:.4f} to {:.4f} here",
                      run.source(), c.bins.size(), c.ece, c.ece_null95.low, c.ece_null95.high),
      .alt = fmt::format("Accuracy against confidence in {} groups; expected calibration error "
                         "{:.4f}",
                         c.bins.size(), c.ece),
      .width = 560,
      .height = 430};
  double lowest = 1;
  std::string data;
  for (const CalibrationBin& bin : c.bins) {
    lowest = std::min({lowest, bin.accuracy_ci95.low, bin.confidence});
    data += fmt::format("{} {} {} {}\n", plot_number(bin.confidence), plot_number(bin.accuracy),
                        plot_number(bin.accuracy_ci95.low), plot_number(bin.accuracy_ci95.high));
  }
  data += "e\n";
  const double from = std::max(0.0, std::floor(lowest * 20) / 20 - 0.02);
  figure.commands = fmt::format(
      "set xlabel 'confidence, mean of the group' textcolor rgb '{0}'\n"
      "set ylabel 'accuracy' textcolor rgb '{0}' offset 0.5,0\n"
      "set xrange [{1}:1.01]\nset yrange [{1}:1.01]\nunset key\n"
      "set label 5 'dotted: perfect calibration' at graph 0.03, graph 0.96 left textcolor rgb "
      "'{2}'\n"
      "plot [{1}:1] x with lines linecolor rgb '{2}' dashtype 3 linewidth 1.2 notitle, "
      "'-' using 1:2:3:4 with yerrorbars linecolor rgb '{3}' linewidth 1.4 pointtype 7 "
      "pointsize 0.6 notitle\n",
      kInk, from, kQuiet, kPalette[0]);
  figure.commands += data;
  return figure;
}

Figure risk_coverage(const EvaluatedRun& run) {
  const Selective& s = run.evaluation.selective;
  Figure figure{
      .name = "risk_coverage",
      .title = "Fewer mistakes by rejecting the least confident predictions",
      .note = fmt::format("{}\nArea under the curve {:.5f}; best possible {:.5f}, random {:.5f}",
                          run.source(), s.aurc, s.aurc_best, s.aurc_random),
      .alt = fmt::format("Fraction of mistakes among the accepted predictions: {} if all are "
                         "accepted, falling as the least confident are rejected",
                         percent(s.aurc_random)),
      .width = 560,
      .height = 430};
  std::string data;
  for (const RiskPoint& point : s.curve) {
    data +=
        fmt::format("{} {}\n", plot_number(100 * point.coverage), plot_number(100 * point.risk));
  }
  figure.commands = fmt::format(
      "set xlabel 'predictions accepted, most confident first, %' textcolor rgb '{0}'\n"
      "set ylabel 'mistakes among them, %' textcolor rgb '{0}' offset 0.5,0\n"
      "set xrange [0:100]\nset yrange [0:*]\nset format y '%.10g'\nunset key\n"
      "plot '-' using 1:2 with filledcurves y=0 fillcolor rgb '{1}' fillstyle transparent solid "
      "0.15 notitle, '-' using 1:2 with lines linewidth 1.8 linecolor rgb '{1}' notitle\n",
      kInk, kPalette[0]);
  figure.commands += data + "e\n" + data + "e\n";
  return figure;
}

std::string run_title(const std::filesystem::path& run) {
  const std::filesystem::path name = run.filename();
  return (name == kModelFile ? run.parent_path().filename() : name).string();
}

Figure model_comparison(const Comparison& comparison) {
  const std::vector<ComparedModel>& all = comparison.models;
  const size_t n = all.empty() ? 0 : all.front().predictions.labels.size();
  Figure figure{
      .name = "model_comparison",
      .title = "Mistakes per 100 images, all models on the same images",
      .note = fmt::format(
          "{}, {} {} images{}; bars: 95 % (Wilson). The scale is logarithmic",
          source_text(comparison.dataset), grouped(n), comparison.split,
          comparison.aside ? fmt::format(", {} more set aside", comparison.aside->n) : ""),
      .alt = "Error rate of each model with its interval:",
      .width = 680,
      .height = kTitleHeight + 34 * count_of(all) + 100};
  std::vector<std::string> titles;
  for (const ComparedModel& one : all) titles.push_back(run_title(one.name));
  std::string ticks, data, labels;
  double least = 100, most = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const Metrics& m = all[i].metrics;
    const double floor_of_n = 50.0 / static_cast<double>(std::max<int64_t>(m.n, 1));
    const double error = std::max(100 * (1 - m.accuracy), floor_of_n);
    const double low = std::max(100 * (1 - m.accuracy_ci95.high), floor_of_n);
    const double high = std::max(100 * (1 - m.accuracy_ci95.low), floor_of_n);
    least = std::min(least, low);
    most = std::max(most, high);
    ticks += fmt::format("{}{} {}", i == 0 ? "" : ", ", plot_text(titles[i]), i);
    data +=
        fmt::format("{} {} {} {}\n", plot_number(error), i, plot_number(low), plot_number(high));
    labels += fmt::format(
        "set label {} at {},{} left offset 0.8,0 front font ',9' textcolor rgb '{}'\n",
        plot_text(fmt::format("{:.2f}", 100 * (1 - m.accuracy))), plot_number(high), i, kQuiet);
    figure.alt += fmt::format("{} {} {}", i == 0 ? "" : ",", titles[i], percent(1 - m.accuracy));
  }
  figure.commands = fmt::format(
      "set lmargin at screen {}\nset xlabel 'mistakes, %' textcolor rgb '{}'\n"
      "set logscale x\nset format x '%g'\nset xrange [{}:{}]\nset yrange [{}:-0.6]\n"
      "set ytics ({})\nunset grid\nset grid xtics linecolor rgb '{}' linewidth 0.5 dashtype 3\n"
      "unset key\n",
      (24.0 + 7.5 * longest_of(titles)) / figure.width, kInk, plot_number(least / 1.6),
      plot_number(most * 2), count_of(all) - 0.4, ticks, kQuiet);
  figure.commands += labels;
  figure.commands += fmt::format(
      "plot '-' using 1:2:3:4 with xerrorbars linecolor rgb '{}' linewidth 1.6 pointtype 7 "
      "pointsize 0.8 notitle\n{}e\n",
      kPalette[0], data);
  return figure;
}

}  // namespace inkling
