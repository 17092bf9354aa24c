// The content of each section of report.html, as values for its template. Only for run_report.cpp
// and its siblings; an empty section is null.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "report/page/run_report.h"

namespace inkling {

// The figures with these names that were drawn, ready for figure.mustache.
nlohmann::json figures_named(const RunReport& report,
                             std::initializer_list<std::string_view> names);

// The run's metrics on the split evaluated, and its robustness; null if there are none.
const MetricsRecord* metrics_of(const RunReport& report);
const Robustness* robustness_of(const RunReport& report);

nlohmann::json summary_section(const RunReport& report);
nlohmann::json data_section(const RunReport& report);
nlohmann::json training_section(const RunReport& report);
nlohmann::json confusion_section(const RunReport& report);
nlohmann::json mistakes_section(const RunReport& report);
nlohmann::json calibration_section(const RunReport& report);
nlohmann::json robustness_section(const RunReport& report);
nlohmann::json inside_section(const RunReport& report);
nlohmann::json comparison_section(const RunReport& report);
nlohmann::json reproduce_section(const RunReport& report);

// "98.7 %"; "100 %" only if it is no less.
std::string confidence_text(double confidence);
// "1 mistake", "12 mistakes".
std::string counted(int64_t number, std::string_view one, std::string_view many);

// "test image 247".
std::string where_text(const EvaluatedRun& run, uint32_t index);

}  // namespace inkling
