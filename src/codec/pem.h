// PEM: textual encodings of binary structures. RFC 7468 (strict and lax parts named below).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace proofmark::codec {

enum class PemReason {
  no_block,      // no BEGIN line, one that is not well-formed, or an END line without one
  unterminated,  // no END line, or one with another label
  headers,       // RFC 1421 headers ("Proc-Type: …"), which nothing that we read has
  bad_body,      // not base64 in lines of 1 to 76 characters, or no line at all
  too_many_blocks,
  trailing_text,  // read_only_pem: something but white space outside the block
};
constexpr std::string_view reason_domain(PemReason) {
  return "pem";
}
constexpr ReasonInfo reason_info(PemReason reason) {
  switch (reason) {
    case PemReason::no_block:
      return {Code::malformed, "no_block"};
    case PemReason::unterminated:
      return {Code::malformed, "unterminated"};
    case PemReason::headers:
      return {Code::malformed, "headers"};
    case PemReason::bad_body:
      return {Code::malformed, "bad_body"};
    case PemReason::too_many_blocks:
      return {Code::exhausted, "too_many_blocks"};
    case PemReason::trailing_text:
      return {Code::malformed, "trailing_text"};
  }
  return {Code::internal, "unknown"};
}
constexpr PemReason last_reason(PemReason) {
  return PemReason::trailing_text;
}

struct PemBlock {
  std::string label;  // "CERTIFICATE"
  Bytes data;
};

/// Every block in order; text outside of blocks is passed over (explanatory text, RFC 7468 section 5.2). At least one
/// block. Laxer than RFC 7468's strict form: lines end with LF or CRLF, body lines have 1 to 76 characters, blanks may
/// follow BEGIN and END lines. Labels are as section 3 has them, of 1 to 64 characters. The caller bounds the size of
/// `text`. Reasons: all but trailing_text.
Result<std::vector<PemBlock>> read_pem(std::string_view text, std::size_t max_blocks);

/// Exactly one block, with nothing but white space around it. Reasons: all.
Result<PemBlock> read_only_pem(std::string_view text);

/// 64 characters a line, LF, with a final LF. The label must be one that read_pem takes, and `data` not be empty, for
/// the result to be readable; a label that isn't one is an error of the caller's program, which ends it.
std::string write_pem(std::string_view label, ByteView data);

}  // namespace proofmark::codec
