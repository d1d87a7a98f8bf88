#include "codec/zip/body.h"

#include <thread>

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;
using test::Header;
using test::Member;

Result<test::Contents> read(const ArchiveBuilder& builder, const Limits& limits = {}) {
  return test::contents(builder.build(), limits);
}

/// An archive of one deflated file whose compressed data and stated size are these.
ArchiveBuilder with_stream(Bytes data, std::uint64_t stated, std::uint32_t crc = 0) {
  ArchiveBuilder builder;
  Member& member = builder.add("a", "", Method::deflated);
  member.both([&](Header& h) {
    h.compressed = static_cast<std::uint32_t>(data.size());
    h.uncompressed = static_cast<std::uint32_t>(stated);
    h.crc = crc;
  });
  member.data = std::move(data);
  return builder;
}

TEST(ZipBody, comes_in_pieces_of_at_most_256_kib) {
  test::FakeRandom random(1);
  Bytes body(3 * kMaxPiece + 17);
  random.fill(body);
  for (const Method method : {Method::stored, Method::deflated}) {
    ArchiveBuilder builder;
    builder.add("a", as_text(body), method);
    const Bytes bytes = builder.build();
    const MemoryAccess source(bytes);
    ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
    Bytes all;
    std::size_t pieces = 0;
    EXPECT_OK(archive.read(archive.entries()[0], [&](ByteView piece) -> Result<void> {
      EXPECT_LE(piece.size(), kMaxPiece);
      proofmark::append(all, piece);
      ++pieces;
      return {};
    }));
    EXPECT_EQ(all, body);
    EXPECT_EQ(pieces, 4U);
  }
}

TEST(ZipBody, sizes_around_the_piece_size_come_whole) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kMaxPiece - 1, kMaxPiece, kMaxPiece + 1, 2 * kMaxPiece}) {
    const std::string body(size, 'x');
    ArchiveBuilder builder;
    builder.add("stored", body);
    builder.add("deflated", body, Method::deflated);
    ASSERT_OK(const test::Contents all, read(builder));
    EXPECT_EQ(as_text(all[0].second), body);
    EXPECT_EQ(as_text(all[1].second), body);
  }
}

TEST(ZipBody, an_error_of_the_sink_ends_the_reading) {
  ArchiveBuilder builder;
  builder.add("a", std::string(3 * kMaxPiece, 'x'), Method::deflated);
  const Bytes bytes = builder.build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  int calls = 0;
  EXPECT_REFUSED(archive.read(archive.entries()[0],
                              [&](ByteView) -> Result<void> {
                                ++calls;
                                return fail(FileReason::cannot_write, "full");
                              }),
                 FileReason::cannot_write);
  EXPECT_EQ(calls, 1);
}

TEST(ZipBody, a_wrong_checksum_is_found) {
  for (const Method method : {Method::stored, Method::deflated}) {
    ArchiveBuilder builder;
    builder.add("a", "body", method).both([](Header& h) { h.crc ^= 1U; });
    EXPECT_REFUSED(read(builder), ZipReason::crc_mismatch);
  }
}

TEST(ZipBody, stored_bytes_that_were_changed_are_found) {
  ArchiveBuilder builder;
  builder.add("a", "body").data[2] ^= 1U;
  EXPECT_REFUSED(read(builder), ZipReason::crc_mismatch);
}

TEST(ZipBody, the_stream_ends_where_its_data_end) {
  const std::string text = "some text, some text, some text";
  const std::uint32_t crc = test::crc32_of(as_bytes(text));
  const Bytes good = test::deflated(as_bytes(text));
  EXPECT_OK(read(with_stream(good, text.size(), crc)));
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_REFUSED(read(with_stream(longer, text.size(), crc)), ZipReason::bad_deflate);
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_REFUSED(
        read(with_stream({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}, text.size(), crc)),
        ZipReason::bad_deflate);
  }
  // A second stream behind the first, which a reader that goes by the compressed size alone would not see.
  EXPECT_REFUSED(read(with_stream(test::join({good, good}), text.size(), crc)), ZipReason::bad_deflate);
}

