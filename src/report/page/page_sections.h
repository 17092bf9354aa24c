// What each section of report.html says, as values for its template in page/. Only for
// run_report.cpp and its siblings; a section without anything to say is null.
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

// The run's metrics of the split that was judged, and its robustness; null where there are none.
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

// "98.7 %", and 100 % only where it is nothing less.
std::string confidence_text(double confidence);
// "1 mistake", "12 mistakes".
std::string counted(int64_t number, std::string_view one, std::string_view many);

// "4" or a long name as a sentence wants it; the test images as "test image 247".
std::string where_text(const EvaluatedRun& run, uint32_t index);

}  // namespace inkling
