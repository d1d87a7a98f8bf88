// Writes ZIP archives: appends entries to a copy of an existing one, whose bytes stay as they were (nothing is
// recompressed), and makes new ones. Sources: PKWARE APPNOTE 6.3.10.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/file.h"
#include "codec/zip/reader.h"

namespace proofmark::codec::zip {

/// A new entry. A name that ends with '/' is a directory: it has no body and is stored.
struct NewEntry {
  std::string name;  // UTF-8, refused by the rules that the reader has
  Bytes body;
  Method method = Method::deflated;
  std::uint16_t unix_mode = 0644;  // a directory's defaults to 0755 when left so
  Instant modified;                // DOS times hold 1980 to 2107 in steps of 2 s, UTC; outside, the nearest
};

/// Copies the entries of `archive` byte for byte, in order, to `out`, then `added`, then a new central directory (the
/// old records byte for byte, then the new ones) and end record with the old comment. ZIP64 records only where needed.
/// `progress`, when set, is told how many of the source's bytes were copied.
/// What it writes opens again under the limits that `archive` was opened with. The caller commits `out`.
/// Reasons: too_large_to_write (a limit would be passed), file_is_directory (a directory with a body), the name rules
/// (duplicate_name against the archive's own entries too), ambiguous_end_record (by chance, or the old comment's
/// doing), FileReason.
Result<void> append(const Archive& archive, const std::vector<NewEntry>& added, FileWriter& out,
                    const std::function<void(std::uint64_t)>& progress = {});

/// A whole new archive in memory (tests, demos, small artefacts). Same rules and reasons; the limits are the default
/// ones.
Result<Bytes> make_archive(const std::vector<NewEntry>& entries);

}  // namespace proofmark::codec::zip
