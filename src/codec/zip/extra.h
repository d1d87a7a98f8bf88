// Extra fields of local headers and central records: only those that say something about names, sizes or encryption
// matter.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "codec/zip/reasons.h"

namespace proofmark::codec::zip {

/// The contents of the fields that we read.
struct ExtraFields {
  std::optional<ByteView> zip64;
  std::optional<ByteView> unicode_path;
};

/// Splits the extra fields of the entry `name`, which its header holds exactly so; checks a Unicode Path against it.
/// Reasons: bad_extra_field (they don't tile their space, or an id comes twice), encrypted, unicode_path_mismatch.
/// Sources: APPNOTE 4.5.1, 4.5.2, 4.6.9.
Result<ExtraFields> split_extra(ByteView extra, std::string_view name);

/// A field of 32 bits that a ZIP64 extra field may widen.
struct Wide {
  std::uint64_t value;
  [[nodiscard]] bool saturated() const { return value == 0xffffffff; }
};

enum class Zip64Form {
  central,  // holds the saturated fields: uncompressed size, compressed size, header offset
  local,    // holds both sizes when one is saturated (4.5.3)
};

/// Replaces saturated fields by those of the ZIP64 extra field, which holds them in the order of `fields`. It may also
/// hold unsaturated ones behind them (Go repeats the offset), which must then agree with the header. Reasons:
/// zip64_mismatch, multi_disk, bad_extra_field (its size).
Result<void> widen(std::optional<ByteView> zip64, Zip64Form form, std::span<Wide> fields, std::string_view name);

}  // namespace proofmark::codec::zip
