// The extensions of a certificate that decide something here. RFC 5280, section 4.2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "x509/certificate.h"

namespace proofmark::x509 {

/// What the extensions say; the views lie in the parsed input.
struct Extensions {
  std::optional<BasicConstraints> basic_constraints;
  bool basic_constraints_critical = false;
  std::optional<std::uint32_t> key_usage;
  bool key_usage_critical = false;
  std::optional<std::vector<Purpose>> purposes;
  std::size_t purpose_count = 0;
  std::optional<ByteView> subject_key_id;
  std::optional<ByteView> authority_key_id;
  std::vector<std::string> unknown_critical;  // dotted
};

/// Reads the Extensions SEQUENCE (what is inside [3]): 1 to 64 of them, none twice. Extensions that nothing here
/// decides on are passed over, and listed when they are critical; that goes for name constraints and policies too.
/// Reasons: malformed, too_large, duplicate_extension, bad_extension.
Result<Extensions> parse_extensions(ByteView encoded);

}  // namespace proofmark::x509
