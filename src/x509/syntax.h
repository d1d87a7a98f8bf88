// Turns what the DER reader says into what x509 says: our reason, the part that was being read, the reader's error as
// cause.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/result.h"
#include "x509/reasons.h"

namespace proofmark::x509 {

/// reading("serialNumber", reader.read_integer()): the value, or `reason` with the reader's error as its cause.
template <class T>
Result<T> reading(std::string_view part, Result<T> result, X509Reason reason = X509Reason::malformed) {
  if (result) return result;
  Error error(reason, fmt::format("the certificate's {} is not valid DER", part));
  return std::unexpected<Error>(std::move(error).caused_by(std::move(result).error()));
}

}  // namespace proofmark::x509
