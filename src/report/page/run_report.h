// report.html: everything known about one run as one self-contained page, more to look at than to
// read. What was not measured has no section. Text, images and figures are combined here; figures
// are drawn by run_figures.h, and the page's looks are in page/templates.
//
//   write_file(run / "report.html", report_html(report));
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eval/compare/comparison_json.h"
#include "eval/data_report/inspection_json.h"
#include "nn/architecture/architecture.h"
#include "report/figures/insight.h"
#include "report/figures/run_figures.h"
#include "report/page/run_record.h"

namespace inkling {

// What the page is made of; all that is referred to must outlive the call.
struct RunReport {
  const RunRecord& record;
  const Architecture& net;
  EvaluatedRun evaluated;
  const Insight* insight = nullptr;            // null: not measured
  const Dataset* training = nullptr;           // whose images insight's neighbours are
  size_t views = 1;                            // of each image that a prediction is the mean over
  std::optional<InspectionRecord> inspection;  // of the data; none: not inspected
  std::optional<ComparisonRecord> comparison;  // none: not compared
  std::vector<std::filesystem::path> figure_folders;  // searched for figures, in this order
};

// The figures of the run alone.
void add_run_figures(const RunReport& report, FigureSheet& sheet);

// Figures are found by name; a missing file (no gnuplot) leaves its figure out. Throws Error if a
// figure cannot be read.
std::string report_html(const RunReport& report);

}  // namespace inkling
