#include "codec/zip/end_record.h"

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;
using test::End;
using test::join;
using test::le;
using test::Zip64End;

ArchiveBuilder one_file() {
  ArchiveBuilder builder;
  builder.add("a", "body");
  return builder;
}

Result<EndRecord> find(ByteView archive) {
  return find_end_record(MemoryAccess(archive));
}
Result<EndRecord> find(const ArchiveBuilder& builder) {
  return find(builder.build());
}

Result<EndRecord> find_changed(const std::function<void(End&)>& change) {
  ArchiveBuilder builder = one_file();
  builder.change_end = change;
  return find(builder);
}

Result<EndRecord> find_zip64(const std::function<void(Zip64End&)>& change,
                             const std::function<void(End&)>& change_end = {}) {
  ArchiveBuilder builder = one_file();
  builder.zip64 = true;
  builder.change_zip64 = change;
  builder.change_end = change_end;
  return find(builder);
}

const Bytes kEmptyArchive = join({test::hex("504b0506"), Bytes(18)});

TEST(ZipEndRecord, tells_where_the_directory_is) {
  ArchiveBuilder builder = one_file();
  builder.comment = "hello";
  ASSERT_OK(const EndRecord end, find(builder));
  EXPECT_EQ(end.entries, 1U);
  EXPECT_EQ(end.directory_offset, 30U + 1U + 4U);
  EXPECT_EQ(end.directory_size, 46U + 1U);
  EXPECT_EQ(as_text(end.comment), "hello");
}

TEST(ZipEndRecord, the_longest_comment_is_found) {
  ArchiveBuilder builder = one_file();
  builder.comment = std::string(0xffff, 'x');
  ASSERT_OK(const EndRecord end, find(builder));
  EXPECT_EQ(end.comment.size(), 0xffffU);
}

TEST(ZipEndRecord, an_archive_may_be_empty) {
  ASSERT_OK(const EndRecord end, find(kEmptyArchive));
  EXPECT_EQ(end.entries, 0U);
}

