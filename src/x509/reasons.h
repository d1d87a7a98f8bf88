// Why a certificate or a chain is refused.
#pragma once

#include "base/error.h"

namespace proofmark::x509 {

enum class X509Reason {
  malformed,  // not a certificate in strict DER
  too_large,
  unsupported_version,
  unsupported_algorithm,  // signed with an algorithm that we do not use (SHA-1, MD5, DSA, …)
  algorithm_mismatch,     // inner and outer signature algorithm differ
  duplicate_extension,
  bad_extension,  // a known extension that is not what RFC 5280 says
  bad_pem,
  no_certificate,  // a PEM text without one
  too_many_certificates,
  // chains
  issuer_not_found,  // no certificate at hand issued this one
  untrusted_root,    // the chain ends, but not at a trusted root
  bad_signature,     // the issuer's key did not make this certificate's signature
  not_yet_valid,
  expired,
  not_a_ca,       // an issuer without basicConstraints CA:TRUE, or without keyCertSign
  path_too_long,  // pathLenConstraint, or over 32 certificates
  unknown_critical_extension,
  wrong_key_usage,  // the leaf may not sign
  wrong_purpose,    // the leaf (or an issuer that limits purposes) is not for this use
  leaf_is_ca,
  wrong_key,         // a key type that the profile does not allow
  search_exhausted,  // no chain was found within the bound on signature checks
};

constexpr std::string_view reason_domain(X509Reason) {
  return "x509";
}
constexpr ReasonInfo reason_info(X509Reason reason) {
  switch (reason) {
    case X509Reason::malformed:
      return {Code::malformed, "malformed"};
    case X509Reason::too_large:
      return {Code::exhausted, "too_large"};
    case X509Reason::unsupported_version:
      return {Code::unsupported, "unsupported_version"};
    case X509Reason::unsupported_algorithm:
      return {Code::unsupported, "unsupported_algorithm"};
    case X509Reason::algorithm_mismatch:
      return {Code::malformed, "algorithm_mismatch"};
    case X509Reason::duplicate_extension:
      return {Code::malformed, "duplicate_extension"};
    case X509Reason::bad_extension:
      return {Code::malformed, "bad_extension"};
    case X509Reason::bad_pem:
      return {Code::malformed, "bad_pem"};
    case X509Reason::no_certificate:
      return {Code::malformed, "no_certificate"};
    case X509Reason::too_many_certificates:
      return {Code::exhausted, "too_many_certificates"};
    case X509Reason::issuer_not_found:
      return {Code::untrusted, "issuer_not_found"};
    case X509Reason::untrusted_root:
      return {Code::untrusted, "untrusted_root"};
    case X509Reason::bad_signature:
      return {Code::untrusted, "bad_signature"};
    case X509Reason::not_yet_valid:
      return {Code::untrusted, "not_yet_valid"};
    case X509Reason::expired:
      return {Code::expired, "expired"};
    case X509Reason::not_a_ca:
      return {Code::untrusted, "not_a_ca"};
    case X509Reason::path_too_long:
      return {Code::untrusted, "path_too_long"};
    case X509Reason::unknown_critical_extension:
      return {Code::untrusted, "unknown_critical_extension"};
    case X509Reason::wrong_key_usage:
      return {Code::untrusted, "wrong_key_usage"};
    case X509Reason::wrong_purpose:
      return {Code::untrusted, "wrong_purpose"};
    case X509Reason::leaf_is_ca:
      return {Code::untrusted, "leaf_is_ca"};
    case X509Reason::wrong_key:
      return {Code::untrusted, "wrong_key"};
    case X509Reason::search_exhausted:
      return {Code::exhausted, "search_exhausted"};
  }
  return {Code::internal, "unknown"};
}
constexpr X509Reason last_reason(X509Reason) {
  return X509Reason::search_exhausted;
}

}  // namespace proofmark::x509
