#include "sys/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace {

// What fsync is asked of folders, and what it then says: 0, or an errno.
std::vector<std::string> g_synced_folders;
int g_folder_sync_error = 0;

}  // namespace

// In place of libc's, for this program.
extern "C" int fsync(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    const auto name = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd));
    g_synced_folders.push_back(name.string());
    if (g_folder_sync_error != 0) {
      errno = g_folder_sync_error;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace inkling {
namespace {

namespace fs = std::filesystem;

TEST(File, BytesSurviveWritingAndReading) {
  const TemporaryFolder folder;
  for (size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{65537}, size_t{1'000'003}}) {
    std::vector<uint8_t> bytes(size);
    for (size_t i = 0; i < size; ++i) bytes[i] = uint8_t(i * 31);
    write_file(folder / "f", bytes);
    EXPECT_EQ(read_file(folder / "f"), bytes);
  }
  EXPECT_EQ(folder.entries(), 1);
}

TEST(File, TextReplacesTheOldFileWhole) {
  const TemporaryFolder folder;
  write_file(folder / "f", "a long first text");
  write_file(folder / "f", "short");
  EXPECT_EQ(read_text_file(folder / "f"), "short");
}

TEST(File, ItsFolderIsSyncedOnceTheNameIsInPlace) {
  const TemporaryFolder folder;
  make_folder(folder / "in");
  g_synced_folders.clear();
  write_file(folder / "in" / "f", "x");
  EXPECT_EQ(g_synced_folders, std::vector<std::string>{(folder / "in").string()});
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write_file("f", "x");
  fs::current_path(before);
  EXPECT_EQ(g_synced_folders.back(), folder.path().string());
}

TEST(File, AFileSystemThatSyncsNoFoldersWillDo) {
  const TemporaryFolder folder;
  g_folder_sync_error = EINVAL;
  write_file(folder / "f", "x");
  g_folder_sync_error = EIO;  // but a disk that fails
  EXPECT_ERROR((write_file(folder / "f", "y"), 0), ErrorKind::kSystem, "cannot write", "f: Input");
  g_folder_sync_error = 0;
  EXPECT_EQ(folder.entries(), 1);
}

TEST(File, MissingFileIsNamed) {
  EXPECT_ERROR(read_file("/no/such/file"), ErrorKind::kInput, "/no/such/file", "No such file");
}

TEST(File, FolderInsteadOfAFileIsRefused) {
  const TemporaryFolder folder;
  EXPECT_ERROR(read_file(folder.path()), ErrorKind::kInput, "found a folder");
}

TEST(File, LongerThanAllowedIsRefused) {
  const TemporaryFolder folder;
  write_file(folder / "f", "12345");
  EXPECT_EQ(read_text_file(folder / "f", 5), "12345");
  EXPECT_ERROR(read_file(folder / "f", 4), ErrorKind::kInput, "at most 4 bytes");
}

TEST(File, HugeSparseFileIsRefusedWithoutAllocatingForIt) {
  const TemporaryFolder folder;
  write_file(folder / "f", "x");
  fs::resize_file(folder / "f", uintmax_t{1} << 40);
  EXPECT_ERROR(read_file(folder / "f"), ErrorKind::kInput, "at most 4294967296 bytes");
}

TEST(File, DevicesWithoutASizeAreReadToTheirEnd) {
  EXPECT_TRUE(read_file("/dev/null").empty());
  EXPECT_FALSE(read_text_file("/proc/self/status").empty());
  EXPECT_ERROR(read_file("/dev/zero", 100'000), ErrorKind::kInput, "at most 100000 bytes");
}

TEST(File, WriteIntoAMissingFolderIsRefused) {
  const TemporaryFolder folder;
  EXPECT_ERROR((write_file(folder / "no" / "f", "x"), 0), ErrorKind::kSystem, "cannot write",
               "no/f");
  EXPECT_EQ(folder.entries(), 0);
}

TEST(File, WriteOverAFolderFailsAndLeavesNoLitter) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "f");
  EXPECT_ERROR((write_file(folder / "f", "x"), 0), ErrorKind::kSystem, "cannot write");
  EXPECT_TRUE(fs::is_directory(folder / "f"));
  EXPECT_EQ(folder.entries(), 1);
}

TEST(File, FailedWriteLeavesTheOldFileAndNoLitter) {
  const TemporaryFolder folder;
  write_file(folder / "f", "old");
  // A limit on file size fails the write half way, as a full disk does.
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit saved{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &saved), 0);
  const rlimit small{.rlim_cur = 1000, .rlim_max = saved.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_ERROR((write_file(folder / "f", std::string(5000, 'n')), 0), ErrorKind::kSystem,
               "cannot write", "too large");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &saved), 0);
  EXPECT_EQ(read_text_file(folder / "f"), "old");
  EXPECT_EQ(folder.entries(), 1);
}

