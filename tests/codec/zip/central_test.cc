#include "codec/zip/central.h"

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;
using test::Header;
using test::Member;

/// Reads an archive of one file, changed in both headers.
Result<test::Contents> read_changed(const std::function<void(Header&)>& change, const Limits& limits = {}) {
  ArchiveBuilder builder;
  builder.add("a", "body").both(change);
  return test::contents(builder.build(), limits);
}

Result<test::Contents> read(const ArchiveBuilder& builder, const Limits& limits = {}) {
  return test::contents(builder.build(), limits);
}

TEST(ZipCentral, says_what_the_records_say) {
  ArchiveBuilder builder;
  Member& member = builder.add("folder/\xc3\xa9", "some body", Method::deflated);
  member.both([](Header& header) {
    header.flags = 1U << 11U | 1U << 1U;
    header.time = 0x1234;
    header.date = 0x2345;
    header.version = 20;
  });
  member.central.comment = "nobody reads this";
  member.central.external = 0x81ed0000;
  const Bytes bytes = builder.build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  ASSERT_EQ(archive.entries().size(), 1U);
  const Entry& entry = archive.entries()[0];
  EXPECT_EQ(entry.name, "folder/\xc3\xa9");
  EXPECT_EQ(entry.method, Method::deflated);
  EXPECT_EQ(entry.version_made_by, 0x0314);
  EXPECT_EQ(entry.version_needed, 20);
  EXPECT_EQ(entry.flags, 1U << 11U | 1U << 1U);
  EXPECT_EQ(entry.dos_time, 0x1234);
  EXPECT_EQ(entry.dos_date, 0x2345);
  EXPECT_EQ(entry.crc32, test::crc32_of(as_bytes("some body")));
  EXPECT_EQ(entry.uncompressed_size, 9U);
  EXPECT_EQ(entry.compressed_size, member.data.size());
  EXPECT_EQ(entry.external_attributes, 0x81ed0000U);
  EXPECT_EQ(entry.header_offset, 0U);
  EXPECT_EQ(entry.data_offset, 30U + 9U);
  EXPECT_EQ(entry.end_offset, 30U + 9U + member.data.size());
}

TEST(ZipCentral, fills_its_space_exactly) {
  ArchiveBuilder builder;
  builder.add("a", "body");
  builder.in_directory = {0};
  EXPECT_REFUSED(read(builder), ZipReason::central_directory_bounds);
  builder.in_directory.clear();
  builder.change_end = [](test::End& end) { end.disk_entries = end.entries = 0; };
  EXPECT_REFUSED(read(builder), ZipReason::central_directory_bounds);
  builder.change_end = [](test::End& end) { end.disk_entries = end.entries = 2; };
  EXPECT_REFUSED(read(builder), ZipReason::central_directory_bounds);
  // A digital signature (APPNOTE 4.3.13) would be counted as part of it.
  builder.change_end = {};
  builder.in_directory = test::hex("504b0505 0000");
  EXPECT_REFUSED(read(builder), ZipReason::central_directory_bounds);
}

TEST(ZipCentral, records_that_are_none_or_too_long_are_refused) {
  ArchiveBuilder builder;
  Member& member = builder.add("a", "body");
  member.central.signature = 0x02014b51;
  EXPECT_REFUSED(read(builder), ZipReason::bad_signature);
  Bytes bytes = (member.central.signature = 0x02014b50, builder.build());
  const std::size_t record = bytes.size() - 22 - 47;
  bytes[record + 32] = 1;  // the comment's length
  EXPECT_REFUSED(test::contents(bytes), ZipReason::truncated);
  // Two records are counted, and the first one's comment swallows half of the second.
  builder.add("b");
  bytes = builder.build();
  bytes[bytes.size() - 22 - 2 * 47 + 32] = 20;
  EXPECT_REFUSED(test::contents(bytes), ZipReason::truncated);
}

TEST(ZipCentral, encryption_is_refused) {
  for (const unsigned bit : {0U, 6U, 13U}) {
    EXPECT_REFUSED(read_changed([&](Header& h) { h.flags = static_cast<std::uint16_t>(1U << bit); }),
                   ZipReason::encrypted);
  }
  EXPECT_REFUSED(read_changed([](Header& h) { h.extra = test::extra_field(0x9901, Bytes(7)); }), ZipReason::encrypted);
}

TEST(ZipCentral, flags_that_change_what_a_body_is_are_refused) {
  for (const unsigned bit : {4U, 5U, 7U, 8U, 9U, 10U, 12U, 14U, 15U}) {
    EXPECT_REFUSED(read_changed([&](Header& h) { h.flags = static_cast<std::uint16_t>(1U << bit); }),
                   ZipReason::unsupported_flag);
  }
  for (const unsigned bit : {1U, 2U, 11U}) {
    EXPECT_OK(read_changed([&](Header& h) { h.flags = static_cast<std::uint16_t>(1U << bit); }));
  }
}

TEST(ZipCentral, methods_but_stored_and_deflate_are_refused) {
  for (const unsigned method : {1U, 6U, 9U, 12U, 14U, 93U, 99U, 0xffffU}) {
    EXPECT_REFUSED(read_changed([&](Header& h) { h.method = static_cast<std::uint16_t>(method); }),
                   ZipReason::unsupported_method);
  }
}

TEST(ZipCentral, entries_on_other_disks_are_refused) {
  ArchiveBuilder builder;
  Member& member = builder.add("a");
  member.central.disk = 1;
  EXPECT_REFUSED(read(builder), ZipReason::multi_disk);
  member.central.disk = 0xffff;
  EXPECT_REFUSED(read(builder), ZipReason::multi_disk);
}

