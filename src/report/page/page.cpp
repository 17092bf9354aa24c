#include "report/page/page.h"

#include <fmt/core.h>

#include <algorithm>

#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/json.h"

namespace inkling {
namespace {

namespace mustache = kainjow::mustache;

mustache::data data_of(const nlohmann::json& value) {
  if (value.is_object()) {
    mustache::data object{mustache::data::type::object};
    for (const auto& [key, member] : value.items()) {
      if (!member.is_null()) object.set(key, data_of(member));
    }
    return object;
  }
  if (value.is_array()) {
    mustache::data list{mustache::data::type::list};
    for (const nlohmann::json& element : value) list.push_back(data_of(element));
    return list;
  }
  if (value.is_boolean()) return mustache::data(value.get<bool>());
  return mustache::data(value.is_string() ? value.get<std::string>() : json_text(value));
}

}  // namespace

std::string render_page(std::string_view name, const nlohmann::json& values) {
  mustache::data data = data_of(values);
  std::string_view text;
  for (const PageTemplate& page : page_templates()) {
    if (page.name == name) text = page.text;
    const mustache::partial partial = [page] { return std::string(page.text); };
    data.set(fmt::format("_{}", page.name), mustache::data(partial));
  }
  INKLING_CHECK(!text.empty());
  mustache::mustache page{std::string(text)};
  INKLING_CHECK(page.is_valid());
  return page.render(data);
}

}  // namespace inkling
