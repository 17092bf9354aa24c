// The README's commands are commands: each `inkling ...` line of a ```sh block names a command that
// is there, with options it has and values it takes.
#include <sstream>

#include "cli/program.h"

namespace inkling {
namespace {

const std::filesystem::path kReadme = std::filesystem::path(INKLING_SOURCE) / "README.md";

// The words behind the program's name; a pipe, a redirection or a comment ends them.
std::vector<Words> commands_of(const std::string& markdown) {
  std::vector<Words> commands;
  std::istringstream lines(markdown);
  bool shell = false, fenced = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      fenced = !fenced;
      shell = fenced && line == "```sh";
      continue;
    }
    if (!shell) continue;
    while (line.ends_with('\\')) {
      std::string next;
      std::getline(lines, next);
      line = line.substr(0, line.size() - 1) + next;
    }
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word != "inkling" && word != "build/release/bin/inkling") continue;
    Words command;
    while (words >> word && word.find_first_of("|<>#&;") == std::string::npos) {
      command.push_back(word);
    }
    commands.push_back(command);
  }
  return commands;
}

TEST(ReadmeCommands, AreFoundInShellBlocksOnly) {
  EXPECT_EQ(commands_of("inkling no\n```sh\ninkling train --lr 1 # why\n$ inkling no\n"
                        "build/release/bin/inkling \\\n  models > f\n```\n```\ninkling no\n```\n"),
            (std::vector<Words>{{"train", "--lr", "1"}, {"models"}}));
}

TEST_F(Program, EveryCommandOfTheReadmeParses) {
  if (!std::filesystem::exists(kReadme)) GTEST_SKIP() << "there is no README.md yet";
  const std::vector<Words> commands = commands_of(read_text_file(kReadme));
  EXPECT_FALSE(commands.empty());
  for (Words words : commands) {
    ASSERT_FALSE(words.empty());
    const std::string line = testing::PrintToString(words);
    words.push_back("--help");
    const Finished finished = run(words);
    EXPECT_EQ(finished.code, 0) << line << "\n" << finished.err;
    for (const std::string& word : words) {  // --help hides unknown options
      if (!word.starts_with("--")) continue;
      const std::string option = word.substr(0, word.find('='));
      EXPECT_THAT(finished.out, testing::ContainsRegex(option + "[ ,\n]")) << line;
    }
  }
}

}  // namespace
}  // namespace inkling
