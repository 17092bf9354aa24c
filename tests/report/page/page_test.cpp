#include "report/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Page, EveryTemplateParsesAndPutsInOnlyOthersThatExist) {
  std::set<std::string> names;
  for (const PageTemplate& page : page_templates())
    names.insert(std::string(1, '_').append(page.name));
  const std::regex partial(R"(\{\{>\s*([^}\s]+)\s*\}\})");
  for (const PageTemplate& page : page_templates()) {
    const std::string text(page.text);
    kainjow::mustache::mustache parsed(text);
    EXPECT_TRUE(parsed.is_valid()) << page.name << ": " << parsed.error_message();
    for (std::sregex_iterator at(text.begin(), text.end(), partial), end; at != end; ++at) {
      EXPECT_TRUE(names.contains((*at)[1])) << page.name << " puts in " << (*at)[1];
    }
  }
}

TEST(Page, NoTemplateHasAnUnescapedTag) {
  for (const PageTemplate& page : page_templates()) {
    EXPECT_THAT(std::string(page.text), Not(HasSubstr("{{{"))) << page.name;
    EXPECT_THAT(std::string(page.text), Not(HasSubstr("{{&"))) << page.name;
  }
}

TEST(Page, TextIsEscaped) {
  const std::string html = render_page("figure", {{"alt", "<script>\"'&"}, {"src", "data:,"}});
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;&quot;&apos;&amp;"));
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
}

TEST(Page, WhatIsAbsentHasNoSection) {
  EXPECT_THAT(render_page("report", {{"title", "t"}}), Not(HasSubstr("<section")));
}

}  // namespace
}  // namespace inkling
