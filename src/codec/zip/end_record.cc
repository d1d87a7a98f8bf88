#include "codec/zip/end_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "codec/zip/records.h"

namespace proofmark::codec::zip {
namespace {

constexpr std::uint64_t kMaxComment = 0xffff;
constexpr std::array<std::uint8_t, 4> kEndMagic{'P', 'K', 5, 6};

/// The bytes of the file's end, where an end record can be.
struct Tail {
  std::uint64_t offset = 0;  // of its first byte in the file
  Bytes bytes;
};

Result<Tail> read_tail(const RandomAccess& source) {
  Tail tail;
  const std::uint64_t size = std::min<std::uint64_t>(source.size(), kEndSize + kMaxComment);
  tail.offset = source.size() - size;
  tail.bytes.resize(static_cast<std::size_t>(size));
  PM_TRY_VOID(source.read_at(tail.offset, tail.bytes));
  return tail;
}

/// Every place that has the end record's signature, complete or not, in order.
std::vector<std::size_t> find_signatures(const Bytes& bytes) {
  std::vector<std::size_t> places;
  auto from = bytes.begin();
  while (true) {
    const auto at = std::search(from, bytes.end(), kEndMagic.begin(), kEndMagic.end());
    if (at == bytes.end()) return places;
    places.push_back(static_cast<std::size_t>(at - bytes.begin()));
    from = at + 1;
  }
}

/// The one place in the tail that is the end record: its comment ends with the file. Readers search backwards for the
/// signature alone, or for one whose comment fits, or forwards; all must come to the same record. A signature in front
/// of it whose comment does not reach the file's end (a stored archive in the archive) misleads none of them.
Result<std::size_t> locate(const Tail& tail) {
  const std::vector<std::size_t> places = find_signatures(tail.bytes);
  if (places.empty()) return fail(ZipReason::no_end_record, "not a ZIP archive: there is no end record");
  std::vector<std::size_t> fitting;
  for (const std::size_t at : places) {
    const std::size_t room = tail.bytes.size() - at;
    if (room >= kEndSize && room - kEndSize == load16(tail.bytes, at + 20)) fitting.push_back(at);
  }
  const std::size_t last = places.back();
  if (fitting.empty()) {
    const std::size_t room = tail.bytes.size() - last;
    if (room < kEndSize || room - kEndSize < load16(tail.bytes, last + 20)) {
      return fail(ZipReason::truncated, fmt::format("the end record at {} is cut short", tail.offset + last));
    }
    return fail(ZipReason::trailing_bytes,
                fmt::format("{} bytes follow the end record at {} and its comment",
                            room - kEndSize - load16(tail.bytes, last + 20), tail.offset + last));
  }
  if (fitting.size() > 1 || fitting.front() != last) {
    return fail(ZipReason::ambiguous_end_record, fmt::format("offsets {} and {} could both hold the end record",
                                                             tail.offset + fitting.front(), tail.offset + last));
  }
  return last;
}

/// What the end record and its ZIP64 counterpart both say.
struct Fields {
  std::uint64_t disk = 0;
  std::uint64_t directory_disk = 0;
  std::uint64_t disk_entries = 0;
  std::uint64_t entries = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t directory_offset = 0;
};

Fields parse_end(ByteView record) {
  return {load16(record, 4),  load16(record, 6),  load16(record, 8),
          load16(record, 10), load32(record, 12), load32(record, 16)};
}

Fields parse_zip64_end(ByteView record) {
  return {load32(record, 16), load32(record, 20), load64(record, 24),
          load64(record, 32), load64(record, 40), load64(record, 48)};
}

/// Reads the ZIP64 end record that the locator at `locator_at` points to. It must fill the space before the locator
/// exactly: version 1, no extensible data; some readers go by the locator's offset, others by the distance.
Result<Fields> read_zip64_end(const RandomAccess& source, ByteView locator, std::uint64_t locator_at) {
  if (load32(locator, 4) != 0 || load32(locator, 16) != 1) {
    return fail(ZipReason::multi_disk, "the ZIP64 locator tells of more than one disk");
  }
  if (locator_at < kZip64EndSize || load64(locator, 8) != locator_at - kZip64EndSize) {
    return fail(
        ZipReason::zip64_mismatch,
        fmt::format("the ZIP64 locator at {} points to {}, not to directly before it", locator_at, load64(locator, 8)));
  }
  std::array<std::uint8_t, kZip64EndSize> record{};
  PM_TRY_VOID(source.read_at(locator_at - kZip64EndSize, record));
  if (load32(record, 0) != kZip64EndSignature) {
    return fail(ZipReason::bad_signature,
                fmt::format("there is no ZIP64 end record at {}", locator_at - kZip64EndSize));
  }
  constexpr std::uint64_t kStatedSize = kZip64EndSize - 12;  // without the signature and the size itself
  if (load64(record, 4) != kStatedSize) {
    return fail(ZipReason::zip64_mismatch,
                fmt::format("the ZIP64 end record states {} bytes, not {}", load64(record, 4), kStatedSize));
  }
  return parse_zip64_end(record);
}

/// A field of the end record must be saturated or say what the ZIP64 record says.
bool agrees(std::uint64_t narrow, std::uint64_t saturated, std::uint64_t wide) {
  return narrow == saturated || narrow == wide;
}

Result<Fields> widen(const Fields& narrow, const Fields& wide) {
  if (!agrees(narrow.disk_entries, kSaturated16, wide.disk_entries) ||
      !agrees(narrow.entries, kSaturated16, wide.entries) ||
      !agrees(narrow.directory_size, kSaturated32, wide.directory_size) ||
      !agrees(narrow.directory_offset, kSaturated32, wide.directory_offset)) {
    return fail(ZipReason::zip64_mismatch, "the end record and the ZIP64 end record disagree");
  }
  return wide;
}

Result<void> check_single_disk(const Fields& fields) {
  if (fields.disk != 0 || fields.directory_disk != 0 || fields.disk_entries != fields.entries) {
    return fail(ZipReason::multi_disk, "the archive is split over several disks");
  }
  return {};
}

}  // namespace

Result<EndRecord> find_end_record(const RandomAccess& source) {
  PM_TRY(const Tail tail, read_tail(source));
  PM_TRY(const std::size_t at, locate(tail));
  const ByteView record = ByteView(tail.bytes).subspan(at);
  Fields fields = parse_end(record);
  PM_TRY_VOID(check_single_disk(fields));

  std::uint64_t end = tail.offset + at;  // where the central directory has to end
  std::array<std::uint8_t, kZip64LocatorSize> locator{};
  if (end >= kZip64LocatorSize) PM_TRY_VOID(source.read_at(end - kZip64LocatorSize, locator));
  if (load32(locator, 0) == kZip64LocatorSignature) {
    PM_TRY(const Fields wide, read_zip64_end(source, locator, end - kZip64LocatorSize));
    PM_TRY_VOID(check_single_disk(wide));
    PM_TRY(fields, widen(fields, wide));
    end -= kZip64LocatorSize + kZip64EndSize;
  } else if (fields.directory_size == kSaturated32 || fields.directory_offset == kSaturated32) {
    // A count of 65,535 stays as it is: Python writes ZIP64 records from 65,536 entries on only.
    return fail(ZipReason::zip64_mismatch, "the end record is saturated, but there is no ZIP64 end record");
  }
  if (fields.directory_offset > end || fields.directory_size != end - fields.directory_offset) {
    return fail(ZipReason::central_directory_bounds,
                fmt::format("the central directory of {} bytes at {} does not end where the end records begin, at {}",
                            fields.directory_size, fields.directory_offset, end));
  }
  return EndRecord{fields.entries, fields.directory_size, fields.directory_offset, to_bytes(record.subspan(kEndSize))};
}

}  // namespace proofmark::codec::zip
