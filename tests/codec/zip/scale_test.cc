// As many entries, as long names and as large files as the format and the limits have room for.
#include <algorithm>
#include <cstring>
#include <map>

#include "codec/zip/archive_builder.h"
#include "codec/zip/names.h"
#include "codec/zip/reader.h"
#include "codec/zip/writer.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::le;

std::vector<NewEntry> empty_files(std::size_t count) {
  std::vector<NewEntry> entries(count);
  for (std::size_t i = 0; i < count; ++i) {
    entries[i].name = "node_modules/package-" + std::to_string(i % 500) + "/dist/file-" + std::to_string(i) + ".js";
    entries[i].method = Method::stored;
  }
  return entries;
}

TEST(ZipScale, a_hundred_thousand_entries_are_written_and_read) {
  ASSERT_OK(const Bytes bytes, make_archive(empty_files(Limits{}.max_entries)));
  const MemoryAccess source(bytes);
  ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
  EXPECT_EQ(archive.entries().size(), 100'000U);
  EXPECT_NE(archive.find("node_modules/package-7/dist/file-99507.js"), nullptr);
  EXPECT_EQ(archive.find("node_modules/package-7/dist/file-99508.js"), nullptr);
}

TEST(ZipScale, from_65535_entries_on_there_are_zip64_end_records) {
  for (const std::size_t count : {std::size_t{65'534}, std::size_t{65'535}, std::size_t{65'536}}) {
    ASSERT_OK(const Bytes bytes, make_archive(empty_files(count)));
    const std::string_view before_end = as_text(ByteView(bytes).last(20 + 22)).substr(0, 4);
    EXPECT_EQ(before_end == "PK\6\7", count >= 65'535) << count;
    const MemoryAccess source(bytes);
    ASSERT_OK(const Archive archive, Archive::open(source, Limits{}));
    EXPECT_EQ(archive.entries().size(), count);
  }
}

// What fills the central directory's limit at worst: 8,000 names of 4,096 bytes, each of 2,000 components.
TEST(ZipScale, long_deep_names_are_compared_without_a_copy_for_each_component) {
  std::string deep;
  while (deep.size() + 2 + 6 <= Limits{}.max_name) deep += "/a";
  std::vector<std::string> names;
  for (int i = 0; i < 8'000; ++i) names.push_back(std::to_string(100'000 + i) + deep);
  std::vector<std::string_view> views(names.begin(), names.end());
  EXPECT_OK(check_tree(views));
  views.push_back("104000/a/a/a");
  EXPECT_REFUSED(check_tree(views), ZipReason::file_is_directory);
}

/// A large file of which only blocks with something in them are kept.
using Blocks = std::map<std::uint64_t, Bytes>;

class SparseFile final : public RandomAccess {
 public:
  SparseFile(const Blocks& blocks, std::uint64_t size) : blocks_(blocks), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset > size_ || out.size() > size_ - offset) return fail(FileReason::cannot_read, "read past the end");
    std::memset(out.data(), 0, out.size());
    for (const auto& [start, bytes] : blocks_) {
      const std::uint64_t from = std::max(start, offset);
      const std::uint64_t to = std::min(start + bytes.size(), offset + out.size());
      if (from >= to) continue;
      std::copy_n(bytes.data() + (from - start), to - from, out.data() + (from - offset));
    }
    return {};
  }

 private:
  const Blocks& blocks_;
  std::uint64_t size_;
};

class SparseWriter final : public FileWriter {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override {
    if (!equal(bytes, Bytes(bytes.size()))) blocks_[size_] = to_bytes(bytes);
    size_ += bytes.size();
    return {};
  }
  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override {
    return std::make_unique<SparseFile>(blocks_, size_);
  }
  [[nodiscard]] Result<void> commit() override { return {}; }

 private:
  Blocks blocks_;
  std::uint64_t size_ = 0;
};

/// An archive with one stored entry of `size` zeros, more than 32 bits can say.
Blocks large_archive(std::uint64_t size, std::uint64_t& file_size) {
  const Bytes sizes = test::extra_field(1, le({{8, size}, {8, size}}));
  const Bytes fields =
      le({{2, 45}, {2, 0}, {2, 0}, {2, 0}, {2, 0x5d2a}, {4, 0}, {4, 0xffffffff}, {4, 0xffffffff}, {2, 1}, {2, 20}});
  const Bytes local = test::join({le({{4, 0x04034b50}}), fields, as_bytes("z"), sizes});
  const Bytes central = test::join({le({{4, 0x02014b50}, {2, 0x032d}}), fields,
                                    le({{2, 0}, {2, 0}, {2, 0}, {4, 0x81a40000}, {4, 0}}), as_bytes("z"), sizes});
  const std::uint64_t offset = local.size() + size;
  const Bytes end =
      test::join({le({{4, 0x06064b50},
                      {8, 44},
                      {2, 45},
                      {2, 45},
                      {4, 0},
                      {4, 0},
                      {8, 1},
                      {8, 1},
                      {8, central.size()},
                      {8, offset}}),
                  le({{4, 0x07064b50}, {4, 0}, {8, offset + central.size()}, {4, 1}}),
                  le({{4, 0x06054b50}, {2, 0}, {2, 0}, {2, 1}, {2, 1}, {4, central.size()}, {4, 0xffffffff}, {2, 0}})});
  file_size = offset + central.size() + end.size();
  return {{0, local}, {offset, central}, {offset + central.size(), end}};
}

TEST(ZipScale, entries_behind_4_gib_have_zip64_offsets) {
  const std::uint64_t size = (1ULL << 32U) + 5;
  const Limits limits{.max_entry = 1ULL << 40U, .max_total = 1ULL << 40U};
  std::uint64_t file_size = 0;
  const Blocks blocks = large_archive(size, file_size);
  const SparseFile source(blocks, file_size);
  ASSERT_OK(const Archive old, Archive::open(source, limits));
  std::vector<NewEntry> added(2);
  added[0].name = "META_INF/";
  added[1].name = "META_INF/signature";
  added[1].body = {'s', 'i', 'g'};
  SparseWriter out;
  EXPECT_OK(append(old, added, out));
  ASSERT_OK(const auto written, out.written());
  ASSERT_OK(const Archive archive, Archive::open(*written, limits));
  ASSERT_EQ(archive.entries().size(), 3U);
  EXPECT_EQ(archive.entries()[0].uncompressed_size, size);
  EXPECT_GT(archive.entries()[1].header_offset, size);
  EXPECT_EQ(archive.entries()[2].version_needed, 45);
  ASSERT_OK(const Bytes body, archive.read_all(archive.entries()[2], 10));
  EXPECT_EQ(as_text(body), "sig");
}

TEST(ZipScale, more_than_4_gib_are_beyond_the_default_limits) {
  std::uint64_t file_size = 0;
  const Blocks blocks = large_archive(1ULL << 32U, file_size);
  EXPECT_REFUSED(Archive::open(SparseFile(blocks, file_size), Limits{}), ZipReason::entry_too_large);
}

}  // namespace
}  // namespace proofmark::codec::zip
