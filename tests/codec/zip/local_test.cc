#include "codec/zip/local.h"

#include <utility>

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;
using test::Descriptor;
using test::Header;
using test::join;
using test::le;
using test::Member;

constexpr std::uint16_t kStreamed = 1U << 3U;

Result<test::Contents> read(const ArchiveBuilder& builder) {
  return test::contents(builder.build());
}

/// Reads an archive whose one file is changed in its local header alone.
Result<test::Contents> read_local(const std::function<void(Header&)>& change, Method method = Method::deflated) {
  ArchiveBuilder builder;
  change(builder.add("a", "body", method).local);
  return read(builder);
}

Result<test::Contents> read_streamed(const std::function<void(Member&)>& change, Method method = Method::deflated) {
  ArchiveBuilder builder;
  change(builder.add_streamed("a", "body", method, Descriptor::signed16));
  return read(builder);
}

TEST(ZipLocal, every_field_agrees_with_the_central_directory) {
  EXPECT_OK(read_local([](Header&) {}));
  const std::vector<std::function<void(Header&)>> lies{
      [](Header& h) { h.version = 21; },
      [](Header& h) { h.flags = 2; },
      [](Header& h) { h.flags = kStreamed; },
      [](Header& h) { h.flags = 1U << 11U; },
      [](Header& h) { h.flags = 1; },
      [](Header& h) { h.method = 0; },
      [](Header& h) { ++h.time; },
      [](Header& h) { ++h.date; },
      [](Header& h) { ++h.crc; },
      [](Header& h) { h.crc = 0; },
      [](Header& h) { ++h.compressed; },
      [](Header& h) { --h.compressed; },
      [](Header& h) { h.compressed = 0; },
      [](Header& h) { ++h.uncompressed; },
      [](Header& h) { h.uncompressed = 0; },
      [](Header& h) { h.name = "b"; },
      [](Header& h) { h.name = "A"; },
      [](Header& h) { h.name = "aa"; },
      [](Header& h) { h.name = ""; },
  };
  for (std::size_t i = 0; i < lies.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_REFUSED(read_local(lies[i]), ZipReason::header_mismatch);
  }
}

TEST(ZipLocal, writers_may_raise_the_central_version) {
  EXPECT_OK(read_local([](Header& h) { h.version = 10; }));
}

// `command | 7z a -si` and `zip -fz` do this: the size was not known, so the local header has room for 64 bits.
TEST(ZipLocal, a_zip64_field_may_raise_the_local_version_to_45) {
  const auto saturate = [](Header& h) {
    h.extra = test::extra_field(1, le({{8, h.uncompressed}, {8, h.compressed}}));
    h.uncompressed = h.compressed = 0xffffffff;
  };
  EXPECT_OK(read_local([&](Header& h) { saturate(h), h.version = 45; }));
  EXPECT_REFUSED(read_local([&](Header& h) { saturate(h), h.version = 46; }), ZipReason::header_mismatch);
  EXPECT_REFUSED(read_local([](Header& h) { h.version = 45; }), ZipReason::header_mismatch);
}

TEST(ZipLocal, zip64_sizes_agree_too) {
  const auto wide = [](std::uint64_t uncompressed, std::uint64_t compressed) {
    return read_local([&](Header& h) {
      h.extra = test::extra_field(1, le({{8, h.uncompressed + uncompressed}, {8, h.compressed + compressed}}));
      h.uncompressed = h.compressed = 0xffffffff;
    });
  };
  EXPECT_OK(wide(0, 0));
  EXPECT_REFUSED(wide(1, 0), ZipReason::header_mismatch);
  EXPECT_REFUSED(wide(0, 1ULL << 32U), ZipReason::header_mismatch);
  EXPECT_REFUSED(read_local([](Header& h) { h.uncompressed = h.compressed = 0xffffffff; }), ZipReason::zip64_mismatch);
}

TEST(ZipLocal, extra_fields_may_differ_but_are_well_formed) {
  EXPECT_OK(read_local([](Header& h) { h.extra = test::extra_field(0x5455, test::hex("03 63e1026b 63e1026b")); }));
  EXPECT_REFUSED(read_local([](Header& h) { h.extra = {0}; }), ZipReason::bad_extra_field);
  EXPECT_REFUSED(read_local([](Header& h) { h.extra = test::extra_field(0x9901, Bytes(7)); }), ZipReason::encrypted);
  EXPECT_REFUSED(read_local([](Header& h) { h.extra = test::unicode_path("a", "b"); }),
                 ZipReason::unicode_path_mismatch);
}

