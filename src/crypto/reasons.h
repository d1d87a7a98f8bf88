// Why a cryptographic operation is refused.
#pragma once

#include "base/error.h"

namespace proofmark::crypto {

enum class CryptoReason {
  malformed_key,        // not a key in a form that we read
  unsupported_key,      // a key type, curve or size that we do not use
  invalid_key,          // a key whose numbers are not those of a key (point off the curve, even modulus, …)
  passphrase_required,  // an encrypted key and no passphrase
  wrong_passphrase,     // or a damaged encrypted key: the two can't be told apart
  scheme_mismatch,      // the signature scheme does not go with the key
  bad_digest_length,    // the digest is not the scheme's
  bad_signature,        // the signature is not that of this key over this digest
  bad_aead_key,         // an AEAD key or nonce of wrong length
  bad_seal,             // an AEAD ciphertext that was not made with this key, nonce and context
  backend_failure,      // OpenSSL or the token failed for its own reasons
};

constexpr std::string_view reason_domain(CryptoReason) {
  return "crypto";
}
constexpr ReasonInfo reason_info(CryptoReason reason) {
  switch (reason) {
    case CryptoReason::malformed_key:
      return {Code::malformed, "malformed_key"};
    case CryptoReason::unsupported_key:
      return {Code::unsupported, "unsupported_key"};
    case CryptoReason::invalid_key:
      return {Code::malformed, "invalid_key"};
    case CryptoReason::passphrase_required:
      return {Code::invalid_argument, "passphrase_required"};
    case CryptoReason::wrong_passphrase:
      return {Code::denied, "wrong_passphrase"};
    case CryptoReason::scheme_mismatch:
      return {Code::invalid_argument, "scheme_mismatch"};
    case CryptoReason::bad_digest_length:
      return {Code::invalid_argument, "bad_digest_length"};
    case CryptoReason::bad_signature:
      return {Code::untrusted, "bad_signature"};
    case CryptoReason::bad_aead_key:
      return {Code::invalid_argument, "bad_aead_key"};
    case CryptoReason::bad_seal:
      return {Code::untrusted, "bad_seal"};
    case CryptoReason::backend_failure:
      return {Code::internal, "backend_failure"};
  }
  return {Code::internal, "unknown"};
}
constexpr CryptoReason last_reason(CryptoReason) {
  return CryptoReason::backend_failure;
}

}  // namespace proofmark::crypto
