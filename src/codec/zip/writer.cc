#include "codec/zip/writer.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <string_view>

#include "base/text.h"
#include "codec/zip/end_record.h"
#include "codec/zip/names.h"
#include "codec/zip/records.h"

namespace proofmark::codec::zip {
namespace {

constexpr std::size_t kBlock = 256U << 10U;

// Version made by: Unix, 2.0 (4.4.2). Version needed: 1.0, 2.0 for deflate, 4.5 for ZIP64 (4.4.3.2).
constexpr std::uint16_t kMadeBy = (3U << 8U) | 20U;
constexpr std::uint16_t kVersionStored = 10;
constexpr std::uint16_t kVersionDeflated = 20;
constexpr std::uint16_t kVersionZip64 = 45;

constexpr std::uint32_t kUnixFile = 0100000;
constexpr std::uint32_t kUnixDirectory = 0040000;
constexpr std::uint32_t kUnixPermissions = 07777;
constexpr std::uint32_t kDosDirectory = 0x10;
constexpr std::uint16_t kDefaultFileMode = 0644;
constexpr std::uint16_t kDefaultDirectoryMode = 0755;

/// An entry in the form in which it is written.
struct Packed {
  const NewEntry* entry = nullptr;
  Method method = Method::stored;
  Bytes deflated;
  ByteView data;  // the entry's own body, or `deflated`
  std::uint32_t crc32 = 0;
  std::uint64_t offset = 0;  // of its local header
};

bool is_directory(const NewEntry& entry) {
  return entry.name.ends_with('/');
}

/// A raw deflate stream of `body`, which is smaller than 4 GiB.
Bytes deflate_body(ByteView body) {
  z_stream stream{};
  constexpr int kMemoryLevel = 8;  // zlib's default
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, deflateEnd);
  Bytes out(deflateBound(&stream, static_cast<uLong>(body.size())));
  stream.next_in = const_cast<Bytef*>(body.data());  // zlib only reads it
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::bad_alloc();  // can't be: the bound is enough
  out.resize(stream.total_out);
  return out;
}

/// What a reader with these limits would refuse is not written.
Result<void> check_entry(const NewEntry& entry, const Limits& limits) {
  PM_TRY_VOID(check_name(entry.name, std::min<std::uint32_t>(limits.max_name, kSaturated16)));
  if (is_directory(entry) && !entry.body.empty()) {
    return fail(ZipReason::file_is_directory, fmt::format("entry {} is a directory with a body of {} bytes",
                                                          proofmark::quoted(entry.name), entry.body.size()));
  }
  // Half of what 32 bits hold: new entries need no ZIP64 sizes, even where deflate makes them larger.
  constexpr std::uint64_t kMostBody = std::numeric_limits<std::int32_t>::max();
  const std::uint64_t most = std::min(limits.max_entry, kMostBody);
  if (entry.body.size() > most) {
    return fail(ZipReason::too_large_to_write, fmt::format("entry {} has {} bytes, more than {}",
                                                           proofmark::quoted(entry.name), entry.body.size(), most));
  }
  return {};
}

Result<void> check_added(const std::vector<NewEntry>& added, std::span<const Entry> old, std::uint64_t old_total,
                         const Limits& limits) {
  if (old.size() + added.size() > limits.max_entries) {
    return fail(ZipReason::too_large_to_write,
                fmt::format("{} entries, more than {}", old.size() + added.size(), limits.max_entries));
  }
  std::uint64_t total = old_total;
  std::vector<std::string_view> names;
  names.reserve(old.size() + added.size());
  for (const Entry& entry : old) names.push_back(entry.name);
  for (const NewEntry& entry : added) {
    PM_TRY_VOID(check_entry(entry, limits));
    names.push_back(entry.name);
    total += entry.body.size();
  }
  if (total > limits.max_total) {
    return fail(ZipReason::too_large_to_write,
                fmt::format("{} bytes in all entries, more than {}", total, limits.max_total));
  }
  return check_tree(names);
}

Packed pack(const NewEntry& entry) {
  Packed packed;
  packed.entry = &entry;
  packed.method = is_directory(entry) ? Method::stored : entry.method;
  packed.crc32 = static_cast<std::uint32_t>(crc32_z(0, entry.body.data(), entry.body.size()));
  packed.data = entry.body;
  if (packed.method == Method::deflated) {
    packed.deflated = deflate_body(entry.body);
    packed.data = packed.deflated;
  }
  return packed;
}

struct DosTime {
  std::uint16_t time = 0;
  std::uint16_t date = 0;
};

/// MS-DOS date and time (4.4.6): two seconds, 1980 to 2107.
DosTime dos_time(Instant instant) {
  using namespace std::chrono;
  const Instant first = sys_days{year{1980} / January / 1};
  const Instant last = sys_days{year{2107} / December / 31} + hours{24} - milliseconds{1};
  const Instant inside = std::clamp(instant, first, last);
  const auto day = floor<days>(inside);
  const year_month_day date{day};
  const hh_mm_ss<milliseconds> time{inside - day};
  const auto years = static_cast<unsigned>(static_cast<int>(date.year()) - 1980);
  const auto part = [](auto value) { return static_cast<unsigned>(value.count()); };
  return {static_cast<std::uint16_t>((part(time.hours()) << 11U) | (part(time.minutes()) << 5U) |
                                     (part(time.seconds()) / 2)),
          static_cast<std::uint16_t>((years << 9U) | (static_cast<unsigned>(date.month()) << 5U) |
                                     static_cast<unsigned>(date.day()))};
}

std::uint32_t external_attributes(const NewEntry& entry) {
  const std::uint32_t permissions = entry.unix_mode & kUnixPermissions;
  if (!is_directory(entry)) return (kUnixFile | permissions) << 16U;
  const std::uint32_t mode = entry.unix_mode == kDefaultFileMode ? kDefaultDirectoryMode : permissions;
  return ((kUnixDirectory | mode) << 16U) | kDosDirectory;
}

bool needs_wide_offset(const Packed& packed) {
  return packed.offset >= kSaturated32;
}

/// The fields that local header and central record share: version needed to name length (4.3.7, 4.3.12).
void store_shared(Bytes& out, const Packed& packed) {
  const NewEntry& entry = *packed.entry;
  const bool ascii = std::ranges::all_of(entry.name, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const DosTime modified = dos_time(entry.modified);
  const std::uint16_t version = packed.method == Method::deflated ? kVersionDeflated : kVersionStored;
  store16(out, needs_wide_offset(packed) ? kVersionZip64 : version);
  store16(out, ascii ? std::uint16_t{0} : kFlagUtf8);
  store16(out, static_cast<std::uint16_t>(packed.method));
  store16(out, modified.time);
  store16(out, modified.date);
  store32(out, packed.crc32);
  store32(out, static_cast<std::uint32_t>(packed.data.size()));
  store32(out, static_cast<std::uint32_t>(entry.body.size()));
  store16(out, static_cast<std::uint16_t>(entry.name.size()));
}

Bytes local_header(const Packed& packed) {
  Bytes out;
  store32(out, kLocalSignature);
  store_shared(out, packed);
  store16(out, 0);  // no extra fields
  proofmark::append(out, as_bytes(packed.entry->name));
  return out;
}

void store_central(Bytes& out, const Packed& packed) {
  constexpr std::uint16_t kOffsetField = 8;
  const bool wide = needs_wide_offset(packed);
  store32(out, kCentralSignature);
  store16(out, kMadeBy);
  store_shared(out, packed);
  store16(out, wide ? kOffsetField + 4 : 0);
  store16(out, 0);  // comment
  store16(out, 0);  // disk
  store16(out, 0);  // internal attributes
  store32(out, external_attributes(*packed.entry));
  store32(out, wide ? kSaturated32 : static_cast<std::uint32_t>(packed.offset));
  proofmark::append(out, as_bytes(packed.entry->name));
  if (wide) {
    store16(out, kExtraZip64);
    store16(out, kOffsetField);
    store64(out, packed.offset);
  }
}

/// The end record, with the ZIP64 one and its locator in front where a field would be saturated (4.3.14 to 4.3.16).
Bytes end_records(std::uint64_t entries, std::uint64_t directory_size, std::uint64_t directory_offset,
                  ByteView comment) {
  Bytes out;
  if (entries >= kSaturated16 || directory_size >= kSaturated32 || directory_offset >= kSaturated32) {
    store32(out, kZip64EndSignature);
    store64(out, kZip64EndSize - 12);
    store16(out, (3U << 8U) | kVersionZip64);
    store16(out, kVersionZip64);
    store32(out, 0);  // this disk
    store32(out, 0);  // the directory's disk
    store64(out, entries);
    store64(out, entries);
    store64(out, directory_size);
    store64(out, directory_offset);
    store32(out, kZip64LocatorSignature);
    store32(out, 0);  // the ZIP64 record's disk
    store64(out, directory_offset + directory_size);
    store32(out, 1);  // disks
  }
  const auto count = static_cast<std::uint16_t>(std::min<std::uint64_t>(entries, kSaturated16));
  store32(out, kEndSignature);
  store16(out, 0);  // this disk
  store16(out, 0);  // the directory's disk
  store16(out, count);
  store16(out, count);
  store32(out, static_cast<std::uint32_t>(std::min<std::uint64_t>(directory_size, kSaturated32)));
  store32(out, static_cast<std::uint32_t>(std::min<std::uint64_t>(directory_offset, kSaturated32)));
  store16(out, static_cast<std::uint16_t>(comment.size()));
  proofmark::append(out, comment);
  return out;
}

Result<void> copy_front(const RandomAccess& source, std::uint64_t size, FileWriter& out,
                        const std::function<void(std::uint64_t)>& progress) {
  Bytes block(static_cast<std::size_t>(std::min<std::uint64_t>(size, kBlock)));
  for (std::uint64_t at = 0; at < size;) {
    const auto piece = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(size - at, kBlock)));
    PM_TRY_VOID(source.read_at(at, piece));
    PM_TRY_VOID(out.write(piece));
    at += piece.size();
    if (progress) progress(at);
  }
  return {};
}

