// Detached CMS SignedData with signed attributes, as the signed Lambda zip carries it. RFC 5652, RFC 6211 (algorithm
// protection); aws-signing facts 1.3 and 1.4.
//
// Accepted: one signer, identified by issuer and serial number; SHA-384 and ECDSA; no encapsulated content; no CRLs; no
// unsigned attributes. AWS Signer writes indefinite lengths around the whole: the wrappers may have them, what is
// signed may not.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "codec/der.h"
#include "crypto/hash.h"
#include "x509/chain.h"

namespace proofmark::envelope::cms {

enum class CmsReason {
  malformed,  // not the structure, or not strict DER where it must be
  too_large,
  not_signed_data,  // another content type
  unsupported_version,
  unsupported_algorithm,  // anything but SHA-384 and ecdsa-with-SHA384
  attached_content,       // the content is inside; ours is detached
  unexpected_field,       // CRLs or unsigned attributes
  not_one_signer,
  no_signer_certificate,  // no certificate, or more than one, is the one that the signer names
  attributes_not_sorted,
  duplicate_attribute,
  bad_attribute,  // not exactly one value of its type, or a value that is not what it must be
  missing_attribute,
  algorithm_protection,  // the protected algorithms are not those used
  digest_mismatch,       // the content is not what was signed
  bad_signature,
};
constexpr std::string_view reason_domain(CmsReason) {
  return "cms";
}
constexpr ReasonInfo reason_info(CmsReason reason) {
  switch (reason) {
    case CmsReason::malformed:
      return {Code::malformed, "malformed"};
    case CmsReason::too_large:
      return {Code::exhausted, "too_large"};
    case CmsReason::not_signed_data:
      return {Code::malformed, "not_signed_data"};
    case CmsReason::unsupported_version:
      return {Code::unsupported, "unsupported_version"};
    case CmsReason::unsupported_algorithm:
      return {Code::unsupported, "unsupported_algorithm"};
    case CmsReason::attached_content:
      return {Code::unsupported, "attached_content"};
    case CmsReason::unexpected_field:
      return {Code::unsupported, "unexpected_field"};
    case CmsReason::not_one_signer:
      return {Code::unsupported, "not_one_signer"};
    case CmsReason::no_signer_certificate:
      return {Code::untrusted, "no_signer_certificate"};
    case CmsReason::attributes_not_sorted:
      return {Code::malformed, "attributes_not_sorted"};
    case CmsReason::duplicate_attribute:
      return {Code::malformed, "duplicate_attribute"};
    case CmsReason::bad_attribute:
      return {Code::malformed, "bad_attribute"};
    case CmsReason::missing_attribute:
      return {Code::malformed, "missing_attribute"};
    case CmsReason::algorithm_protection:
      return {Code::untrusted, "algorithm_protection"};
    case CmsReason::digest_mismatch:
      return {Code::untrusted, "digest_mismatch"};
    case CmsReason::bad_signature:
      return {Code::untrusted, "bad_signature"};
  }
  return {Code::internal, "unknown"};
}
constexpr CmsReason last_reason(CmsReason) {
  return CmsReason::bad_signature;
}

inline constexpr std::size_t kMaxEnvelope = 1U << 20U;  // bytes; AWS's are about 3.2 KB
inline constexpr std::size_t kMaxCertificates = 32;
inline constexpr std::size_t kMaxAttributes = 64;

/// One signed attribute: its type and its one value, as encoded.
struct Attribute {
  codec::der::Oid type;
  ByteView value;
};

/// Parsed, nothing checked: what it says must not be acted on. Shows itself for inspection only.
class UnverifiedSignedData {
 public:
  /// Keeps a copy of `encoded`. Certificates are parsed through `certificates`.
  /// Reasons: CmsReason up to algorithm_protection, X509Reason.
  static Result<UnverifiedSignedData> parse(ByteView encoded, x509::CertificateCache& certificates);

  /// In the order of the envelope, which means nothing: it is a SET.
  [[nodiscard]] const std::vector<x509::Certificate>& certificates() const;
  [[nodiscard]] const x509::Certificate& signer_certificate() const;
  [[nodiscard]] const std::vector<Attribute>& attributes() const;
  [[nodiscard]] std::optional<ByteView> attribute(const codec::der::Oid& type) const;
  [[nodiscard]] Instant signing_time() const;
  [[nodiscard]] const crypto::Digest& message_digest() const;

 private:
  friend class VerifiedSignedData;
  struct State;
  explicit UnverifiedSignedData(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// Signed by a chain that ends at a trusted root, valid when it was signed, over exactly this content. Only verify()
/// makes one.
class VerifiedSignedData {
 public:
  /// `content_digest` is the hash of the detached content. The chain is judged at the signed signing time, since a leaf
  /// lives for days and a signature for years (aws-signing facts 1.6); that this time isn't in the future is for the
  /// caller, who has the clock. Reasons: digest_mismatch, bad_signature, X509Reason.
  static Result<VerifiedSignedData> verify(const UnverifiedSignedData& unverified, const crypto::Digest& content_digest,
                                           const x509::TrustedRoots& roots, const x509::ChainProfile& profile,
                                           x509::ChainCache& chains);

  [[nodiscard]] const x509::Chain& chain() const { return chain_; }
  [[nodiscard]] Instant signing_time() const { return signed_.signing_time(); }
  [[nodiscard]] std::optional<ByteView> attribute(const codec::der::Oid& type) const { return signed_.attribute(type); }

 private:
  VerifiedSignedData(UnverifiedSignedData data, x509::Chain chain)
      : signed_(std::move(data)), chain_(std::move(chain)) {}
  UnverifiedSignedData signed_;
  x509::Chain chain_;
};

}  // namespace proofmark::envelope::cms
