// Finds the end of central directory record, and the ZIP64 one that may belong to it.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "codec/zip/reasons.h"

namespace proofmark::codec::zip {

struct EndRecord {
  std::uint64_t entries = 0;
  std::uint64_t directory_size = 0;    // bytes
  std::uint64_t directory_offset = 0;  // directory_offset + directory_size is where the end records begin
  Bytes comment;
};

/// Reads at most 65,633 bytes: the end of the file and, when there is one, the ZIP64 record.
/// Reasons: no_end_record, ambiguous_end_record, trailing_bytes, truncated, multi_disk, zip64_mismatch, bad_signature,
/// central_directory_bounds; FileReason. Sources: APPNOTE 4.3.14 to 4.3.16, 4.4.1.4.
Result<EndRecord> find_end_record(const RandomAccess& source);

}  // namespace proofmark::codec::zip