TEST(File, FifoIsWrittenThroughAndStays) {
  const TemporaryFolder folder;
  const fs::path fifo = folder / "f";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDWR);  // Linux: so that no writer waits for one
  ASSERT_GE(reader, 0);
  write_file(fifo, "through");
  EXPECT_TRUE(fs::is_fifo(fifo));
  EXPECT_EQ(folder.entries(), 1);
  if (fs::is_fifo(fifo)) {
    std::array<char, 16> block{};
    EXPECT_EQ(::read(reader, block.data(), block.size()), 7);
    EXPECT_STREQ(block.data(), "through");
  }
  ::close(reader);
}

TEST(File, OpenPipeIsWrittenThrough) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  write_file("/proc/self/fd/" + std::to_string(ends[1]), "through");
  std::array<char, 16> block{};
  EXPECT_EQ(::read(ends[0], block.data(), block.size()), 7);
  EXPECT_STREQ(block.data(), "through");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(File, DeviceThatIsFullIsAnError) {
  const TemporaryFolder folder;
  fs::create_symlink("/dev/full", folder / "f");
  EXPECT_ERROR((write_file(folder / "f", "x"), 0), ErrorKind::kSystem, "cannot write", "No space");
  EXPECT_TRUE(fs::is_symlink(folder / "f"));
  EXPECT_EQ(folder.entries(), 1);
}

TEST(File, LinkStaysAndItsTargetIsReplaced) {
  const TemporaryFolder folder;
  make_folder(folder / "a");
  make_folder(folder / "b");
  write_file(folder / "a" / "f", "old");
  fs::create_symlink("../a/f", folder / "b" / "relative");
  fs::create_symlink(folder / "b" / "relative", folder / "absolute");
  write_file(folder / "absolute", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "absolute"));
  EXPECT_TRUE(fs::is_symlink(folder / "b" / "relative"));
  EXPECT_EQ(read_text_file(folder / "a" / "f"), "new");
  EXPECT_EQ(folder.entries(), 3);
}

TEST(File, LinkToNothingGetsItsTarget) {
  const TemporaryFolder folder;
  fs::create_symlink("target", folder / "f");
  write_file(folder / "f", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "f"));
  EXPECT_EQ(read_text_file(folder / "target"), "new");
}

TEST(File, LinksInALoopAreRefused) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_ERROR((write_file(folder / "a", "x"), 0), ErrorKind::kSystem, "cannot write", "symbolic");
  EXPECT_TRUE(fs::is_symlink(folder / "a"));
}

TEST(File, LinesAreAppended) {
  const TemporaryFolder folder;
  append_line(folder / "f", "one");
  append_line(folder / "f", "two");
  EXPECT_EQ(read_text_file(folder / "f"), "one\ntwo\n");
  EXPECT_ERROR((append_line(folder.path(), "x"), 0), ErrorKind::kSystem, "cannot append to");
}

TEST(File, FailedAppendTakesItsHalfLineBack) {
  const TemporaryFolder folder;
  append_line(folder / "f", "one");
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit saved{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &saved), 0);
  const rlimit small{.rlim_cur = 10, .rlim_max = saved.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_ERROR((append_line(folder / "f", "longer than what is left"), 0), ErrorKind::kSystem,
               "cannot append to");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &saved), 0);
  EXPECT_EQ(read_text_file(folder / "f"), "one\n");
}

TEST(File, FoldersAreMadeWithThoseAbove) {
  const TemporaryFolder folder;
  make_folder(folder / "a" / "b");
  make_folder(folder / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder / "a" / "b"));
  write_file(folder / "f", "x");
  EXPECT_ERROR((make_folder(folder / "f"), 0), ErrorKind::kSystem, "cannot make folder");
  EXPECT_ERROR((make_folder(folder / "f" / "g"), 0), ErrorKind::kSystem, "cannot make folder");
}

}  // namespace
}  // namespace inkling