TEST(ZipLocal, all_four_descriptors_are_read) {
  for (const Descriptor form :
       {Descriptor::plain12, Descriptor::signed16, Descriptor::wide20, Descriptor::signed_wide24}) {
    for (const Method method : {Method::stored, Method::deflated}) {
      ArchiveBuilder builder;
      builder.add_streamed("a", "first body", method, form);
      builder.add_streamed("b", "second body", method, form);
      EXPECT_OK(read(builder));
    }
  }
}

TEST(ZipLocal, with_a_descriptor_the_local_sizes_may_be_known_or_left_open) {
  // Info-ZIP and bsdtar write the uncompressed size and leave the rest 0.
  EXPECT_OK(read_streamed([](Member& m) { m.local.uncompressed = m.central.uncompressed; }));
  EXPECT_OK(read_streamed([](Member& m) { m.local.crc = m.central.crc; }));
  EXPECT_OK(read_streamed([](Member& m) {
    m.local.extra = test::extra_field(1, Bytes(16));  // Python, force_zip64
    m.local.uncompressed = m.local.compressed = 0xffffffff;
    m.both([](Header& h) { h.version = 45; });
  }));
  EXPECT_REFUSED(read_streamed([](Member& m) { m.local.uncompressed = 1; }), ZipReason::header_mismatch);
  EXPECT_REFUSED(read_streamed([](Member& m) { m.local.compressed = 1; }), ZipReason::header_mismatch);
  EXPECT_REFUSED(read_streamed([](Member& m) { m.local.crc = 1; }), ZipReason::header_mismatch);
  EXPECT_REFUSED(read_streamed([](Member& m) {
                   m.local.extra = test::extra_field(1, le({{8, 1}, {8, 0}}));
                   m.local.uncompressed = m.local.compressed = 0xffffffff;
                 }),
                 ZipReason::header_mismatch);
}

TEST(ZipLocal, every_byte_of_a_descriptor_counts) {
  for (const Descriptor form :
       {Descriptor::plain12, Descriptor::signed16, Descriptor::wide20, Descriptor::signed_wide24}) {
    ArchiveBuilder builder;
    Member& member = builder.add_streamed("a", "body", Method::deflated, form);
    for (std::uint8_t& byte : member.descriptor) {
      byte ^= 0x10U;
      EXPECT_REFUSED(read(builder), ZipReason::descriptor_mismatch);
      byte ^= 0x10U;
    }
    EXPECT_OK(read(builder));
  }
}

TEST(ZipLocal, a_descriptor_has_one_of_four_lengths) {
  for (const unsigned size : {0U, 1U, 4U, 8U, 11U, 13U, 15U, 17U, 19U, 21U, 23U}) {
    EXPECT_REFUSED(read_streamed([&](Member& m) { m.descriptor.resize(size); }), ZipReason::descriptor_mismatch);
  }
  EXPECT_REFUSED(read_streamed([](Member& m) { m.descriptor.resize(25); }), ZipReason::gap);
}

// Without a signature, and the CRC-32 is 0x08074b50: the length tells what it is.
TEST(ZipLocal, a_checksum_that_looks_like_the_signature_does_not_confuse) {
  const Bytes body = test::hex("ac0a7ad5");
  ASSERT_EQ(test::crc32_of(body), 0x08074b50U);
  for (const Descriptor form :
       {Descriptor::plain12, Descriptor::signed16, Descriptor::wide20, Descriptor::signed_wide24}) {
    ArchiveBuilder builder;
    builder.add_streamed("a", as_text(body), Method::stored, form);
    builder.add("b");
    EXPECT_OK(read(builder));
  }
}

