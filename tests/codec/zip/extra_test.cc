#include "codec/zip/extra.h"

#include <array>

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::extra_field;
using test::join;
using test::le;

constexpr std::uint64_t kAll = 0xffffffff;

TEST(ZipExtra, unknown_fields_are_passed_over) {
  const Bytes extra =
      join({extra_field(0x5455, test::hex("03 63e1026b")), extra_field(0xcafe, {}), extra_field(0x000a, Bytes(32))});
  ASSERT_OK(const ExtraFields fields, split_extra(extra, "a"));
  EXPECT_FALSE(fields.zip64.has_value());
  EXPECT_FALSE(fields.unicode_path.has_value());
  EXPECT_OK(split_extra({}, "a"));
}

TEST(ZipExtra, fields_must_fill_their_space) {
  for (const char* bytes : {"55", "5554 05", "5554 0500", "5554 0100", "5554 0000 00", "5554 ffff 01", "0000 00"}) {
    EXPECT_REFUSED(split_extra(test::hex(bytes), "a"), ZipReason::bad_extra_field);
  }
}

TEST(ZipExtra, an_id_comes_once) {
  const Bytes twice = join({extra_field(0x5455, {}), extra_field(0xcafe, {}), extra_field(0x5455, {})});
  EXPECT_REFUSED(split_extra(twice, "a"), ZipReason::bad_extra_field);
}

TEST(ZipExtra, as_many_fields_as_there_is_room_for_are_split_in_no_time) {
  Bytes extra;
  for (std::uint64_t id = 0x9902; extra.size() + 4 <= 0xffff; ++id)
    proofmark::append(extra, extra_field(static_cast<std::uint16_t>(id), {}));
  EXPECT_OK(split_extra(extra, "a"));
}

TEST(ZipExtra, encryption_is_told_by_its_field) {
  EXPECT_REFUSED(split_extra(extra_field(0x9901, test::hex("0200 4145 03 0800")), "a"), ZipReason::encrypted);
  EXPECT_REFUSED(split_extra(extra_field(0x0017, Bytes(8)), "a"), ZipReason::encrypted);
}

// APPNOTE 4.6.9.
TEST(ZipExtra, a_unicode_path_repeats_the_name) {
  EXPECT_OK(split_extra(test::unicode_path("a.txt", "a.txt"), "a.txt"));
  EXPECT_REFUSED(split_extra(test::unicode_path("a.txt", "b.txt"), "a.txt"), ZipReason::unicode_path_mismatch);
  EXPECT_REFUSED(split_extra(test::unicode_path("a.txt", ""), "a.txt"), ZipReason::unicode_path_mismatch);
  // A stale checksum: some readers then ignore the field, others don't look.
  EXPECT_REFUSED(split_extra(test::unicode_path("old", "a.txt"), "a.txt"), ZipReason::unicode_path_mismatch);
  EXPECT_REFUSED(split_extra(extra_field(0x7075, test::hex("01 000000")), "a"), ZipReason::bad_extra_field);
  Bytes version_2 = test::unicode_path("a", "a");
  version_2[4] = 2;
  EXPECT_REFUSED(split_extra(version_2, "a"), ZipReason::unicode_path_mismatch);
}

Result<std::array<std::uint64_t, 3>> central(std::array<std::uint64_t, 3> header, std::optional<ByteView> zip64) {
  std::array<Wide, 3> fields{Wide{header[0]}, Wide{header[1]}, Wide{header[2]}};
  PM_TRY_VOID(widen(zip64, Zip64Form::central, fields, "a"));
  return std::array<std::uint64_t, 3>{fields[0].value, fields[1].value, fields[2].value};
}

Result<std::array<std::uint64_t, 2>> local(std::array<std::uint64_t, 2> header, std::optional<ByteView> zip64) {
  std::array<Wide, 2> fields{Wide{header[0]}, Wide{header[1]}};
  PM_TRY_VOID(widen(zip64, Zip64Form::local, fields, "a"));
  return std::array<std::uint64_t, 2>{fields[0].value, fields[1].value};
}

