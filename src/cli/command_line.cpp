#include "cli/command_line.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "base/index.h"
#include "base/numbers.h"
#include "base/suggest.h"

namespace inkling {

struct CommandLine::State {
  std::string command;
  CLI::App app;
  std::vector<std::string> known;  // options, for suggestions

  // Adds an option whose text `take` turns into a value or refuses.
  CLI::Option* add(std::string_view option, std::string_view type, const std::string& shown_default,
                   std::string_view help, const std::function<void(const std::string&)>& take) {
    known.emplace_back(option);
    const std::string text =
        shown_default.empty() ? std::string(help) : fmt::format("{} [{}]", help, shown_default);
    return app.add_option_function<std::string>(std::string(option), take, text)
        ->type_name(std::string(type));
  }
};

CommandLine::CommandLine(std::string_view command, std::string_view about)
    : state_(std::make_unique<State>()) {
  state_->command = command;
  state_->app.name(fmt::format("inkling {}", command));
  state_->app.description(std::string(about));
  state_->app.get_formatter()->column_width(34);
}

CommandLine::~CommandLine() = default;

void CommandLine::text(std::string_view option, std::string& value, std::string_view help) {
  state_->add(option, "TEXT", value, help,
              [&value, name = std::string(option)](const std::string& t) {
                if (t.empty()) throw usage_error("{}: expected a text, found nothing", name);
                value = t;
              });
}

void CommandLine::choice(std::string_view option, std::string& value,
                         std::vector<std::string> allowed, std::string_view help) {
  const std::string list = fmt::format("{}", fmt::join(allowed, "|"));
  state_->add(option, list, value, help,
              [&value, name = std::string(option), allowed](const std::string& t) {
                if (std::find(allowed.begin(), allowed.end(), t) == allowed.end()) {
                  throw usage_error("{}: expected one of {}; found \"{}\"", name,
                                    fmt::join(allowed, ", "), t);
                }
                value = t;
              });
}

void CommandLine::integer(std::string_view option, int& value, int low, int high,
                          std::string_view help) {
  state_->add(option, "N", std::to_string(value), help,
              [&value, name = std::string(option), low, high](const std::string& t) {
                const auto number = parse_integer(t);
                if (!number || *number < low || *number > high) {
                  throw usage_error("{}: expected a whole number from {} to {}, found \"{}\"", name,
                                    low, high, t);
                }
                value = narrow<int>(*number);
              });
}

void CommandLine::seed(std::string_view option, uint64_t& value, std::string_view help) {
  state_->add(option, "N", std::to_string(value), help,
              [&value, name = std::string(option)](const std::string& t) {
                const auto number = parse_integer(t);
                if (!number || *number < 0) {
                  throw usage_error("{}: expected a whole number from 0, found \"{}\"", name, t);
                }
                value = narrow<uint64_t>(*number);
              });
}

void CommandLine::real(std::string_view option, double& value, double low, double high,
                       bool include_low, std::string_view help) {
  state_->add(
      option, "X", fmt::format("{}", value), help,
      [&value, name = std::string(option), low, high, include_low](const std::string& t) {
        const auto number = parse_real(t);
        if (!number || *number < low || (!include_low && *number == low) || *number > high) {
          throw usage_error("{}: expected a number {} {} and at most {}, found \"{}\"", name,
                            include_low ? "from" : "above", low, high, t);
        }
        value = *number;
      });
}

void CommandLine::flag(std::string_view option, bool& value, std::string_view help) {
  state_->known.emplace_back(option);
  state_->app.add_flag(std::string(option), value, std::string(help));
}

void CommandLine::value(const Value& value, std::function<void(const std::string&)> take) {
  CLI::Option* option =
      state_->add(value.option, value.type, value.shown_default, value.help,
                  [name = value.option, take = std::move(take)](const std::string& t) {
                    if (t.empty()) throw usage_error("{}: expected a value, found nothing", name);
                    take(t);
                  });
  if (!value.group.empty()) option->group(value.group);
}

void CommandLine::texts(std::string_view option, std::vector<std::string>& values,
                        std::string_view help) {
  state_->known.emplace_back(option);
  state_->app.add_option(std::string(option), values, std::string(help))
      ->type_name("TEXT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void CommandLine::positionals(std::string_view name, std::vector<std::string>& values,
                              bool required, std::string_view help) {
  CLI::Option* option =
      state_->app.add_option(std::string(name), values, std::string(help))->type_name("");
  if (required) option->required();
}

bool CommandLine::parse(const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    state_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    std::fputs(state_->app.help().c_str(), stdout);  // failure shows when main flushes
    return false;
  } catch (const CLI::ExtrasError&) {
    const std::vector<std::string> rest = state_->app.remaining();
    const std::string unknown = rest.empty() ? "" : rest.front();
    const std::vector<std::string_view> known(state_->known.begin(), state_->known.end());
    throw usage_error("{}: unknown option or argument \"{}\"{}; see `inkling {} --help`",
                      state_->command, unknown, did_you_mean(unknown, known), state_->command);
  } catch (const CLI::ParseError& error) {
    throw usage_error("{}: {}; see `inkling {} --help`", state_->command, error.what(),
                      state_->command);
  }
  return true;
}

}  // namespace inkling
