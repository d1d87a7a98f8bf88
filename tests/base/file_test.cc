#include "base/file.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <set>

#include "support/support.h"

namespace proofmark {
namespace {

using test::TempFolder;

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

TEST(File, appears_whole_on_commit_and_not_before) {
  const TempFolder folder;
  {
    ASSERT_OK(const auto file, create_file(folder / "a", Overwrite::allow));
    EXPECT_OK(file->write(as_bytes("one ")));
    EXPECT_OK(file->write(as_bytes("two")));
    EXPECT_EQ(files_in(folder.path()), 0U);
    ASSERT_OK(const auto written, file->written());
    Bytes back(7);
    EXPECT_OK(written->read_at(0, back));
    EXPECT_EQ(as_text(back), "one two");
    EXPECT_OK(file->commit());
  }
  EXPECT_EQ(as_text(test::read(folder / "a")), "one two");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(File, leaves_nothing_when_it_is_not_committed) {
  const TempFolder folder;
  test::write(folder / "a", "old");
  {
    ASSERT_OK(const auto file, create_file(folder / "a", Overwrite::allow));
    EXPECT_OK(file->write(as_bytes("new")));
  }
  EXPECT_EQ(as_text(test::read(folder / "a")), "old");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(File, replaces_or_refuses_to_replace) {
  const TempFolder folder;
  test::write(folder / "a", "old");
  EXPECT_REFUSED(create_file(folder / "a", Overwrite::refuse), FileReason::already_exists);
  ASSERT_OK(const auto late, create_file(folder / "b", Overwrite::refuse));
  test::write(folder / "b", "came first");
  EXPECT_OK(late->write(as_bytes("late")));
  EXPECT_REFUSED(late->commit(), FileReason::already_exists);
  EXPECT_EQ(as_text(test::read(folder / "b")), "came first");
  EXPECT_OK(write_file(folder / "a", as_bytes("new"), Overwrite::allow, 0600));
  EXPECT_EQ(as_text(test::read(folder / "a")), "new");
  struct stat status{};
  ASSERT_EQ(stat((folder / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(File, every_reason_to_refuse) {
  const TempFolder folder;
  test::write(folder / "a", "12345");
  std::set<FileReason> seen;
  const auto expect = [&](auto&& result, FileReason reason) {
    EXPECT_REFUSED(std::forward<decltype(result)>(result), reason);
    seen.insert(reason);
  };
  expect(open_file(folder / "missing"), FileReason::cannot_open);
  expect(open_file(folder.path()), FileReason::not_a_file);
  expect(read_file(folder / "a", 4), FileReason::too_large);
  expect(create_file(folder / "a", Overwrite::refuse), FileReason::already_exists);
  expect(create_file(folder / "no/such/folder/b", Overwrite::allow), FileReason::cannot_write);
  Bytes byte(1);
  ASSERT_OK(const auto file, open_file(folder / "a"));
  expect(file->read_at(5, byte), FileReason::cannot_read);
  std::filesystem::resize_file(folder / "a", 2);
  expect(file->read_at(4, byte), FileReason::changed);
  for (int i = 0; i <= static_cast<int>(last_reason(FileReason{})); ++i) {
    EXPECT_TRUE(seen.contains(static_cast<FileReason>(i))) << reason_info(static_cast<FileReason>(i)).name;
  }
}

TEST(File, a_full_disk_is_an_error_and_leaves_the_old_file) {
  const TempFolder folder;
  test::write(folder / "a", "old");
  ASSERT_OK(const auto file, create_file(folder / "a", Overwrite::allow));
  // A limit on the file's size is the nearest to a full disk that needs no mount.
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto result = file->write(Bytes(5000));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_REFUSED(result, FileReason::cannot_write);
  EXPECT_EQ(as_text(test::read(folder / "a")), "old");
}

TEST(File, memory_is_read_within_its_bounds_only) {
  const MemoryAccess memory(as_bytes("abc"));
  Bytes two(2);
  EXPECT_OK(memory.read_at(1, two));
  EXPECT_EQ(as_text(two), "bc");
  EXPECT_REFUSED(memory.read_at(2, two), FileReason::cannot_read);
  EXPECT_REFUSED(memory.read_at(~std::uint64_t{0}, two), FileReason::cannot_read);
}

}  // namespace
}  // namespace proofmark
