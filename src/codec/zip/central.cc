#include "codec/zip/central.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "base/text.h"
#include "codec/zip/extra.h"
#include "codec/zip/names.h"
#include "codec/zip/records.h"

namespace proofmark::codec::zip {
namespace {

// What a short body may grow to beyond the ratio: room for a stream of a few bytes.
constexpr std::uint64_t kRatioSlack = 1'024;

// Version made by, upper byte (4.4.2.2), and what these hosts call a directory.
constexpr unsigned kHostUnix = 3;
constexpr unsigned kUnixTypeMask = 0170000;
constexpr unsigned kUnixDirectory = 0040000;
constexpr std::uint32_t kDosDirectory = 0x10;

Result<void> check_flags(const Entry& entry) {
  if ((entry.flags & (kFlagEncrypted | kFlagStrongEncryption | kFlagMaskedHeaders)) != 0) {
    return fail(ZipReason::encrypted,
                fmt::format("entry {} is encrypted (flags {:#06x})", quoted(entry.name), entry.flags));
  }
  if ((entry.flags & ~static_cast<unsigned>(kAllowedFlags)) != 0) {
    return fail(ZipReason::unsupported_flag,
                fmt::format("entry {} has flags {:#06x}, which are not all known", quoted(entry.name), entry.flags));
  }
  return {};
}

Result<Method> parse_method(std::uint16_t method, std::string_view name) {
  switch (method) {
    case static_cast<std::uint16_t>(Method::stored):
      return Method::stored;
    case static_cast<std::uint16_t>(Method::deflated):
      return Method::deflated;
    default:
      return fail(ZipReason::unsupported_method, fmt::format("entry {}: compression method {}", quoted(name), method));
  }
}

/// 7-Zip and others make a directory of what the attributes call one, whatever its name ends with.
bool marked_as_directory(const Entry& entry) {
  switch (entry.version_made_by >> 8U) {
    case kHostUnix:
      return ((entry.external_attributes >> 16U) & kUnixTypeMask) == kUnixDirectory;
    case 0:   // FAT
    case 6:   // HPFS
    case 10:  // NTFS
    case 14:  // VFAT
      return (entry.external_attributes & kDosDirectory) != 0;
    default:
      return false;
  }
}

Result<void> check_kind(const Entry& entry) {
  if (entry.is_directory() && entry.uncompressed_size != 0) {
    return fail(ZipReason::file_is_directory, fmt::format("entry {} is a directory with a body of {} bytes",
                                                          quoted(entry.name), entry.uncompressed_size));
  }
  if (!entry.is_directory() && marked_as_directory(entry)) {
    return fail(ZipReason::file_is_directory,
                fmt::format("entry {} is a file by its name and a directory by its attributes", quoted(entry.name)));
  }
  return {};
}

Result<void> check_sizes(const Entry& entry, const Limits& limits) {
  if (entry.method == Method::stored && entry.compressed_size != entry.uncompressed_size) {
    return fail(ZipReason::size_mismatch,
                fmt::format("entry {} is stored, but takes {} bytes for {}", quoted(entry.name), entry.compressed_size,
                            entry.uncompressed_size));
  }
  if (entry.uncompressed_size > limits.max_entry) {
    return fail(ZipReason::entry_too_large, fmt::format("entry {} has {} bytes, more than {}", quoted(entry.name),
                                                        entry.uncompressed_size, limits.max_entry));
  }
  const std::uint64_t excess = entry.uncompressed_size > kRatioSlack ? entry.uncompressed_size - kRatioSlack : 0;
  const std::uint64_t needed =
      limits.max_ratio == 0 ? excess : excess / limits.max_ratio + (excess % limits.max_ratio != 0);
  if (entry.compressed_size < needed) {
    return fail(ZipReason::ratio_too_large,
                fmt::format("entry {} claims to grow from {} to {} bytes, more than {} times", quoted(entry.name),
                            entry.compressed_size, entry.uncompressed_size, limits.max_ratio));
  }
  return {};
}

struct Record {
  Entry entry;
  std::size_t size = 0;  // bytes, with name, extra fields and comment
};

/// The record at the start of `rest`, which is number `index`.
Result<Record> parse_record(ByteView rest, std::uint64_t index, const Limits& limits) {
  if (rest.size() < kCentralSize) {
    return fail(ZipReason::truncated, fmt::format("central directory record {} is cut short", index));
  }
  if (load32(rest, 0) != kCentralSignature) {
    return fail(ZipReason::bad_signature, fmt::format("central directory record {} has no signature", index));
  }
  const std::size_t name_size = load16(rest, 28);
  const std::size_t extra_size = load16(rest, 30);
  Record record{{}, kCentralSize + name_size + extra_size + load16(rest, 32)};
  if (rest.size() < record.size) {
    return fail(ZipReason::truncated, fmt::format("central directory record {} runs past the directory's end", index));
  }
  Entry& entry = record.entry;
  entry.name = as_text(rest.subspan(kCentralSize, name_size));
  entry.version_made_by = load16(rest, 4);
  entry.version_needed = load16(rest, 6);
  entry.flags = load16(rest, 8);
  entry.dos_time = load16(rest, 12);
  entry.dos_date = load16(rest, 14);
  entry.crc32 = load32(rest, 16);
  entry.external_attributes = load32(rest, 38);

  PM_TRY_VOID(check_name(entry.name, limits.max_name));
  PM_TRY_VOID(check_flags(entry));
  PM_TRY(entry.method, parse_method(load16(rest, 10), entry.name));
  if (load16(rest, 34) != 0) {
    return fail(ZipReason::multi_disk, fmt::format("entry {} starts on disk {}", quoted(entry.name), load16(rest, 34)));
  }
  PM_TRY(const ExtraFields extra, split_extra(rest.subspan(kCentralSize + name_size, extra_size), entry.name));
  std::array<Wide, 3> wide{Wide{load32(rest, 24)}, Wide{load32(rest, 20)}, Wide{load32(rest, 42)}};
  PM_TRY_VOID(widen(extra.zip64, Zip64Form::central, wide, entry.name));
  entry.uncompressed_size = wide[0].value;
  entry.compressed_size = wide[1].value;
  entry.header_offset = wide[2].value;
  PM_TRY_VOID(check_kind(entry));
  PM_TRY_VOID(check_sizes(entry, limits));
  return record;
}

}  // namespace

// A name that is valid UTF-8 is taken as it is, whether or not flag bit 11 says that it is UTF-8 (4.4.4, appendix D:
// without the bit it would be code page 437). Info-ZIP's zip writes UTF-8 names without the bit, and the signature
// covers the bytes, which are the same either way; what AWS does with such a name is not known.
Result<std::vector<Entry>> parse_central_directory(ByteView directory, std::uint64_t count, const Limits& limits) {
  if (count > directory.size() / kCentralSize) {
    return fail(ZipReason::central_directory_bounds,
                fmt::format("a central directory of {} bytes can't hold {} entries", directory.size(), count));
  }
  std::vector<Entry> entries;
  entries.reserve(static_cast<std::size_t>(count));
  std::uint64_t total = 0;
  for (std::uint64_t index = 0; index < count; ++index) {
    PM_TRY(const Record record, parse_record(directory, index, limits));
    // Neither is above its limit yet, so the difference can't wrap around.
    if (record.entry.uncompressed_size > limits.max_total - total) {
      return fail(ZipReason::total_too_large, fmt::format("the entries up to {} have more than {} bytes together",
                                                          quoted(record.entry.name), limits.max_total));
    }
    total += record.entry.uncompressed_size;
    directory = directory.subspan(record.size);
    entries.push_back(record.entry);
  }
  if (!directory.empty()) {
    return fail(ZipReason::central_directory_bounds,
                fmt::format("{} bytes of the central directory follow its {} entries", directory.size(), count));
  }
  return entries;
}

}  // namespace proofmark::codec::zip
