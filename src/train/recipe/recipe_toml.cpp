#include "train/recipe/recipe_toml.h"

#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

#include "base/error.h"
#include "base/suggest.h"
#include "train/recipe/recipe_fields.h"

namespace inkling {
namespace {

// A section's table, and the field that the section's name alone sets.
struct Section {
  std::string_view table, name;
};
constexpr Section kSections[] = {{"optimiser", "optimiser.name"},
                                 {"schedule", "schedule.name"},
                                 {"distil", "distil.teacher"},
                                 {"augment", "augment.preset"}};
constexpr std::string_view kMadeWith = "made_with";

const Section* find_section(std::string_view table) {
  for (const Section& section : kSections) {
    if (section.table == table) return &section;
  }
  return nullptr;
}

toml::table parse_toml(std::string_view text, const std::string& source) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw input_error("{}:{}: not TOML: {}", source, error.source().begin.line,
                      error.description());
  }
}

class RecipeReader {
 public:
  explicit RecipeReader(std::string source) : source_(std::move(source)) {}

  ParsedRecipe read(const toml::table& file) {
    collect(file, "");
    // In the table's order: a preset before the fields it sets.
    for (const RecipeField& field : recipe_fields()) {
      const auto found = nodes_.find(field.path);
      if (found == nodes_.end()) continue;
      set(field, *found->second);
      result_.given.insert(field.path);
    }
    const auto given = [&](const char* path) { return result_.given.contains(path); };
    if (!given("dataset") && (given("images") || given("labels") || given("pictures"))) {
      result_.recipe.dataset.clear();
    }
    return std::move(result_);
  }

 private:
  std::string at(const toml::node& node) const {
    return fmt::format("{}:{}", source_, node.source().begin.line);
  }

  // Finds every field's node; throws if a key is not a field.
  void collect(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string path = prefix + std::string(key.str());
      const Section* section = prefix.empty() ? find_section(path) : nullptr;
      if (path == kMadeWith && node.is_table()) continue;
      if (section != nullptr && node.is_table()) {
        collect(*node.as_table(), path + ".");
      } else if (section != nullptr) {
        nodes_[std::string(section->name)] = &node;
      } else if (find_recipe_field(path) != nullptr) {
        nodes_[path] = &node;
      } else if (node.is_table()) {
        throw usage_error("{}: unknown table \"{}\"{}", at(node), path, nearest_section(path));
      } else {
        const std::string nearest = nearest_field(path);
        throw usage_error("{}: unknown field \"{}\"{}", at(node), path,
                          nearest.empty() ? nearest_section(path) : nearest);
      }
    }
  }

  static std::string nearest_section(const std::string& path) {
    std::vector<std::string_view> known;
    for (const Section& section : kSections) known.push_back(section.table);
    return did_you_mean(path, known);
  }

  void set(const RecipeField& field, const toml::node& node) {
    const std::string where = fmt::format("{}: {}", at(node), field.path);
    std::ostringstream shown;
    node.visit([&](const auto& value) { shown << value; });
    FieldValue value;
    if (const auto* text = node.as_string()) {
      value = text->get();
    } else if (const auto* whole = node.as_integer()) {
      value = whole->get();
    } else if (const auto* real = node.as_floating_point()) {
      value = real->get();
    } else if (const auto* flag = node.as_boolean()) {
      value = flag->get();
    }  // else an empty text, which no field accepts
    set_field(result_.recipe, field, value, where, shown.str());
  }

  std::string source_;
  std::map<std::string, const toml::node*> nodes_;
  ParsedRecipe result_;
};

}  // namespace

ParsedRecipe parse_recipe(std::string_view text, const std::string& source) {
  return RecipeReader(source).read(parse_toml(text, source));
}

std::string recipe_toml(const Recipe& recipe, std::string_view variant,
                        std::string_view precision) {
  std::string text;
  std::string_view table;
  for (const RecipeField& field : recipe_fields()) {
    const FieldValue value = value_of(recipe, field);
    if (value == FieldValue(std::string())) continue;  // not given, and has no default
    const std::string_view path = field.path;
    const size_t dot = path.find('.');
    if (dot != path.npos && path.substr(0, dot) != table) {
      table = path.substr(0, dot);
      text += fmt::format("\n[{}]\n", table);
    }
    text +=
        fmt::format("{} = {}\n", dot == path.npos ? path : path.substr(dot + 1), show_value(value));
  }
  text += fmt::format("\n[{}]\ninkling = '{}'\nvariant = '{}'\nprecision = '{}'\n", kMadeWith,
                      INKLING_VERSION, variant, precision);
  return text;
}

}  // namespace inkling
