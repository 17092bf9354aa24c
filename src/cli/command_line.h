// The options of one command: typed, with ranges, parsed strictly. A wrapper, so that CLI11 is
// compiled once and every wrong value gets the same kind of message and exit code 2.
//
//   CommandLine line("train", "Train a network.");
//   line.integer("--epochs", options.epochs, 1, 100000, "passes over the training images");
//   if (!line.parse(arguments)) return;   // --help was printed
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

class CommandLine {
 public:
  CommandLine(std::string_view command, std::string_view about);
  ~CommandLine();

  // Each variable keeps its value, shown as the default, if the option is not given.
  void text(std::string_view option, std::string& value, std::string_view help);
  void choice(std::string_view option, std::string& value, std::vector<std::string> allowed,
              std::string_view help);
  void integer(std::string_view option, int& value, int low, int high, std::string_view help);
  void seed(std::string_view option, uint64_t& value, std::string_view help);
  // low < value <= high, or low <= value with include_low.
  void real(std::string_view option, double& value, double low, double high, bool include_low,
            std::string_view help);
  void flag(std::string_view option, bool& value, std::string_view help);

  // An option whose text `take` parses.
  struct Value {
    std::string option, type, shown_default, help;
    std::string group;  // heading in the help; empty: Options
  };
  void value(const Value& value, std::function<void(const std::string&)> take);
  // May be given several times.
  void texts(std::string_view option, std::vector<std::string>& values, std::string_view help);
  // At least one if required.
  void positionals(std::string_view name, std::vector<std::string>& values, bool required,
                   std::string_view help);

  // Throws Error (usage) naming the option. False: help was asked for and printed.
  bool parse(const std::vector<std::string>& arguments);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace inkling
