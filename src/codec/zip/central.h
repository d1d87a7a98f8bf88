// Reads the central directory: what each record says, as far as it can be judged without the rest of the file.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "codec/zip/reader.h"

namespace proofmark::codec::zip {

/// Reads `count` records that fill `directory` exactly. The entries' names are views into it; data_offset and
/// end_offset are left 0. `count` and the size of `directory` are within `limits` already. Reasons:
/// central_directory_bounds, truncated, bad_signature, bad_extra_field, zip64_mismatch, multi_disk, encrypted,
/// unsupported_method, unsupported_flag, size_mismatch, file_is_directory, name_too_long, name_not_utf8, unsafe_name,
/// unicode_path_mismatch, entry_too_large, total_too_large, ratio_too_large. Source: APPNOTE 4.3.12, 4.4.
Result<std::vector<Entry>> parse_central_directory(ByteView directory, std::uint64_t count, const Limits& limits);

}  // namespace proofmark::codec::zip
