#include "codec/zip/extra.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "codec/zip/records.h"

namespace proofmark::codec::zip {
namespace {

constexpr std::size_t kFieldHeader = 4;  // id, length
constexpr std::size_t kWideSize = 8;
constexpr std::size_t kDiskSize = 4;

/// Version 1, the CRC-32 of the header's name, the name in UTF-8 (4.6.9). Readers fall back to the header's name when
/// that CRC is stale, or use the field's; so both must be right.
Result<void> check_unicode_path(ByteView field, std::string_view name) {
  constexpr std::size_t kPathHeader = 5;
  if (field.size() < kPathHeader) {
    return fail(ZipReason::bad_extra_field, fmt::format("entry {}: the Unicode Path field is cut short", quoted(name)));
  }
  const ByteView bytes = as_bytes(name);
  const auto crc = static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
  if (field[0] != 1 || load32(field, 1) != crc || !equal(field.subspan(kPathHeader), bytes)) {
    return fail(ZipReason::unicode_path_mismatch,
                fmt::format("entry {}: the Unicode Path field does not repeat the name", quoted(name)));
  }
  return {};
}

Result<void> take_field(ExtraFields& fields, std::uint16_t id, ByteView content, std::string_view name) {
  switch (id) {
    case kExtraZip64:
      fields.zip64 = content;
      return {};
    case kExtraUnicodePath:
      fields.unicode_path = content;
      return check_unicode_path(content, name);
    case kExtraStrongEncryption:
    case kExtraAes:
      return fail(ZipReason::encrypted, fmt::format("entry {} is encrypted (extra field {:#06x})", quoted(name), id));
    default:
      return {};  // times, owners, alignment, Java's mark: nothing that changes a name or a body
  }
}

}  // namespace

Result<ExtraFields> split_extra(ByteView extra, std::string_view name) {
  ExtraFields fields;
  std::vector<std::uint16_t> ids;
  while (!extra.empty()) {
    if (extra.size() < kFieldHeader || extra.size() - kFieldHeader < load16(extra, 2)) {
      return fail(ZipReason::bad_extra_field,
                  fmt::format("entry {}: the extra fields do not fill their space exactly", quoted(name)));
    }
    const std::uint16_t id = load16(extra, 0);
    const std::size_t length = load16(extra, 2);
    ids.push_back(id);
    PM_TRY_VOID(take_field(fields, id, extra.subspan(kFieldHeader, length), name));
    extra = extra.subspan(kFieldHeader + length);
  }
  std::ranges::sort(ids);
  const auto twice = std::ranges::adjacent_find(ids);
  if (twice != ids.end()) {
    return fail(ZipReason::bad_extra_field,
                fmt::format("entry {}: extra field {:#06x} comes twice", quoted(name), *twice));
  }
  return fields;
}

Result<void> widen(std::optional<ByteView> zip64, Zip64Form form, std::span<Wide> fields, std::string_view name) {
  const auto saturated = static_cast<std::size_t>(std::ranges::count_if(fields, &Wide::saturated));
  if (!zip64) {
    if (saturated == 0) return {};
    return fail(ZipReason::zip64_mismatch,
                fmt::format("entry {}: a saturated size or offset without a ZIP64 extra field", quoted(name)));
  }
  const ByteView content = *zip64;
  if (form == Zip64Form::local && saturated != 0 && content.size() != fields.size() * kWideSize) {
    return fail(ZipReason::bad_extra_field,
                fmt::format("entry {}: the local ZIP64 extra field does not hold both sizes", quoted(name)));
  }
  // Readers that go by position and readers that count saturated fields agree in two cases only: the field holds
  // nothing but the saturated ones, or these come first.
  const bool exact = content.size() == saturated * kWideSize;
  const bool leading = std::ranges::is_partitioned(fields, &Wide::saturated);
  const bool with_disk = form == Zip64Form::central && content.size() == fields.size() * kWideSize + kDiskSize;
  const bool whole = content.size() % kWideSize == 0 && content.size() <= fields.size() * kWideSize;
  if (!exact && !((whole || with_disk) && leading && content.size() >= saturated * kWideSize)) {
    return fail(ZipReason::bad_extra_field,
                fmt::format("entry {}: a ZIP64 extra field of {} bytes for {} saturated fields", quoted(name),
                            content.size(), saturated));
  }
  std::size_t at = 0;
  for (Wide& field : fields) {
    if (at + kWideSize > content.size() || (exact && !field.saturated())) continue;
    const std::uint64_t value = load64(content, at);
    at += kWideSize;
    if (!field.saturated() && field.value != value) {
      return fail(ZipReason::zip64_mismatch, fmt::format("entry {}: the ZIP64 extra field says {}, the header {}",
                                                         quoted(name), value, field.value));
    }
    field.value = value;
  }
  if (with_disk && load32(content, at) != 0) {
    return fail(ZipReason::multi_disk, fmt::format("entry {} starts on disk {}", quoted(name), load32(content, at)));
  }
  return {};
}

}  // namespace proofmark::codec::zip
