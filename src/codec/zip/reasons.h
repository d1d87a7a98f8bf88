// Why a ZIP archive is refused: one enumerator per way.
#pragma once

#include "base/error.h"

namespace proofmark::codec::zip {

enum class ZipReason {
  no_end_record,             // not a ZIP archive: no end of central directory record
  ambiguous_end_record,      // more than one place could be the end record
  trailing_bytes,            // bytes after the end record and its comment
  multi_disk,                // split archives
  zip64_mismatch,            // ZIP64 records that are absent where needed, present where not, or that disagree
  central_directory_bounds,  // the central directory is not exactly where the end record says
  central_directory_size,    // larger than Limits::max_central_directory
  too_many_entries,
  truncated,            // a record runs past the end of its space
  bad_signature,        // a record does not start with its magic number
  bad_extra_field,      // extra fields that do not tile their space, or a known one of wrong size
  header_mismatch,      // local header and central directory disagree (the message names the field)
  descriptor_mismatch,  // the data descriptor disagrees with the central directory
  overlap,              // two entries share bytes
  gap,                  // bytes that belong to no entry (before, between or behind the entries)
  encrypted,
  unsupported_method,  // neither stored nor deflated
  unsupported_flag,    // patched data, masked headers, or a reserved flag
  name_too_long,
  name_not_utf8,
  unsafe_name,            // absolute, "..", backslash, drive, control character, empty component
  unicode_path_mismatch,  // the Info-ZIP Unicode Path field names another file
  duplicate_name,         // twice the same, or the same after cleaning, case folding and Unicode normalisation
  file_is_directory,      // one entry is a file where another needs a directory, or a directory with a body
  entry_too_large,
  total_too_large,
  ratio_too_large,  // claims to grow more than Limits::max_ratio
  bad_deflate,      // the compressed data is not a deflate stream of exactly its stated length
  size_mismatch,    // the body is not as long as stated
  crc_mismatch,
  too_large_to_write,  // the writer's own limits
};

constexpr std::string_view reason_domain(ZipReason) {
  return "zip";
}
constexpr ReasonInfo reason_info(ZipReason reason) {
  switch (reason) {
    case ZipReason::no_end_record:
      return {Code::malformed, "no_end_record"};
    case ZipReason::ambiguous_end_record:
      return {Code::malformed, "ambiguous_end_record"};
    case ZipReason::trailing_bytes:
      return {Code::malformed, "trailing_bytes"};
    case ZipReason::multi_disk:
      return {Code::unsupported, "multi_disk"};
    case ZipReason::zip64_mismatch:
      return {Code::malformed, "zip64_mismatch"};
    case ZipReason::central_directory_bounds:
      return {Code::malformed, "central_directory_bounds"};
    case ZipReason::central_directory_size:
      return {Code::exhausted, "central_directory_size"};
    case ZipReason::too_many_entries:
      return {Code::exhausted, "too_many_entries"};
    case ZipReason::truncated:
      return {Code::malformed, "truncated"};
    case ZipReason::bad_signature:
      return {Code::malformed, "bad_signature"};
    case ZipReason::bad_extra_field:
      return {Code::malformed, "bad_extra_field"};
    case ZipReason::header_mismatch:
      return {Code::malformed, "header_mismatch"};
    case ZipReason::descriptor_mismatch:
      return {Code::malformed, "descriptor_mismatch"};
    case ZipReason::overlap:
      return {Code::malformed, "overlap"};
    case ZipReason::gap:
      return {Code::malformed, "gap"};
    case ZipReason::encrypted:
      return {Code::unsupported, "encrypted"};
    case ZipReason::unsupported_method:
      return {Code::unsupported, "unsupported_method"};
    case ZipReason::unsupported_flag:
      return {Code::unsupported, "unsupported_flag"};
    case ZipReason::name_too_long:
      return {Code::exhausted, "name_too_long"};
    case ZipReason::name_not_utf8:
      return {Code::malformed, "name_not_utf8"};
    case ZipReason::unsafe_name:
      return {Code::malformed, "unsafe_name"};
    case ZipReason::unicode_path_mismatch:
      return {Code::malformed, "unicode_path_mismatch"};
    case ZipReason::duplicate_name:
      return {Code::malformed, "duplicate_name"};
    case ZipReason::file_is_directory:
      return {Code::malformed, "file_is_directory"};
    case ZipReason::entry_too_large:
      return {Code::exhausted, "entry_too_large"};
    case ZipReason::total_too_large:
      return {Code::exhausted, "total_too_large"};
    case ZipReason::ratio_too_large:
      return {Code::exhausted, "ratio_too_large"};
    case ZipReason::bad_deflate:
      return {Code::malformed, "bad_deflate"};
    case ZipReason::size_mismatch:
      return {Code::malformed, "size_mismatch"};
    case ZipReason::crc_mismatch:
      return {Code::malformed, "crc_mismatch"};
    case ZipReason::too_large_to_write:
      return {Code::exhausted, "too_large_to_write"};
  }
  return {Code::internal, "unknown"};
}
constexpr ZipReason last_reason(ZipReason) {
  return ZipReason::too_large_to_write;
}

}  // namespace proofmark::codec::zip
