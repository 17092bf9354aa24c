// HTML from the mustache templates of page/, which are compiled into the program. Values come as
// JSON: an object's keys are the tags, true or a non-empty list or an object opens a section, and
// what is absent leaves its section out. Text is escaped wherever it is put ({{tag}}); templates
// use no unescaped tags. Not the place that knows what a report says: that is run_report.h.
//
//   std::string html = render_page("report", {{"title", "a < b"}});
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace inkling {

struct PageTemplate {
  std::string_view name;  // of the file, without extension; {{> _name}} puts one into another
  std::string_view text;
};
std::span<const PageTemplate> page_templates();

// The caller owes a template of that name; templates that do not parse are found by the tests.
std::string render_page(std::string_view name, const nlohmann::json& values);

}  // namespace inkling
