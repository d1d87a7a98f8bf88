#include "codec/zip/writer.h"

#include <algorithm>

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;
using test::MemoryFile;

NewEntry file(std::string name, std::string_view body = {}, Method method = Method::deflated) {
  NewEntry entry;
  entry.name = std::move(name);
  entry.body = to_bytes(as_bytes(body));
  entry.method = method;
  entry.modified = test::at("2026-09-28T09:19:26Z");
  return entry;
}

/// Appends to the archive in `bytes`.
Result<Bytes> appended(ByteView bytes, const std::vector<NewEntry>& added, const Limits& limits = {}) {
  const MemoryAccess source(bytes);
  PM_TRY(const Archive archive, Archive::open(source, limits));
  MemoryFile out;
  PM_TRY_VOID(append(archive, added, out));
  return out.bytes();
}

Bytes small_archive() {
  ArchiveBuilder builder;
  builder.add("a", "body");
  return builder.build();
}

TEST(ZipWriter, old_entries_stay_byte_for_byte) {
  for (const bool reversed : {false, true}) {
    ArchiveBuilder builder = test::every_form();
    builder.reverse_directory = reversed;
    const Bytes before = builder.build();
    const MemoryAccess source(before);
    ASSERT_OK(const Archive old, Archive::open(source, Limits{}));
    ASSERT_OK(const Bytes after, appended(before, {file("META_INF/"), file("META_INF/signature", "signature")}));
    const auto front = static_cast<std::size_t>(old.central_directory_offset());
    EXPECT_TRUE(equal(ByteView(before).first(front), ByteView(after).first(front)));
    const MemoryAccess again(after);
    ASSERT_OK(const Archive archive, Archive::open(again, Limits{}));
    EXPECT_TRUE(equal(archive.central_directory().first(old.central_directory().size()), old.central_directory()));
    EXPECT_EQ(as_text(archive.comment()), "a comment");
    ASSERT_OK(test::Contents wanted, test::contents(before));
    wanted.emplace_back("META_INF/", Bytes{});
    wanted.emplace_back("META_INF/signature", to_bytes(as_bytes("signature")));
    ASSERT_OK(const test::Contents got, test::contents(after));
    EXPECT_EQ(got, wanted);
  }
}

TEST(ZipWriter, appending_nothing_changes_nothing) {
  const Bytes before = test::every_form().build();
  ASSERT_OK(const Bytes after, appended(before, {}));
  EXPECT_EQ(before, after);
}

TEST(ZipWriter, zip64_end_records_that_are_not_needed_are_left_out) {
  ArchiveBuilder builder = test::every_form();
  const Bytes plain = builder.build();
  builder.zip64 = true;
  ASSERT_OK(const Bytes after, appended(builder.build(), {}));
  EXPECT_EQ(after, plain);
}

TEST(ZipWriter, a_new_entry_has_the_form_that_the_header_promises) {
  NewEntry executable = file("run.sh", std::string(100, 'x'));
  executable.unix_mode = 0755;
  ASSERT_OK(const Bytes bytes,
            make_archive({file("stored", "body", Method::stored), executable, file("dir/"), file("\xc3\xa9")}));
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  const std::vector<Entry>& entries = archive.entries();
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[0].method, Method::stored);
  EXPECT_EQ(entries[0].version_needed, 10);
  EXPECT_EQ(entries[0].version_made_by, 0x0314);
  EXPECT_EQ(entries[0].external_attributes, 0x81a40000U);
  EXPECT_EQ(entries[0].flags, 0);
  EXPECT_EQ(entries[0].dos_date, (46U << 9U) | (9U << 5U) | 28U);
  EXPECT_EQ(entries[0].dos_time, (9U << 11U) | (19U << 5U) | 13U);
  EXPECT_EQ(entries[1].method, Method::deflated);
  EXPECT_EQ(entries[1].version_needed, 20);
  EXPECT_EQ(entries[1].external_attributes, 0x81ed0000U);
  EXPECT_LT(entries[1].compressed_size, 100U);
  EXPECT_EQ(entries[2].method, Method::stored);
  EXPECT_EQ(entries[2].external_attributes, 0x41ed0010U);
  EXPECT_EQ(entries[3].flags, 1U << 11U);
  EXPECT_EQ(entries[3].compressed_size, 2U);  // deflated although that is longer: the caller asked for it
}

TEST(ZipWriter, times_outside_what_dos_can_say_become_the_nearest) {
  NewEntry early = file("early");
  early.modified = test::at("1970-01-01T00:00:00Z");
  NewEntry first = file("first");
  first.modified = test::at("1980-01-01T00:00:00Z");
  NewEntry last = file("last");
  last.modified = test::at("2107-12-31T23:59:59.999Z");
  NewEntry late = file("late");
  late.modified = kLatestInstant;
  ASSERT_OK(const Bytes bytes, make_archive({early, first, last, late}));
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_EQ(archive.entries()[i].dos_date, (1U << 5U) | 1U);
    EXPECT_EQ(archive.entries()[i].dos_time, 0);
  }
  for (const std::size_t i : {2U, 3U}) {
    EXPECT_EQ(archive.entries()[i].dos_date, (127U << 9U) | (12U << 5U) | 31U);
    EXPECT_EQ(archive.entries()[i].dos_time, (23U << 11U) | (59U << 5U) | 29U);
  }
}