TEST(ZipLocal, entries_fill_the_file_without_a_gap) {
  ArchiveBuilder front;
  front.add("a", "body").before = Bytes(10);  // a self-extracting program
  EXPECT_REFUSED(read(front), ZipReason::gap);
  ArchiveBuilder between;
  between.add("a", "body");
  between.add("b", "body").before = {0};
  EXPECT_REFUSED(read(between), ZipReason::gap);
  ArchiveBuilder behind;
  behind.add("a", "body");
  behind.before_directory = {0};
  EXPECT_REFUSED(read(behind), ZipReason::gap);
  ArchiveBuilder empty;
  empty.before_directory = {0};
  EXPECT_REFUSED(read(empty), ZipReason::gap);
}

TEST(ZipLocal, an_entry_that_the_directory_does_not_list_is_a_gap) {
  ArchiveBuilder hidden;
  hidden.add("hidden", "body");
  ArchiveBuilder builder;
  builder.add("a", "body");
  Bytes record = hidden.build();
  record.resize(30 + 6 + 4);
  builder.before_directory = record;
  EXPECT_REFUSED(read(builder), ZipReason::gap);
}

TEST(ZipLocal, entries_do_not_overlap) {
  // Two entries for one local header.
  ArchiveBuilder same;
  same.add("a", "body");
  same.add("b", "body").central.offset = 0;
  EXPECT_REFUSED(read(same), ZipReason::overlap);
  // The first entry's data hold the second entry, as in the overlapping bombs of David Fifield.
  ArchiveBuilder inner;
  inner.add("inner", "x");
  const Bytes inside = inner.build();
  ArchiveBuilder nested;
  const std::string data(as_text(ByteView(inside).first(30 + 5 + 1)));
  nested.add("outer", data);
  Member listed = inner.members[0];
  listed.central.offset = 30 + 5;
  nested.members.push_back(listed);
  Bytes bytes = nested.build();
  EXPECT_REFUSED(test::contents(bytes), ZipReason::overlap);
  // A local header that ends behind the next one's start.
  ArchiveBuilder close;
  close.add("a");
  close.add("b").central.offset = 5;
  EXPECT_REFUSED(read(close), ZipReason::overlap);
  // Data that run into the central directory.
  ArchiveBuilder beyond;
  beyond.add("a", "body").both([](Header& h) { h.compressed = h.uncompressed = 5; });
  EXPECT_REFUSED(read(beyond), ZipReason::overlap);
}

TEST(ZipLocal, local_headers_are_where_the_directory_says) {
  ArchiveBuilder builder;
  builder.add("a", "body").local.signature = 0x04034b51;
  EXPECT_REFUSED(read(builder), ZipReason::bad_signature);
  ArchiveBuilder beyond;
  beyond.add("a");
  beyond.add("b").central.offset = 0x7fffffff;
  EXPECT_REFUSED(read(beyond), ZipReason::truncated);
  ArchiveBuilder wide;
  wide.add("a");
  Member& member = wide.add("b");
  member.central.offset = 0xffffffff;
  member.central.extra = test::extra_field(1, le({{8, ~0ULL - 4}}));
  EXPECT_REFUSED(read(wide), ZipReason::truncated);
}

TEST(ZipLocal, sizes_near_the_top_of_64_bits_do_not_wrap_around) {
  ArchiveBuilder builder;
  builder.add("a", "body", Method::deflated).both([](Header& h) {
    h.extra = test::extra_field(1, le({{8, 4}, {8, ~0ULL - 10}}));
    h.compressed = h.uncompressed = 0xffffffff;
  });
  EXPECT_REFUSED(read(builder), ZipReason::overlap);
}

TEST(ZipLocal, the_directory_may_list_entries_in_another_order) {
  ArchiveBuilder builder;
  builder.add("a", "first");
  builder.add_streamed("b", "second", Method::deflated, Descriptor::plain12);
  builder.add("c", "third");
  builder.reverse_directory = true;
  ASSERT_OK(const test::Contents all, read(builder));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].first, "c");
  EXPECT_EQ(as_text(all[1].second), "second");
  EXPECT_EQ(all[2].first, "a");
}

TEST(ZipLocal, long_local_headers_are_read_whole) {
  ArchiveBuilder builder;
  for (const char* name : {"a", "b", "c"}) {
    Member& member = builder.add(name, std::string(5'000, 'x'));
    member.local.extra = test::extra_field(0x9999, Bytes(60'000));
    member.central.extra = test::extra_field(0x9999, Bytes(3));
  }
  EXPECT_OK(read(builder));
}

}  // namespace
}  // namespace proofmark::codec::zip
