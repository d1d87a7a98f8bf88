// Distinguished names: the syntax check that parsing a certificate needs. Names are compared byte for byte everywhere.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "x509/reasons.h"

namespace proofmark::x509 {

/// Checks a DER Name (tag, length and content): a SEQUENCE of non-empty sorted SETs of attribute and string. At most 16
/// KiB. Strings are Printable, UTF-8, IA5, T61, BMP, Universal or Numeric and hold what their type can. `which` is
/// "issuer" or "subject", for the message. RFC 5280, 4.1.2.4. Reasons: malformed, too_large.
Result<void> check_name(ByteView der_name, std::string_view which);

}  // namespace proofmark::x509
