// Base64, strictly: standard with padding (RFC 4648, 4) and URL-safe without (RFC 4648, 5; JWS).
// Decoding accepts exactly what encoding makes: right padding, zero trailing bits, no white space.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace proofmark::codec {

enum class Base64Reason { not_base64 };
constexpr std::string_view reason_domain(Base64Reason) {
  return "base64";
}
constexpr ReasonInfo reason_info(Base64Reason) {
  return {Code::malformed, "not_base64"};
}
constexpr Base64Reason last_reason(Base64Reason) {
  return Base64Reason::not_base64;
}

std::string to_base64(ByteView bytes);
std::string to_base64url(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);
Result<Bytes> from_base64url(std::string_view text);

}  // namespace proofmark::codec
