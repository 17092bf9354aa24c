#include "report/page/run_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "data/synth/synth.h"
#include "report/figures/insight_figures.h"
#include "report/page/page.h"
#include "report/page/page_pictures.h"
#include "report/page/page_sections.h"

namespace inkling {
namespace {

void add_section(nlohmann::json& page, const char* id, const char* name, nlohmann::json section) {
  if (section.is_null()) return;
  page["sections"].push_back({{"id", id}, {"name", name}});
  page[id] = std::move(section);
}

}  // namespace

nlohmann::json figures_named(const RunReport& report,
                             std::initializer_list<std::string_view> names) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string_view name : names) {
    for (const std::filesystem::path& folder : report.figure_folders) {
      const std::filesystem::path file = folder / (std::string(name) + ".svg");
      if (!std::filesystem::exists(file)) continue;
      const PagePicture picture = read_svg(file);
      std::string title(name);
      std::replace(title.begin(), title.end(), '_', ' ');
      list.push_back({{"name", title},
                      {"alt", picture.alt},
                      {"src", picture.uri},
                      {"width", picture.width},
                      {"height", picture.height}});
      break;
    }
  }
  return list;
}

std::string confidence_text(double confidence) {
  const double rounded = std::floor(1000 * confidence) / 10;
  return rounded >= 100 ? "100 %" : fmt::format("{:.1f} %", rounded);
}

std::string counted(int64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

std::string where_text(const EvaluatedRun& run, uint32_t index) {
  const char* file = run.split == "validation" ? "training" : run.split.c_str();
  return fmt::format("{} image {}", file, index);
}

const MetricsRecord* metrics_of(const RunReport& report) {
  const RunRecord& record = report.record;
  const auto& metrics = report.evaluated.split == "test" ? record.test_metrics : record.metrics;
  return metrics ? &*metrics : nullptr;
}

const Robustness* robustness_of(const RunReport& report) {
  const MetricsRecord* metrics = metrics_of(report);
  return metrics != nullptr && metrics->robustness ? &*metrics->robustness : nullptr;
}

void add_run_figures(const RunReport& report, FigureSheet& sheet) {
  const EvaluatedRun& run = report.evaluated;
  if (!report.record.history.empty()) {
    sheet.add(training_curves(report.record.history, report.record.best_epoch(),
                              fmt::format("{} on {}", run.model, source_text(run.dataset.name))));
  }
  add_prediction_figures(run, sheet);
  if (report.insight) {
    sheet.add(saliency_figure(run, *report.insight));
    sheet.add(filters_figure(run, *report.insight));
    sheet.add(feature_map(run, *report.insight));
  }
  add_robustness_figures(robustness_of(report), run.source(), sheet);
}

std::string report_html(const RunReport& report) {
  const EvaluatedRun& run = report.evaluated;
  nlohmann::json page = {{"version", INKLING_VERSION},
                         {"title", fmt::format("{} on {}: Inkling's report", run.model,
                                               source_text(run.dataset.name))},
                         {"sections", nlohmann::json::array()}};
  add_section(page, "summary", "Summary", summary_section(report));
  add_section(page, "data", "Data", data_section(report));
  add_section(page, "training", "Training", training_section(report));
  add_section(page, "confusion", "Confusion", confusion_section(report));
  add_section(page, "mistakes", "Mistakes", mistakes_section(report));
  add_section(page, "calibration", "Confidence", calibration_section(report));
  add_section(page, "robustness", "Robustness", robustness_section(report));
  add_section(page, "inside", "Explanations", inside_section(report));
  add_section(page, "comparison", "Comparison", comparison_section(report));
  add_section(page, "reproduce", "Reproduce", reproduce_section(report));
  return render_page("report", page);
}

}  // namespace inkling