TEST(ZipCentral, a_stored_body_takes_its_own_size) {
  EXPECT_REFUSED(read_changed([](Header& h) { ++h.uncompressed; }), ZipReason::size_mismatch);
}

TEST(ZipCentral, a_directory_has_no_body) {
  ArchiveBuilder builder;
  builder.add("folder/", "hidden");
  EXPECT_REFUSED(read(builder), ZipReason::file_is_directory);
}

TEST(ZipCentral, a_directory_may_be_an_empty_stream_but_hides_nothing_in_it) {
  ArchiveBuilder honest;
  honest.add("folder/", "", Method::deflated);  // 03 00, as the jar tool writes it
  EXPECT_OK(read(honest));
  ArchiveBuilder hiding;
  Member& member = hiding.add("folder/", "hidden", Method::deflated);
  member.both([](Header& h) { h.uncompressed = h.crc = 0; });
  EXPECT_REFUSED(read(hiding), ZipReason::size_mismatch);
}

// 7-Zip makes folders of these; others make files. 4.4.2.2 lists the hosts.
TEST(ZipCentral, attributes_do_not_make_a_directory_of_a_file) {
  struct Mark {
    std::uint16_t made_by;
    std::uint32_t external;
  };
  for (const Mark& mark : {Mark{0x0014, 0x10}, {0x0a14, 0x10}, {0x0e14, 0x10}, {0x0614, 0x10}, {0x0314, 0x41ed0000}}) {
    ArchiveBuilder builder;
    Member& member = builder.add("a", "body");
    member.central.made_by = mark.made_by;
    member.central.external = mark.external;
    EXPECT_REFUSED(read(builder), ZipReason::file_is_directory);
  }
  ArchiveBuilder builder;
  Member& member = builder.add("a", "body");
  member.central.external = 0x81a40010;  // for Unix the lower half has no meaning
  EXPECT_OK(read(builder));
  member.central.made_by = 0x1314;  // OS X (Darwin)
  EXPECT_OK(read(builder));
}

TEST(ZipCentral, names_are_checked) {
  EXPECT_REFUSED(read_changed([](Header& h) { h.name = "../a"; }), ZipReason::unsafe_name);
  EXPECT_REFUSED(read_changed([](Header& h) { h.name = ""; }), ZipReason::unsafe_name);
  EXPECT_REFUSED(read_changed([](Header& h) { h.name = "\xff"; }), ZipReason::name_not_utf8);
  EXPECT_REFUSED(read_changed([](Header& h) { h.name = std::string(4097, 'a'); }), ZipReason::name_too_long);
  EXPECT_REFUSED(read_changed([](Header& h) { h.extra = test::unicode_path("a", "b"); }),
                 ZipReason::unicode_path_mismatch);
}

TEST(ZipCentral, utf8_names_need_no_flag) {
  EXPECT_OK(read_changed([](Header& h) { h.name = "\xc3\xa9"; }));
}

TEST(ZipCentral, messages_name_the_entry_without_its_control_characters) {
  auto refused = read_changed([](Header& h) { h.name = "evil\x1b[2J"; });
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message().find("evil\\x1b[2J"), std::string::npos) << refused.error().message();
}

TEST(ZipCentral, limits_are_the_last_values_that_pass) {
  ArchiveBuilder builder;
  builder.add("a", std::string(100, 'a'));
  builder.add("b", std::string(50, 'b'));
  EXPECT_OK(read(builder,
                 {.max_entries = 2, .max_central_directory = 94, .max_name = 1, .max_entry = 100, .max_total = 150}));
  EXPECT_REFUSED(read(builder, {.max_entries = 1}), ZipReason::too_many_entries);
  EXPECT_REFUSED(read(builder, {.max_central_directory = 93}), ZipReason::central_directory_size);
  EXPECT_REFUSED(read(builder, {.max_entry = 99}), ZipReason::entry_too_large);
  EXPECT_REFUSED(read(builder, {.max_total = 149}), ZipReason::total_too_large);
  EXPECT_REFUSED(read(builder, {.max_total = 99}), ZipReason::total_too_large);
  EXPECT_REFUSED(read(builder, {.max_name = 0}), ZipReason::name_too_long);
}

TEST(ZipCentral, sums_of_sizes_do_not_wrap_around) {
  ArchiveBuilder builder;
  for (const char* name : {"a", "b"}) {
    Member& member = builder.add(name, "body", Method::deflated);
    member.both([](Header& h) {
      h.extra = test::extra_field(0x0001, test::le({{8, 1ULL << 63U}, {8, h.compressed}}));
      h.compressed = h.uncompressed = 0xffffffff;
    });
  }
  EXPECT_REFUSED(read(builder, {.max_entry = ~0ULL, .max_total = ~0ULL, .max_ratio = 0xffffffff}),
                 ZipReason::ratio_too_large);
  EXPECT_REFUSED(read(builder, {.max_entry = ~0ULL, .max_ratio = 0xffffffff}), ZipReason::ratio_too_large);
  EXPECT_REFUSED(read(builder), ZipReason::entry_too_large);
}

TEST(ZipCentral, a_body_grows_no_more_than_deflate_can_make_it) {
  const auto read_claim = [](std::uint32_t uncompressed, const Limits& limits) {
    ArchiveBuilder builder;
    builder.add("a", "0123456789", Method::deflated).both([&](Header& h) { h.uncompressed = uncompressed; });
    return read(builder, limits);
  };
  // 12 bytes compressed: 100 times that, and 1,024 more, may be claimed; whether it is true shows when it is inflated.
  EXPECT_REFUSED(read_claim(2'225, {.max_ratio = 100}), ZipReason::ratio_too_large);
  EXPECT_REFUSED(read_claim(2'224, {.max_ratio = 100}), ZipReason::size_mismatch);
}

}  // namespace
}  // namespace proofmark::codec::zip