TEST(ZipWriter, the_same_entries_make_the_same_bytes) {
  const std::vector<NewEntry> entries{file("a", "body"), file("b/"), file("b/c", std::string(10'000, 'x'))};
  ASSERT_OK(const Bytes first, make_archive(entries));
  ASSERT_OK(const Bytes second, make_archive(entries));
  EXPECT_EQ(first, second);
}

TEST(ZipWriter, names_obey_the_readers_rules) {
  EXPECT_REFUSED(make_archive({file("../a")}), ZipReason::unsafe_name);
  EXPECT_REFUSED(make_archive({file("")}), ZipReason::unsafe_name);
  EXPECT_REFUSED(make_archive({file("\xff")}), ZipReason::name_not_utf8);
  EXPECT_REFUSED(make_archive({file(std::string(4'097, 'a'))}), ZipReason::name_too_long);
  EXPECT_REFUSED(make_archive({file("a"), file("A")}), ZipReason::duplicate_name);
  EXPECT_REFUSED(make_archive({file("a"), file("a/b")}), ZipReason::file_is_directory);
  EXPECT_REFUSED(make_archive({file("a/", "body")}), ZipReason::file_is_directory);
  EXPECT_REFUSED(appended(small_archive(), {file("a")}), ZipReason::duplicate_name);
  EXPECT_REFUSED(appended(small_archive(), {file("./A/")}), ZipReason::duplicate_name);
  EXPECT_REFUSED(appended(small_archive(), {file("a/b")}), ZipReason::file_is_directory);
  EXPECT_OK(appended(small_archive(), {file("b")}));
}

TEST(ZipWriter, what_would_not_open_again_is_not_written) {
  const Bytes old = small_archive();  // 4 bytes in one entry, a directory of 47 bytes
  const std::vector<NewEntry> added{file("b", "12345")};
  EXPECT_OK(appended(old, added, {.max_entries = 2, .max_central_directory = 94, .max_entry = 5, .max_total = 9}));
  EXPECT_REFUSED(appended(old, added, {.max_entries = 1}), ZipReason::too_large_to_write);
  EXPECT_REFUSED(appended(old, added, {.max_central_directory = 93}), ZipReason::too_large_to_write);
  EXPECT_REFUSED(appended(old, added, {.max_entry = 4}), ZipReason::too_large_to_write);
  EXPECT_REFUSED(appended(old, added, {.max_total = 8}), ZipReason::too_large_to_write);
}

TEST(ZipWriter, a_body_that_completes_a_false_end_record_is_noticed) {
  // The stored body is an end record whose comment would reach the end of the file: 22 bytes behind the body's own end
  // record, the central directory record (46 + 1) and the real end record (22).
  Bytes trap = test::hex("504b0506");
  trap.resize(20);
  proofmark::append(trap, test::le({{2, 46 + 1 + 22}}));
  EXPECT_REFUSED(make_archive({file("a", as_text(trap), Method::stored)}), ZipReason::ambiguous_end_record);
}

TEST(ZipWriter, progress_counts_the_copied_bytes) {
  ArchiveBuilder builder;
  builder.add("a", std::string(1'000'000, 'x'));
  const Bytes bytes = builder.build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  MemoryFile out;
  std::vector<std::uint64_t> told;
  EXPECT_OK(append(archive, {}, out, [&](std::uint64_t copied) { told.push_back(copied); }));
  EXPECT_GT(told.size(), 1U);
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_EQ(told.back(), archive.central_directory_offset());
}

TEST(ZipWriter, a_write_that_fails_anywhere_is_passed_on) {
  const Bytes bytes = small_archive();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  std::size_t failed = 0;
  while (true) {
    MemoryFile out;
    out.fail_at = failed;
    const auto result = append(archive, {file("b", "body")}, out);
    if (result) break;
    EXPECT_TRUE(result.error().is(FileReason::cannot_write));
    ++failed;
  }
  EXPECT_EQ(failed, 5U);  // old entries, header, body, directory, end records
}

TEST(ZipWriter, signs_into_a_file_that_appears_whole) {
  const test::TempFolder folder;
  const Bytes bytes = test::every_form().build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  ASSERT_OK(const auto out, create_file(folder / "out.zip", Overwrite::refuse));
  EXPECT_OK(append(archive, {file("new", "body")}, *out));
  EXPECT_FALSE(std::filesystem::exists(folder / "out.zip"));
  EXPECT_OK(out->commit());
  ASSERT_OK(const auto written, open_file(folder / "out.zip"));
  ASSERT_OK(const test::Contents all, test::contents(*written));
  EXPECT_EQ(all.size(), archive.entries().size() + 1);
}

}  // namespace
}  // namespace proofmark::codec::zip
