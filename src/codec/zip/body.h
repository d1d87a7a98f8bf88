// Streams the body of one entry, inflated and checked, in constant memory.
#pragma once

#include "base/file.h"
#include "base/result.h"
#include "codec/zip/reader.h"

namespace proofmark::codec::zip {

/// The largest piece that a sink is given, in bytes.
inline constexpr std::size_t kMaxPiece = 256U << 10U;

/// Reasons: bad_deflate, size_mismatch, crc_mismatch; FileReason; and whatever the sink says.
Result<void> read_body(const RandomAccess& source, const Entry& entry, const Sink& sink);

}  // namespace proofmark::codec::zip
