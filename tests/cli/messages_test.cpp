// stderr and stdout that are closed, full or read by nobody: what cannot be said does not end the
// work, what cannot be delivered fails it.
#include "cli/messages.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/program.h"

namespace inkling {
namespace {

class Messages : public Program {
 protected:
  // Ways in which nothing can be written to stderr.
  static std::vector<RunOptions> mute() {
    RunOptions full, closed;
    full.stderr_to = "/dev/full";
    closed.closed = {STDERR_FILENO};
    return {full, closed};
  }
};

TEST_F(Messages, ErrorThatCannotBeWrittenKeepsItsExitCode) {
  for (const RunOptions& options : mute()) {
    EXPECT_EQ(run({"nonsense"}, options).code, 2);
    EXPECT_EQ(run({"predict", "--model", "nowhere", "a.png"}, options).code, 1);
  }
}

TEST_F(Messages, TrainingContinuesIfItsProgressCannotBeWritten) {
  write_tiny();
  ASSERT_EQ(train("heard").code, 0);
  for (const RunOptions& options : mute()) {
    EXPECT_EQ(train("unheard", {}, options).code, 0);
    EXPECT_EQ(read_file(folder_ / "unheard/model.safetensors"),
              read_file(folder_ / "heard/model.safetensors"));
    std::filesystem::remove_all(folder_ / "unheard");
  }
}

TEST_F(Messages, TrainingContinuesWhenTheReaderOfItsProgressIsGone) {
  write_tiny();
  const std::string words =
      " train --dataset tiny --model logistic --epochs 20 --threads 1 --out run";
  const Finished finished = run_program(
      {"/bin/sh", "-c",
       std::string("{ '") + INKLING_PROGRAM + "'" + words + " 2>&1 >said; echo $? >code; } | true"},
      {.environment = {{"INKLING_DATA", ""}}, .folder = folder_.path().string()});
  EXPECT_EQ(finished.code, 0);
  EXPECT_EQ(read_text_file(folder_ / "code"), "0\n");
  EXPECT_TRUE(exists("run/metrics.json"));
}

TEST_F(Messages, ResultThatCannotBeWrittenFailsTheCommandHoweverLong) {
  RunOptions full, closed;
  full.stdout_to = "/dev/full";
  closed.closed = {STDOUT_FILENO};
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  Words predict = {"predict", "--model", "run", "--json"};
  predict.insert(predict.end(), 500, "nowhere.png");  // far past what stdio keeps back
  for (const RunOptions& options : {full, closed}) {
    for (const Words& words : {Words{"models"}, predict}) {
      const Finished finished = run(words, options);
      EXPECT_EQ(finished.code, 1) << words[0];
      EXPECT_THAT(finished.err, testing::HasSubstr("inkling: cannot write to standard output"));
    }
  }
}

TEST(StandardStreams, NoFileTakesTheNumberOfAClosedOne) {
  const TemporaryFolder folder;
  const std::string file = (folder / "f").string();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(fd);
    prepare_standard_streams();
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT, 0644);
    char byte = 0;
    const bool usable = ::read(STDIN_FILENO, &byte, 1) >= 0 || ::write(STDOUT_FILENO, "", 1) >= 0 ||
                        ::write(STDERR_FILENO, "", 1) >= 0;
    ::_exit(opened > STDERR_FILENO && !usable ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace inkling