TEST(ZipEndRecord, what_has_none_is_no_archive) {
  EXPECT_REFUSED(find(ByteView{}), ZipReason::no_end_record);
  EXPECT_REFUSED(find(as_bytes("PK")), ZipReason::no_end_record);
  EXPECT_REFUSED(find(Bytes(100'000)), ZipReason::no_end_record);
  // Further from the end than the longest comment.
  EXPECT_REFUSED(find(join({kEmptyArchive, Bytes(65'536 + 22)})), ZipReason::no_end_record);
}

TEST(ZipEndRecord, nothing_follows_its_comment) {
  ArchiveBuilder builder = one_file();
  builder.after_end = {0};
  EXPECT_REFUSED(find(builder), ZipReason::trailing_bytes);
  builder.comment = "hello";
  EXPECT_REFUSED(find(builder), ZipReason::trailing_bytes);
}

TEST(ZipEndRecord, a_record_or_comment_that_is_cut_short_is_refused) {
  EXPECT_REFUSED(find(ByteView(kEmptyArchive).first(21)), ZipReason::truncated);
  ArchiveBuilder builder = one_file();
  builder.comment = "hello";
  Bytes bytes = builder.build();
  bytes.pop_back();
  EXPECT_REFUSED(find(bytes), ZipReason::truncated);
}

TEST(ZipEndRecord, a_comment_that_could_be_the_record_is_ambiguous) {
  ArchiveBuilder builder = one_file();
  builder.comment = as_text(kEmptyArchive);
  EXPECT_REFUSED(find(builder), ZipReason::ambiguous_end_record);  // both fit
  builder.comment = "PK\5\6";
  EXPECT_REFUSED(find(builder), ZipReason::ambiguous_end_record);  // readers that look for the last signature
  builder.comment = std::string("x") + std::string(as_text(kEmptyArchive)) + "more";
  EXPECT_REFUSED(find(builder), ZipReason::ambiguous_end_record);
}

TEST(ZipEndRecord, a_record_in_front_whose_comment_swallows_the_real_one_is_ambiguous) {
  ArchiveBuilder inner = one_file();
  const Bytes real = inner.build();
  const Bytes bytes = join({test::hex("504b0506"), Bytes(16), le({{2, real.size()}}), real});
  EXPECT_REFUSED(find(bytes), ZipReason::ambiguous_end_record);
}

TEST(ZipEndRecord, an_archive_stored_in_the_archive_misleads_nobody) {
  ArchiveBuilder builder;
  builder.add("inner.zip", as_text(one_file().build()));
  ASSERT_OK(const EndRecord end, find(builder));
  EXPECT_EQ(end.directory_offset, 30U + 9U + one_file().build().size());
}

TEST(ZipEndRecord, split_archives_are_refused) {
  EXPECT_REFUSED(find_changed([](End& end) { end.disk = 1; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_changed([](End& end) { end.directory_disk = 1; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_changed([](End& end) { end.disk_entries = 0; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_changed([](End& end) { end.disk = end.directory_disk = 0xffff; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.end.disk = 1; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.end.disk_entries = 2; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.locator_disk = 1; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.disks = 2; }), ZipReason::multi_disk);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.disks = 0; }), ZipReason::multi_disk);
}

TEST(ZipEndRecord, the_directory_ends_where_the_record_begins) {
  EXPECT_REFUSED(find_changed([](End& end) { ++end.directory_size; }), ZipReason::central_directory_bounds);
  EXPECT_REFUSED(find_changed([](End& end) { --end.directory_size; }), ZipReason::central_directory_bounds);
  EXPECT_REFUSED(find_changed([](End& end) { ++end.directory_offset; }), ZipReason::central_directory_bounds);
  EXPECT_REFUSED(find_changed([](End& end) { end.directory_offset = 0xfffffffe; }),
                 ZipReason::central_directory_bounds);
  ArchiveBuilder builder = one_file();
  builder.before_end = {0};
  EXPECT_REFUSED(find(builder), ZipReason::central_directory_bounds);
  // A ZIP64 record that no locator announces lies between the directory and the end.
  builder.before_end = Bytes(56);
  EXPECT_REFUSED(find(builder), ZipReason::central_directory_bounds);
}

TEST(ZipEndRecord, a_zip64_record_may_repeat_or_replace_the_fields) {
  EXPECT_OK(find_zip64({}));  // Info-ZIP writes it unasked when it packs a stream
  ASSERT_OK(const EndRecord end, find_zip64({}, [](End& narrow) {
              narrow.disk_entries = narrow.entries = 0xffff;
              narrow.directory_size = narrow.directory_offset = 0xffffffff;
            }));
  EXPECT_EQ(end.entries, 1U);
  EXPECT_EQ(end.directory_offset, 35U);
  EXPECT_OK(find_zip64({}, [](End& narrow) { narrow.directory_offset = 0xffffffff; }));
}

TEST(ZipEndRecord, the_two_records_never_disagree) {
  EXPECT_REFUSED(find_zip64({}, [](End& end) { end.disk_entries = ++end.entries; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_zip64({}, [](End& end) { ++end.directory_size; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_zip64({}, [](End& end) { ++end.directory_offset; }), ZipReason::zip64_mismatch);
}

TEST(ZipEndRecord, saturated_fields_need_a_zip64_record) {
  EXPECT_REFUSED(find_changed([](End& end) { end.directory_size = 0xffffffff; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_changed([](End& end) { end.directory_offset = 0xffffffff; }), ZipReason::zip64_mismatch);
  // Python's zipfile writes no ZIP64 record for exactly 65,535 entries, so that number can stand for itself.
  ASSERT_OK(const EndRecord end, find_changed([](End& narrow) { narrow.disk_entries = narrow.entries = 0xffff; }));
  EXPECT_EQ(end.entries, 0xffffU);
}

TEST(ZipEndRecord, the_zip64_record_lies_directly_before_its_locator) {
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { ++wide.locator_offset; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.locator_offset = ~0ULL; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.size = 45; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.size = ~0ULL; }), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { ++wide.signature; }), ZipReason::bad_signature);
  EXPECT_REFUSED(find_zip64([](Zip64End& wide) { wide.end.directory_offset = ~0ULL; },
                            [](End& end) { end.directory_offset = 0xffffffff; }),
                 ZipReason::central_directory_bounds);
  ArchiveBuilder builder = one_file();
  builder.zip64 = true;
  builder.before_locator = Bytes(8);
  EXPECT_REFUSED(find(builder), ZipReason::zip64_mismatch);
  // A locator that has no room for a record in front of it.
  const Bytes locator = le({{4, 0x07064b50}, {4, 0}, {8, 0}, {4, 1}});
  EXPECT_REFUSED(find(join({locator, kEmptyArchive})), ZipReason::zip64_mismatch);
}

}  // namespace
}  // namespace proofmark::codec::zip
