#include "codec/zip/local.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "base/text.h"
#include "codec/zip/extra.h"
#include "codec/zip/records.h"

namespace proofmark::codec::zip {
namespace {

/// Reads small records in order with few calls: a header mostly lies close behind the previous entry's descriptor.
class Window {
 public:
  /// Nothing at or behind `end` is read.
  Window(const RandomAccess& source, std::uint64_t end) : source_(source), end_(end) {}

  [[nodiscard]] bool holds(std::uint64_t offset, std::uint64_t size) const {
    return offset <= end_ && size <= end_ - offset;
  }

  /// The bytes at `offset`, which lie in front of the end; valid until the next call.
  [[nodiscard]] Result<ByteView> view(std::uint64_t offset, std::size_t size) {
    if (offset < begin_ || offset - begin_ > bytes_.size() || size > bytes_.size() - (offset - begin_)) {
      constexpr std::uint64_t kAhead = 4'096;
      bytes_.resize(
          static_cast<std::size_t>(std::min<std::uint64_t>(std::max<std::uint64_t>(size, kAhead), end_ - offset)));
      begin_ = offset;
      PM_TRY_VOID(source_.read_at(offset, bytes_));
    }
    return ByteView(bytes_).subspan(static_cast<std::size_t>(offset - begin_), size);
  }