TEST(ZipBody, what_is_not_deflate_is_refused) {
  EXPECT_REFUSED(read(with_stream(test::hex("07 00"), 1)), ZipReason::bad_deflate);            // block type 3
  EXPECT_REFUSED(read(with_stream(test::hex("01 0100 0000 41"), 1)), ZipReason::bad_deflate);  // lengths that disagree
  EXPECT_REFUSED(read(with_stream(test::hex("4b 04 02"), 100)), ZipReason::bad_deflate);  // a distance too far back
  EXPECT_REFUSED(read(with_stream(test::hex("78 9c 4b 04 00 00 62 00 62"), 1)),
                 ZipReason::bad_deflate);  // zlib's wrapping
}

TEST(ZipBody, empty_blocks_without_end_are_no_way_to_hide_data) {
  Bytes data;
  for (int i = 0; i < 100'000; ++i) proofmark::append(data, test::hex("00 0000 ffff"));
  EXPECT_REFUSED(read(with_stream(data, 0)), ZipReason::bad_deflate);
  proofmark::append(data, test::hex("03 00"));
  EXPECT_OK(read(with_stream(data, 0)));
}

TEST(ZipBody, a_body_is_as_long_as_stated) {
  const std::string text = "some text";
  const std::uint32_t crc = test::crc32_of(as_bytes(text));
  EXPECT_REFUSED(read(with_stream(test::deflated(as_bytes(text)), text.size() - 1, crc)), ZipReason::size_mismatch);
  EXPECT_REFUSED(read(with_stream(test::deflated(as_bytes(text)), text.size() + 1, crc)), ZipReason::size_mismatch);
  EXPECT_REFUSED(read(with_stream(test::deflated(as_bytes(text)), 0, 0)), ZipReason::size_mismatch);
}

TEST(ZipBody, a_bomb_that_lies_about_its_size_is_stopped_at_what_it_states) {
  const Bytes bomb = test::deflated_zeros(300U << 20U);
  for (const std::uint64_t stated : {std::uint64_t{0}, std::uint64_t{1000}, std::uint64_t{kMaxPiece}}) {
    const Bytes bytes = with_stream(bomb, stated).build();
    const MemoryAccess source(bytes);
    ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
    std::uint64_t seen = 0;
    EXPECT_REFUSED(archive.read(archive.entries()[0],
                                [&](ByteView piece) -> Result<void> {
                                  seen += piece.size();
                                  return {};
                                }),
                   ZipReason::size_mismatch);
    EXPECT_LE(seen, stated);
  }
  EXPECT_REFUSED(read(with_stream(bomb, 300U << 20U)), ZipReason::entry_too_large);
  EXPECT_REFUSED(read(with_stream(bomb, 300U << 20U), {.max_entry = 1ULL << 40U}), ZipReason::total_too_large);
}

TEST(ZipBody, zeros_grow_as_much_as_the_ratio_allows) {
  constexpr std::uint64_t kSize = 200U << 20U;
  const Bytes bytes = with_stream(test::deflated_zeros(kSize), kSize).build();
  const MemoryAccess source(bytes);
  EXPECT_OK(Archive::open(source, Limits{}));
  EXPECT_REFUSED(Archive::open(source, {.max_ratio = 1'000}), ZipReason::ratio_too_large);
}

TEST(ZipBody, several_threads_may_read_at_once) {
  const Bytes bytes = test::every_form().build();
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  std::vector<std::thread> threads;
  std::vector<std::size_t> sizes(4);
  for (std::size_t& size : sizes) {
    threads.emplace_back([&] {
      for (const Entry& entry : archive.entries()) {
        if (auto body = archive.read_all(entry, 1'000)) size += body->size();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::size_t size : sizes) EXPECT_EQ(size, archive.total_uncompressed());
}

/// A file that gets shorter after it was opened.
class Shrinking final : public RandomAccess {
 public:
  explicit Shrinking(ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (gone) return fail(FileReason::changed, "became shorter");
    return MemoryAccess(bytes_).read_at(offset, out);
  }
  bool gone = false;

 private:
  ByteView bytes_;
};

TEST(ZipBody, a_file_that_changes_is_an_error_of_the_file) {
  const Bytes bytes = test::every_form().build();
  Shrinking source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  source.gone = true;
  EXPECT_REFUSED(archive.read_all(archive.entries()[0], 1'000), FileReason::changed);
  EXPECT_REFUSED(archive.read_all(archive.entries()[1], 1'000), FileReason::changed);
  EXPECT_REFUSED(Archive::open(source, Limits{}), FileReason::changed);
}

}  // namespace
}  // namespace proofmark::codec::zip
