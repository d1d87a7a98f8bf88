// The boundary list: what makes the cut between names and bodies part of what is signed. docs/adr/0004.
//
// The signed content is one stream of names and bodies without lengths, so a package can be cut differently and still
// verify. A package whose last signed member is "META_INF/proofmark_boundaries_v1" says in it how long each name and
// body before it is:
//
//   boundaries 1\n
//   <name bytes> <body bytes>\n        one line for each member before this one, decimal, no leading zeros
//
// The list is inside the stream, and no second place of the stream can be read as a list that ends it: the member's
// name has its only "M" in front, and the list's grammar has no "M". So exactly one cut of the stream fits, and the
// signature covers it. That needs a signer who either adds the list or signs no stream that ends like one by itself:
// sign() sees to both.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "codec/zip/reader.h"
#include "lambda_package/reasons.h"

namespace proofmark::lambda_package {

inline constexpr std::string_view kBoundariesName = "META_INF/proofmark_boundaries_v1";

/// Watches a signed stream go by and tells whether it ends like a boundary list: then somebody who re-cuts it could
/// make a list of what is only text in a file. Pieces may be cut anywhere.
class BoundaryListScanner {
 public:
  void update(ByteView piece);
  [[nodiscard]] bool ends_like_a_list() const { return state_ == State::line_start; }

 private:
  enum class State : std::uint8_t { name, header, line_start, name_length, space, body_length };
  void step(char c);
  void restart(char c);
  State state_ = State::name;
  std::size_t matched_ = 0;  // characters of the member's name, or of the header
};

/// The list for an archive that gets `more` members (name length, body length) appended before the list.
Bytes boundary_list(const codec::zip::Archive& archive, std::span<const std::pair<std::size_t, std::size_t>> more);

/// The archive's last signed member must be the list, and must describe all members before it.
/// Reasons: boundaries_not_pinned (no list, or not in last place), bad_boundaries, ZipReason.
Result<void> require_pinned_boundaries(const codec::zip::Archive& archive);

}  // namespace proofmark::lambda_package