 private:
  const RandomAccess& source_;
  std::uint64_t end_;
  std::uint64_t begin_ = 0;
  Bytes bytes_;
};

std::unexpected<Error> mismatch(const Entry& entry, std::string_view field, std::uint64_t local,
                                std::uint64_t central) {
  return fail(ZipReason::header_mismatch,
              fmt::format("entry {}: the local header's {} is {:#x}, the central directory's {:#x}", quoted(entry.name),
                          field, local, central));
}

bool has_descriptor(const Entry& entry) {
  return (entry.flags & kFlagDescriptor) != 0;
}

/// The fields that never differ. Of the versions needed, writers raise the central one, or (7-Zip and Info-ZIP when
/// they pack a stream) the local one to 4.5 because of its ZIP64 field.
Result<void> compare_fixed_fields(const Entry& entry, ByteView header, const ExtraFields& extra) {
  constexpr std::uint16_t kVersionZip64 = 45;
  const std::uint16_t version = load16(header, 4);
  if (version > entry.version_needed && !(extra.zip64 && version == kVersionZip64)) {
    return mismatch(entry, "version needed", version, entry.version_needed);
  }
  if (load16(header, 6) != entry.flags) return mismatch(entry, "flags", load16(header, 6), entry.flags);
  const auto method = static_cast<std::uint16_t>(entry.method);
  if (load16(header, 8) != method) return mismatch(entry, "method", load16(header, 8), method);
  if (load16(header, 10) != entry.dos_time) return mismatch(entry, "time", load16(header, 10), entry.dos_time);
  if (load16(header, 12) != entry.dos_date) return mismatch(entry, "date", load16(header, 12), entry.dos_date);
  return {};
}

/// With a descriptor to come, the values may be left 0 here; else they are the central ones.
Result<void> compare_sizes(const Entry& entry, ByteView header, const ExtraFields& extra) {
  std::array<Wide, 2> wide{Wide{load32(header, 22)}, Wide{load32(header, 18)}};
  PM_TRY_VOID(widen(extra.zip64, Zip64Form::local, wide, entry.name));
  const auto agrees = [&](std::uint64_t local, std::uint64_t central) {
    return local == central || (local == 0 && has_descriptor(entry));
  };
  const std::uint32_t crc = load32(header, 14);
  if (!agrees(crc, entry.crc32)) return mismatch(entry, "CRC-32", crc, entry.crc32);
  if (!agrees(wide[0].value, entry.uncompressed_size)) {
    return mismatch(entry, "uncompressed size", wide[0].value, entry.uncompressed_size);
  }
  if (!agrees(wide[1].value, entry.compressed_size)) {
    return mismatch(entry, "compressed size", wide[1].value, entry.compressed_size);
  }
  return {};
}

/// Checks the local header, which may use the bytes up to `next`, and sets data_offset.
Result<void> check_header(Window& window, Entry& entry, std::uint64_t next) {
  const std::uint64_t at = entry.header_offset;
  if (next - at < kLocalSize) {
    return fail(ZipReason::overlap, fmt::format("entry {}: there are {} bytes for its local header at {}",
                                                quoted(entry.name), next - at, at));
  }
  PM_TRY(ByteView header, window.view(at, kLocalSize));
  if (load32(header, 0) != kLocalSignature) {
    return fail(ZipReason::bad_signature,
                fmt::format("entry {}: there is no local header at {}", quoted(entry.name), at));
  }
  const std::size_t name_size = load16(header, 26);
  const std::size_t size = kLocalSize + name_size + load16(header, 28);
  if (next - at < size) {
    return fail(ZipReason::overlap,
                fmt::format("entry {}: its local header at {} runs into the next record", quoted(entry.name), at));
  }
  PM_TRY(header, window.view(at, size));
  const std::string_view name = as_text(header.subspan(kLocalSize, name_size));
  if (name != entry.name) {
    return fail(ZipReason::header_mismatch,
                fmt::format("entry {}: the local header's name is {}", quoted(entry.name), quoted(name)));
  }
  PM_TRY(const ExtraFields extra, split_extra(header.subspan(kLocalSize + name_size), entry.name));
  PM_TRY_VOID(compare_fixed_fields(entry, header, extra));
  PM_TRY_VOID(compare_sizes(entry, header, extra));
  entry.data_offset = at + size;
  return {};
}

/// The four forms of a descriptor: with or without a signature, with sizes of 32 or 64 bits. Nothing in the archive
/// says which it is but its length, and a CRC-32 can look like the signature.
Result<void> check_descriptor(const Entry& entry, ByteView descriptor) {
  constexpr std::size_t kNarrow = 12;
  constexpr std::size_t kWide = 20;
  constexpr std::size_t kSignature = 4;
  const std::size_t size = descriptor.size();
  bool good = size == kNarrow || size == kNarrow + kSignature || size == kWide || size == kWide + kSignature;
  if (good && (size == kNarrow + kSignature || size == kWide + kSignature)) {
    good = load32(descriptor, 0) == kDescriptorSignature;
    descriptor = descriptor.subspan(kSignature);
  }
  if (good) {
    const bool narrow = descriptor.size() == kNarrow;
    good = load32(descriptor, 0) == entry.crc32 &&
           (narrow ? load32(descriptor, 4) : load64(descriptor, 4)) == entry.compressed_size &&
           (narrow ? load32(descriptor, 8) : load64(descriptor, 12)) == entry.uncompressed_size;
  }
  if (good) return {};
  return fail(
      ZipReason::descriptor_mismatch,
      fmt::format("entry {}: the {} bytes behind its data are no descriptor that agrees with the central directory",
                  quoted(entry.name), size));
}

/// The data, and a descriptor where one is due, must fill the space up to `next`.
Result<void> check_extent(Window& window, Entry& entry, std::uint64_t next) {
  const std::uint64_t room = next - entry.data_offset;
  if (entry.compressed_size > room) {
    return fail(ZipReason::overlap, fmt::format("entry {}: {} bytes of data at {} run into the next record at {}",
                                                quoted(entry.name), entry.compressed_size, entry.data_offset, next));
  }
  const std::uint64_t behind = room - entry.compressed_size;
  if (has_descriptor(entry)) {
    constexpr std::uint64_t kLongest = 24;
    if (behind > kLongest) {
      return fail(ZipReason::gap, fmt::format("entry {}: {} bytes behind its data, more than a descriptor takes",
                                              quoted(entry.name), behind));
    }
    PM_TRY(const ByteView descriptor, window.view(next - behind, static_cast<std::size_t>(behind)));
    PM_TRY_VOID(check_descriptor(entry, descriptor));
  } else if (behind != 0) {
    return fail(ZipReason::gap, fmt::format("{} bytes behind entry {} belong to no entry", behind, quoted(entry.name)));
  }
  entry.end_offset = next;
  return {};
}

/// The entries in the order in which they lie in the file; mostly they are in it already.
std::vector<std::size_t> physical_order(std::span<const Entry> entries) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(entries[i].header_offset, i); });
  return order;
}

}  // namespace

Result<void> check_local_headers(const RandomAccess& source, std::span<Entry> entries, std::uint64_t directory_offset) {
  const std::vector<std::size_t> order = physical_order(entries);
  const std::uint64_t first = order.empty() ? directory_offset : entries[order.front()].header_offset;
  if (first != 0) {
    return fail(ZipReason::gap, fmt::format("{} bytes in front of the first record belong to no entry", first));
  }
  Window window(source, directory_offset);
  for (std::size_t i = 0; i < order.size(); ++i) {
    Entry& entry = entries[order[i]];
    const std::uint64_t next = i + 1 < order.size() ? entries[order[i + 1]].header_offset : directory_offset;
    if (next > directory_offset || entry.header_offset > directory_offset) {
      return fail(ZipReason::truncated,
                  fmt::format("entry {}: its local header would be at {}, in or behind the directory",
                              quoted(entry.name), std::max(next, entry.header_offset)));
    }
    PM_TRY_VOID(check_header(window, entry, next));
    PM_TRY_VOID(check_extent(window, entry, next));
  }
  return {};
}

}  // namespace proofmark::codec::zip
