// The boundary list: what makes the cut between names and bodies part of what is signed. docs/adr/0004.
//
// The signed content is one stream of names and bodies without lengths, so a package can be cut differently and still verify. A package
// whose last signed member is "META_INF/proofmark_boundaries_v1" says in it how long each name and body before it is:
//
//   boundaries 1\n
//   <name bytes> <body bytes>\n        one line for each member before this one, decimal, no leading zeros
//
// The list is inside the stream, and no second place of the stream can be read as a list that ends it: the member's name has its only "M"
// in front, and the list's grammar has no "M". So exactly one cut of the stream fits, and the signature covers it.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "codec/zip/reader.h"
#include "lambda_package/reasons.h"

namespace proofmark::lambda_package {

inline constexpr std::string_view kBoundariesName = "META_INF/proofmark_boundaries_v1";

/// The list for an archive that gets `more` members (name length, body length) appended before the list.
Bytes boundary_list(const codec::zip::Archive& archive, std::span<const std::pair<std::size_t, std::size_t>> more);

/// The archive's last signed member must be the list, and must describe all members before it.
/// Reasons: boundaries_not_pinned (no list, or not in last place), bad_boundaries, ZipReason.
Result<void> require_pinned_boundaries(const codec::zip::Archive& archive);

}  // namespace proofmark::lambda_package
