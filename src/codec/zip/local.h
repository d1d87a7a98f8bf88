// Compares local headers and data descriptors with the central directory, and how the entries lie in the file.
#pragma once

#include <cstdint>
#include <span>

#include "base/file.h"
#include "base/result.h"
#include "codec/zip/reader.h"

namespace proofmark::codec::zip {

/// Sets data_offset and end_offset of every entry. Afterwards the entries fill the file from 0 to `directory_offset`
/// exactly, in whatever order, and readers that go by the local headers see the same as those that go by the central
/// directory. One kind of reader is beyond help: a stored body with a descriptor (Go, Python and Node write it) ends
/// where the central directory says, so what a reader of a pipe makes of it is up to that reader. Reasons: gap,
/// overlap, truncated, bad_signature, header_mismatch, descriptor_mismatch, bad_extra_field, zip64_mismatch, encrypted,
/// unicode_path_mismatch; FileReason. Source: APPNOTE 4.3.7, 4.3.9, 4.4, 4.5.3.
Result<void> check_local_headers(const RandomAccess& source, std::span<Entry> entries, std::uint64_t directory_offset);

}  // namespace proofmark::codec::zip
