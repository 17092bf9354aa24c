// report.html: everything known of one run as one page that needs nothing but itself, to be looked
// at rather than read. What was not measured has no section. Words, images and figures are put
// together here; where a figure is drawn is run_figures.h, how the page looks is page/.
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

// What the page is made of. What is referred to must outlive the call.
struct RunReport {
  const RunRecord& record;
  const Architecture& net;
  EvaluatedRun evaluated;
  const Insight* insight = nullptr;                   // null: not looked for
  const Dataset* training = nullptr;                  // whose images insight's neighbours are
  size_t views = 1;                                   // of an image, behind each answer
  std::optional<InspectionRecord> inspection;         // of the data; none: not inspected
  std::optional<ComparisonRecord> comparison;         // none: not compared
  std::vector<std::filesystem::path> figure_folders;  // where figures are looked for, in turn
};

// The figures of the run alone.
void add_run_figures(const RunReport& report, FigureSheet& sheet);

// Figures appear where they belong by their names; a file that is not there (no gnuplot) leaves its
// figure out. Throws Error where a figure cannot be read.
std::string report_html(const RunReport& report);

}  // namespace inkling
