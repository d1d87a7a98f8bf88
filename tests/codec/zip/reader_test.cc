#include "codec/zip/reader.h"

#include <map>
#include <set>

#include "codec/zip/archive_builder.h"
#include "codec/zip/writer.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;
using test::Header;
using test::Member;

Result<void> forget(const auto& result) {
  if (!result) return std::unexpected<Error>(result.error());
  return {};
}

Result<void> read(const ArchiveBuilder& builder, const Limits& limits = {}) {
  return forget(test::contents(builder.build(), limits));
}

/// An archive of one file that tells one lie.
Result<void> read_lie(const std::function<void(ArchiveBuilder&, Member&)>& lie, const Limits& limits = {}) {
  ArchiveBuilder builder;
  Member& member = builder.add("a", "body", Method::deflated);
  lie(builder, member);
  return read(builder, limits);
}

Result<void> read_lie_in_both(const std::function<void(Header&)>& lie) {
  return read_lie([&](ArchiveBuilder&, Member& member) { member.both(lie); });
}

/// For every reason, something that is refused for it. A reason that is missing here fails the test below.
const std::map<ZipReason, std::function<Result<void>()>>& refusals() {
  using B = ArchiveBuilder;
  using M = Member;
  static const std::map<ZipReason, std::function<Result<void>()>> kRefusals{
      {ZipReason::no_end_record, [] { return forget(test::contents(as_bytes("not an archive"))); }},
      {ZipReason::ambiguous_end_record, [] { return read_lie([](B& b, M&) { b.comment = "PK\5\6"; }); }},
      {ZipReason::trailing_bytes, [] { return read_lie([](B& b, M&) { b.after_end = {0}; }); }},
      {ZipReason::multi_disk, [] { return read_lie([](B&, M& m) { m.central.disk = 1; }); }},
      {ZipReason::zip64_mismatch, [] { return read_lie([](B&, M& m) { m.central.offset = 0xffffffff; }); }},
      {ZipReason::central_directory_bounds, [] { return read_lie([](B& b, M&) { b.before_end = {0}; }); }},
      {ZipReason::central_directory_size, [] { return read_lie([](B&, M&) {}, {.max_central_directory = 46}); }},
      {ZipReason::too_many_entries, [] { return read_lie([](B&, M&) {}, {.max_entries = 0}); }},
      {ZipReason::truncated, [] { return forget(test::contents(test::hex("504b0506"))); }},
      {ZipReason::bad_signature, [] { return read_lie([](B&, M& m) { ++m.local.signature; }); }},
      {ZipReason::bad_extra_field, [] { return read_lie([](B&, M& m) { m.central.extra = {0}; }); }},
      {ZipReason::header_mismatch, [] { return read_lie([](B&, M& m) { m.local.name = "b"; }); }},
      {ZipReason::descriptor_mismatch,
       [] {
         B builder;
         builder.add_streamed("a", "body", Method::stored, test::Descriptor::plain12).descriptor[0] ^= 1U;
         return read(builder);
       }},
      {ZipReason::overlap, [] { return read_lie([](B& b, M&) { b.add("b").central.offset = 0; }); }},
      {ZipReason::gap, [] { return read_lie([](B&, M& m) { m.before = {0}; }); }},
      {ZipReason::encrypted, [] { return read_lie_in_both([](Header& h) { h.flags = 1; }); }},
      {ZipReason::unsupported_method, [] { return read_lie_in_both([](Header& h) { h.method = 12; }); }},
      {ZipReason::unsupported_flag, [] { return read_lie_in_both([](Header& h) { h.flags = 1U << 5U; }); }},
      {ZipReason::name_too_long, [] { return read_lie_in_both([](Header& h) { h.name = std::string(5'000, 'a'); }); }},
      {ZipReason::name_not_utf8, [] { return read_lie_in_both([](Header& h) { h.name = "\xff"; }); }},
      {ZipReason::unsafe_name, [] { return read_lie_in_both([](Header& h) { h.name = "../a"; }); }},
      {ZipReason::unicode_path_mismatch,
       [] { return read_lie_in_both([](Header& h) { h.extra = test::unicode_path("a", "b"); }); }},
      {ZipReason::duplicate_name, [] { return read_lie([](B& b, M&) { b.add("A"); }); }},
      {ZipReason::file_is_directory, [] { return read_lie([](B& b, M&) { b.add("a/b"); }); }},
      {ZipReason::entry_too_large, [] { return read_lie([](B&, M&) {}, {.max_entry = 3}); }},
      {ZipReason::total_too_large, [] { return read_lie([](B&, M&) {}, {.max_total = 3}); }},
      {ZipReason::ratio_too_large, [] { return read_lie_in_both([](Header& h) { h.uncompressed = 100'000; }); }},
      {ZipReason::bad_deflate, [] { return read_lie([](B&, M& m) { m.data[0] = 7; }); }},
      {ZipReason::size_mismatch, [] { return read_lie_in_both([](Header& h) { ++h.uncompressed; }); }},
      {ZipReason::crc_mismatch, [] { return read_lie_in_both([](Header& h) { ++h.crc; }); }},
      {ZipReason::too_large_to_write,
       [] { return forget(make_archive(std::vector<NewEntry>(Limits{}.max_entries + 1))); }},
  };
  return kRefusals;
}

TEST(ZipReader, every_reason_has_an_archive_that_is_refused_for_it) {
  for (int i = 0; i <= static_cast<int>(last_reason(ZipReason{})); ++i) {
    const auto reason = static_cast<ZipReason>(i);
    const auto refusal = refusals().find(reason);
    ASSERT_NE(refusal, refusals().end()) << "no test for " << reason_info(reason).name;
    EXPECT_REFUSED(refusal->second(), reason);
  }
}

TEST(ZipReader, reasons_have_names_of_their_own) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_reason(ZipReason{})); ++i) {
    EXPECT_TRUE(names.insert(reason_info(static_cast<ZipReason>(i)).name).second) << i;
  }
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(ZipReader, reads_every_form) {
  for (const bool zip64 : {false, true}) {
    ArchiveBuilder builder = test::every_form();
    builder.zip64 = zip64;
    ASSERT_OK(const test::Contents all, test::contents(builder.build()));
    ASSERT_EQ(all.size(), builder.members.size());
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].first, builder.members[i].central.name);
    EXPECT_EQ(as_text(all[0].second), "stored body\n");
    EXPECT_EQ(all[1].second.size(), 90U);
  }
}

TEST(ZipReader, an_empty_archive_has_no_entries) {
  ASSERT_OK(const test::Contents all, test::contents(ArchiveBuilder{}.build()));
  EXPECT_TRUE(all.empty());
}

TEST(ZipReader, finds_entries_by_their_exact_name) {
  ArchiveBuilder builder = test::every_form();
  builder.add("./dotted");
  const Bytes bytes = builder.build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  for (const Entry& entry : archive.entries()) EXPECT_EQ(archive.find(entry.name), &entry);
  for (const std::string_view name :
       {"", "Stored.txt", "folder", "stored", "stored.txt/", "zzz", "./stored.txt", "dotted"}) {
    EXPECT_EQ(archive.find(name), nullptr) << name;
  }
}

TEST(ZipReader, tells_what_the_writer_needs) {
  ArchiveBuilder builder = test::every_form();
  const Bytes bytes = builder.build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, {.max_entries = 77}));
  EXPECT_EQ(as_text(archive.comment()), "a comment");
  EXPECT_EQ(&archive.source(), &source);
  EXPECT_EQ(archive.limits().max_entries, 77U);
  const ByteView directory = ByteView(bytes).subspan(static_cast<std::size_t>(archive.central_directory_offset()),
                                                     archive.central_directory().size());
  EXPECT_TRUE(equal(archive.central_directory(), directory));
  EXPECT_EQ(archive.central_directory_offset() + directory.size() + 22 + 9, bytes.size());
  EXPECT_EQ(archive.entries().back().end_offset, archive.central_directory_offset());
  std::uint64_t total = 0;
  for (const Entry& entry : archive.entries()) total += entry.uncompressed_size;
  EXPECT_EQ(archive.total_uncompressed(), total);
}

TEST(ZipReader, moves) {
  const Bytes bytes = test::every_form().build();
  const MemoryAccess source(bytes);
  ASSERT_OK(Archive archive, Archive::open(source, Limits{}));
  const std::string_view name = archive.entries()[0].name;
  const Archive moved = std::move(archive);
  EXPECT_EQ(moved.entries()[0].name.data(), name.data());
}

TEST(ZipReader, reads_small_entries_whole) {
  ArchiveBuilder builder;
  builder.add("a", "body", Method::deflated);
  const Bytes bytes = builder.build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  ASSERT_OK(const Bytes body, archive.read_all(archive.entries()[0], 4));
  EXPECT_EQ(as_text(body), "body");
  EXPECT_REFUSED(archive.read_all(archive.entries()[0], 3), ZipReason::entry_too_large);
}

// What the signature covers must survive any damage that is not refused.
void sweep_bits(const ArchiveBuilder& builder) {
  Bytes bytes = builder.build();
  ASSERT_OK(const test::Contents original, test::contents(bytes));
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    const auto damaged = test::contents(bytes);
    if (damaged) {
      ++accepted;
      EXPECT_EQ(*damaged, original) << "bit " << bit;
    }
    bytes[bit / 8] ^= mask;
  }
  // Attributes, extra fields and the comment may change; most bits may not.
  EXPECT_GT(accepted, 0U);
  EXPECT_LT(accepted, 8 * bytes.size() / 4);
}

TEST(ZipReader, no_flipped_bit_changes_names_or_bodies) {
  sweep_bits(test::every_form());
}

TEST(ZipReader, no_flipped_bit_changes_names_or_bodies_with_zip64_records) {
  ArchiveBuilder builder = test::every_form();
  builder.zip64 = true;
  builder.change_end = [](test::End& end) {
    end.disk_entries = end.entries = 0xffff;
    end.directory_size = end.directory_offset = 0xffffffff;
  };
  sweep_bits(builder);
}

TEST(ZipReader, every_cut_is_refused) {
  const Bytes bytes = test::every_form().build();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(test::contents(ByteView(bytes).first(size)).has_value()) << size;
    EXPECT_FALSE(test::contents(ByteView(bytes).last(size)).has_value()) << size;
  }
}

TEST(ZipReader, a_read_that_fails_anywhere_is_passed_on) {
  class Failing final : public RandomAccess {
   public:
    Failing(ByteView bytes, int good) : bytes_(bytes), good_(good) {}
    [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
    [[nodiscard]] Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
      if (good_-- == 0) return fail(FileReason::cannot_read, "the disk is broken");
      return MemoryAccess(bytes_).read_at(offset, out);
    }

   private:
    ByteView bytes_;
    mutable int good_;
  };
  ArchiveBuilder builder = test::every_form();
  builder.zip64 = true;
  const Bytes bytes = builder.build();
  int good = 0;
  for (; good < 1'000; ++good) {
    const auto result = test::contents(Failing(bytes, good));
    if (result) break;
    EXPECT_TRUE(result.error().is(FileReason::cannot_read)) << testing::PrintToString(result.error());
  }
  EXPECT_GT(good, 10);
  EXPECT_LT(good, 1'000);
}

}  // namespace
}  // namespace proofmark::codec::zip