/// What stays of an archive when entries are added.
struct Old {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;  // of what lies in front of the central directory
  ByteView directory;
  ByteView comment;
};

/// Writes what comes behind the old entries, which `out` has already.
Result<void> write_rest(const Old& old, const std::vector<NewEntry>& added, const Limits& limits, FileWriter& out) {
  Bytes directory = to_bytes(old.directory);
  std::uint64_t offset = old.size;
  for (const NewEntry& entry : added) {
    Packed packed = pack(entry);
    packed.offset = offset;
    const Bytes header = local_header(packed);
    PM_TRY_VOID(out.write(header));
    PM_TRY_VOID(out.write(packed.data));
    offset += header.size() + packed.data.size();
    store_central(directory, packed);
  }
  if (directory.size() > limits.max_central_directory) {
    return fail(ZipReason::too_large_to_write, fmt::format("a central directory of {} bytes, more than {}",
                                                           directory.size(), limits.max_central_directory));
  }
  PM_TRY_VOID(out.write(directory));
  PM_TRY_VOID(out.write(end_records(old.entries + added.size(), directory.size(), offset, old.comment)));
  // Something in front may by now look like an end record whose comment reaches the new end.
  PM_TRY(const auto written, out.written());
  PM_TRY(const EndRecord end, find_end_record(*written));
  return {};
}

/// Takes an archive into memory.
class MemoryWriter final : public FileWriter {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override {
    proofmark::append(bytes_, bytes);
    return {};
  }
  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override {
    return std::make_unique<MemoryAccess>(bytes_);
  }
  [[nodiscard]] Result<void> commit() override { return {}; }
  [[nodiscard]] Bytes take() && { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

}  // namespace

Result<void> append(const Archive& archive, const std::vector<NewEntry>& added, FileWriter& out,
                    const std::function<void(std::uint64_t)>& progress) {
  PM_TRY_VOID(check_added(added, archive.entries(), archive.total_uncompressed(), archive.limits()));
  const Old old{archive.entries().size(), archive.central_directory_offset(), archive.central_directory(),
                archive.comment()};
  PM_TRY_VOID(copy_front(archive.source(), old.size, out, progress));
  return write_rest(old, added, archive.limits(), out);
}

Result<Bytes> make_archive(const std::vector<NewEntry>& entries) {
  const Limits limits;
  PM_TRY_VOID(check_added(entries, {}, 0, limits));
  MemoryWriter out;
  PM_TRY_VOID(write_rest({}, entries, limits, out));
  return std::move(out).take();
}

}  // namespace proofmark::codec::zip
