// Opens hostile bytes as a ZIP archive and reads every body. What was accepted must take new entries, and open again
// with the same old ones.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "codec/zip/reader.h"
#include "codec/zip/writer.h"

namespace proofmark::codec::zip {
namespace {

constexpr Limits kLimits{
    .max_entries = 1'000, .max_central_directory = 1U << 20U, .max_entry = 16U << 20U, .max_total = 16U << 20U};

class Memory final : public FileWriter {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override {
    proofmark::append(bytes_, bytes);
    return {};
  }
  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override {
    return std::make_unique<MemoryAccess>(bytes_);
  }
  [[nodiscard]] Result<void> commit() override { return {}; }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

void require(bool condition) {
  if (!condition) std::abort();
}

/// Reads every body; those that are fine are as long as stated.
void read_bodies(const Archive& archive) {
  std::uint64_t total = 0;
  for (const Entry& entry : archive.entries()) {
    std::uint64_t size = 0;
    const auto result = archive.read(entry, [&](ByteView piece) -> Result<void> {
      require(!piece.empty() && piece.size() <= (256U << 10U));
      size += piece.size();
      return {};
    });
    require(size <= entry.uncompressed_size);
    require(!result || size == entry.uncompressed_size);
    require(archive.find(entry.name) == &entry);
    total += entry.uncompressed_size;
  }
  require(total == archive.total_uncompressed() && total <= kLimits.max_total);
}

bool same(const Entry& a, const Entry& b) {
  return a.name == b.name && a.method == b.method && a.flags == b.flags && a.crc32 == b.crc32 &&
         a.compressed_size == b.compressed_size && a.uncompressed_size == b.uncompressed_size &&
         a.header_offset == b.header_offset && a.data_offset == b.data_offset && a.end_offset == b.end_offset;
}

void extend(const Archive& archive) {
  std::vector<NewEntry> added(2);
  added[0].name = "META_INF/";
  added[1].name = "META_INF/added.txt";
  added[1].body = {'a', 'd', 'd', 'e', 'd'};
  Memory out;
  const auto written = append(archive, added, out);
  if (!written) {
    const Error& error = written.error();
    require(error.is(ZipReason::duplicate_name) || error.is(ZipReason::file_is_directory) ||
            error.is(ZipReason::too_large_to_write) || error.is(ZipReason::ambiguous_end_record));
    return;
  }
  const MemoryAccess source(out.bytes());
  const auto again = Archive::open(source, kLimits);
  require(again.has_value());
  require(again->entries().size() == archive.entries().size() + added.size());
  for (std::size_t i = 0; i < archive.entries().size(); ++i) require(same(archive.entries()[i], again->entries()[i]));
  const Entry* entry = again->find(added[1].name);
  require(entry != nullptr);
  const auto body = again->read_all(*entry, kLimits.max_entry);
  require(body && equal(*body, added[1].body));
}

}  // namespace
}  // namespace proofmark::codec::zip

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace proofmark::codec::zip;
  const proofmark::MemoryAccess source({data, size});
  const auto archive = Archive::open(source, kLimits);
  if (!archive) return 0;
  read_bodies(*archive);
  extend(*archive);
  return 0;
}
