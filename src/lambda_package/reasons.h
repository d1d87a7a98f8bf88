// Why a package is refused, beside the reasons of the ZIP reader, the envelope and the certificates.
#pragma once

#include "base/error.h"

namespace proofmark::lambda_package {

enum class PackageReason {
  empty,  // no member to sign
  already_signed,
  too_large,             // over 250 MiB uncompressed
  bad_signature_member,  // the .SF member is no PEM block labelled PKCS7, or too large
  bad_claim,             // a signed attribute (job, profile, expiry) that is absent or not what it must be
  claims_disagree,       // job and profile of different partitions or Regions, or an expiry not after the signing time
  signed_in_the_future,
  boundaries_not_pinned,  // strict mode: names and bodies could be shifted without the signature noticing
  bad_boundaries,         // a boundary list that isn't that of this package
  bad_validity,           // a validity period out of range
  read_back_failed,       // what was signed did not verify when it was read back: nothing was written
  bad_revocation_list,
};
constexpr std::string_view reason_domain(PackageReason) {
  return "lambda_package";
}
constexpr ReasonInfo reason_info(PackageReason reason) {
  switch (reason) {
    case PackageReason::empty:
      return {Code::invalid_argument, "empty"};
    case PackageReason::already_signed:
      return {Code::conflict, "already_signed"};
    case PackageReason::too_large:
      return {Code::exhausted, "too_large"};
    case PackageReason::bad_signature_member:
      return {Code::malformed, "bad_signature_member"};
    case PackageReason::bad_claim:
      return {Code::malformed, "bad_claim"};
    case PackageReason::claims_disagree:
      return {Code::untrusted, "claims_disagree"};
    case PackageReason::signed_in_the_future:
      return {Code::untrusted, "signed_in_the_future"};
    case PackageReason::boundaries_not_pinned:
      return {Code::untrusted, "boundaries_not_pinned"};
    case PackageReason::bad_boundaries:
      return {Code::untrusted, "bad_boundaries"};
    case PackageReason::bad_validity:
      return {Code::invalid_argument, "bad_validity"};
    case PackageReason::read_back_failed:
      return {Code::internal, "read_back_failed"};
    case PackageReason::bad_revocation_list:
      return {Code::malformed, "bad_revocation_list"};
  }
  return {Code::internal, "unknown"};
}
constexpr PackageReason last_reason(PackageReason) {
  return PackageReason::bad_revocation_list;
}

}  // namespace proofmark::lambda_package
