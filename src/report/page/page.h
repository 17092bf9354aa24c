// HTML from the mustache templates of page/templates, which are compiled into the program. Values
// come as JSON: an object's keys are the tags; true, a non-empty list or an object opens a section;
// an absent value leaves its section out. All text is escaped ({{tag}}); templates use no unescaped
// tags. What a report says is decided in run_report.h.
//
//   std::string html = render_page("report", {{"title", "a < b"}});
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace inkling {

struct PageTemplate {
  std::string_view name;  // of the file, without extension; {{> _name}} includes it
  std::string_view text;
};
std::span<const PageTemplate> page_templates();

// There must be a template of that name; a test finds templates that do not parse.
std::string render_page(std::string_view name, const nlohmann::json& values);

}  // namespace inkling
