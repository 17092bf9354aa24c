#include "sys/folder_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace inkling {
namespace {

TEST(FolderLock, IsHeldByOneAtATimeAndLeavesNoFile) {
  const TemporaryFolder folder;
  {
    const auto first = FolderLock::if_free(folder.path());
    ASSERT_TRUE(first);
    EXPECT_FALSE(FolderLock::if_free(folder.path()));
    EXPECT_EQ(folder.entries(), 0);
  }
  EXPECT_TRUE(FolderLock::if_free(folder.path()));
  EXPECT_EQ(folder.entries(), 0);
}

TEST(FolderLock, MovesToItsNewOwner) {
  const TemporaryFolder folder;
  auto first = FolderLock::if_free(folder.path());
  ASSERT_TRUE(first);
  {
    const FolderLock second(std::move(*first));
    first.reset();
    EXPECT_FALSE(FolderLock::if_free(folder.path()));
  }
  EXPECT_TRUE(FolderLock::if_free(folder.path()));
}

TEST(FolderLock, GoesWithTheProcessThatHeldIt) {
  const TemporaryFolder folder;
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock held(folder.path());
    (void)!::write(ready[1], "", 1);
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_FALSE(FolderLock::if_free(folder.path()));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FolderLock::if_free(folder.path()));
  for (const int end : ready) ::close(end);
}

TEST(FolderLock, AFolderThatIsNotThereIsNamed) {
  EXPECT_ERROR(FolderLock::if_free("/no/such/folder"), ErrorKind::kSystem, "/no/such/folder");
  EXPECT_ERROR(FolderLock("/no/such/folder"), ErrorKind::kSystem, "/no/such/folder");
}

}  // namespace
}  // namespace inkling