// APPNOTE 4.5.3.
TEST(ZipExtra, a_zip64_field_holds_the_saturated_fields_in_order) {
  struct Good {
    std::array<std::uint64_t, 3> header;
    Bytes zip64;
    std::array<std::uint64_t, 3> values;
  };
  const std::vector<Good> good{
      {{kAll, kAll, kAll}, le({{8, 5}, {8, 6}, {8, 7}}), {5, 6, 7}},
      {{kAll, kAll, 3}, le({{8, 5}, {8, 6}}), {5, 6, 3}},
      {{kAll, 2, 3}, le({{8, 5}}), {5, 2, 3}},  // Info-ZIP -fz
      {{1, 2, kAll}, le({{8, 1ULL << 40U}}), {1, 2, 1ULL << 40U}},
      {{1, kAll, kAll}, le({{8, 6}, {8, 7}}), {1, 6, 7}},
      {{kAll, kAll, 3}, le({{8, 5}, {8, 6}, {8, 3}}), {5, 6, 3}},  // Go repeats the offset
      {{kAll, kAll, kAll}, le({{8, 5}, {8, 6}, {8, 7}, {4, 0}}), {5, 6, 7}},
      {{1, 2, 3}, le({{8, 1}, {8, 2}}), {1, 2, 3}},
      {{1, 2, 3}, {}, {1, 2, 3}},
  };
  for (const Good& g : good) {
    ASSERT_OK(const auto values, central(g.header, g.zip64));
    EXPECT_EQ(values, g.values);
  }
}

TEST(ZipExtra, zip64_fields_that_two_readers_could_take_differently_are_refused) {
  EXPECT_REFUSED(central({kAll, 2, 3}, std::nullopt), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(central({1, 2, kAll}, std::nullopt), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(central({1, 2, 3}, le({{8, 1}, {8, 9}})), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(central({kAll, kAll, 3}, le({{8, 5}, {8, 6}, {8, 4}})), ZipReason::zip64_mismatch);
  // By position the first is the uncompressed size; by counting it is the compressed one.
  EXPECT_REFUSED(central({1, kAll, 3}, le({{8, 1}, {8, 6}})), ZipReason::bad_extra_field);
  EXPECT_REFUSED(central({1, 2, kAll}, le({{8, 1}, {8, 2}, {8, 7}})), ZipReason::bad_extra_field);
  EXPECT_REFUSED(central({kAll, kAll, kAll}, le({{8, 5}, {8, 6}})), ZipReason::bad_extra_field);
  EXPECT_REFUSED(central({kAll, kAll, kAll}, Bytes{}), ZipReason::bad_extra_field);
  EXPECT_REFUSED(central({kAll, 2, 3}, le({{8, 5}, {1, 0}})), ZipReason::bad_extra_field);
  EXPECT_REFUSED(central({kAll, kAll, kAll}, Bytes(32)), ZipReason::bad_extra_field);
  EXPECT_REFUSED(central({kAll, kAll, kAll}, le({{8, 5}, {8, 6}, {8, 7}, {4, 1}})), ZipReason::multi_disk);
}

TEST(ZipExtra, a_local_zip64_field_holds_both_sizes) {
  ASSERT_OK(const auto both, local({kAll, kAll}, le({{8, 5}, {8, 6}})));
  EXPECT_EQ(both, (std::array<std::uint64_t, 2>{5, 6}));
  ASSERT_OK(const auto one, local({kAll, 6}, le({{8, 5}, {8, 6}})));
  EXPECT_EQ(one, (std::array<std::uint64_t, 2>{5, 6}));
  EXPECT_OK(local({0, 0}, le({{8, 0}, {8, 0}})));
  EXPECT_REFUSED(local({kAll, 6}, le({{8, 5}})), ZipReason::bad_extra_field);
  EXPECT_REFUSED(local({kAll, kAll}, le({{8, 5}, {8, 6}, {8, 7}})), ZipReason::bad_extra_field);
  EXPECT_REFUSED(local({kAll, 7}, le({{8, 5}, {8, 6}})), ZipReason::zip64_mismatch);
  EXPECT_REFUSED(local({kAll, kAll}, std::nullopt), ZipReason::zip64_mismatch);
}

}  // namespace
}  // namespace proofmark::codec::zip
