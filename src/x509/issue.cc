#include "x509/issue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "codec/der.h"
#include "crypto/hash.h"
#include "x509/algorithm.h"
#include "x509/oids.h"
#include "x509/syntax.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;

constexpr std::size_t kMaxNameCharacters = 64;  // ub-common-name and ub-organization-name, RFC 5280, appendix A
constexpr std::size_t kKeyIdSize = 20;          // RFC 7093, method 1
constexpr std::size_t kSerialSize = 16;

std::unexpected<Error> bad_request(std::string message) {
  return fail(X509Reason::malformed, std::move(message));
}

/// A name for a person: UTF-8, no control characters, at most 64 characters.
Result<void> check_text(std::string_view text, std::string_view which) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  if (!is_utf8(text)) return bad_request(fmt::format("the {} {} is not UTF-8", which, quoted(text)));
  if (std::ranges::any_of(text, control)) {
    return bad_request(fmt::format("the {} {} has control characters", which, quoted(text)));
  }
  if (std::cmp_greater(std::ranges::count_if(text, starts_character), kMaxNameCharacters)) {
    return bad_request(fmt::format("the {} {} has more than {} characters", which, quoted(text), kMaxNameCharacters));
  }
  return {};
}

Result<void> check_times(const CertificateRequest& request) {
  const Instant earliest = std::chrono::sys_days{std::chrono::year{1950} / 1 / 1};
  if (request.not_before < earliest || request.not_after > kLatestInstant || request.not_before > request.not_after) {
    return bad_request("the validity of a certificate is a time span in the years 1950 to 9999");
  }
  return {};
}

/// An issuer that could never be in a valid chain with the new certificate is refused now, not when it is used.
Result<void> check_issuer(const CertificateRequest& request, const crypto::PublicKey& subject_key,
                          const Certificate* issuer, const crypto::SigningKey& issuer_key) {
  if (request.kind == CertificateKind::root) {
    if (issuer != nullptr) return bad_request("a root certificate has no other issuer");
    if (subject_key != issuer_key.public_key()) return bad_request("a root certificate is signed with its own key");
    return {};
  }
  if (issuer == nullptr) return bad_request("a certificate that is no root needs an issuer");
  if (issuer->public_key() != issuer_key.public_key()) {
    return bad_request("the signing key is not that of the issuer's certificate");
  }
  const auto constraints = issuer->basic_constraints();
  if (!constraints || !constraints->is_ca || !issuer->allows(KeyUsage::key_cert_sign)) {
    return fail(X509Reason::not_a_ca, "the issuer's certificate may not sign certificates");
  }
  if (request.kind == CertificateKind::intermediate && constraints->path_length == 0U) {
    return fail(X509Reason::path_too_long, "the issuer's certificate allows no CA below it");
  }
  return {};
}

Result<void> check_request(const CertificateRequest& request) {
  if (request.common_name.empty()) return bad_request("a certificate needs a common name");
  PM_TRY_VOID(check_text(request.common_name, "common name"));
  PM_TRY_VOID(check_text(request.organization, "organization"));
  return check_times(request);
}

Bytes attribute(const der::Oid& type, std::string_view text) {
  const Bytes pair = der::encode(der::Tag::sequence, {der::encode_oid(type), der::encode_utf8(text)});
  return der::encode(der::Tag::set, {pair});
}

/// Least specific first, as X.501 wants it.
Bytes encode_name(const CertificateRequest& request) {
  std::vector<Bytes> rdns;
  if (!request.organization.empty()) rdns.push_back(attribute(oids::kOrganization, request.organization));
  rdns.push_back(attribute(oids::kCommonName, request.common_name));
  return der::encode(der::Tag::sequence, rdns);
}

Bytes encode_extension(const der::Oid& oid, bool critical, ByteView value) {
  const Bytes octets = der::encode(der::Tag::octet_string, value);
  if (!critical) return der::encode(der::Tag::sequence, {der::encode_oid(oid), octets});
  return der::encode(der::Tag::sequence, {der::encode_oid(oid), der::encode_boolean(true), octets});
}

Bytes encode_basic_constraints(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::root:
      return der::encode(der::Tag::sequence, {der::encode_boolean(true)});
    case CertificateKind::intermediate:
      return der::encode(der::Tag::sequence, {der::encode_boolean(true), der::encode_small_integer(0)});
    case CertificateKind::code_signing:
      break;
  }
  return der::encode(der::Tag::sequence, ByteView{});
}

std::uint32_t key_usage_of(CertificateKind kind) {
  if (kind == CertificateKind::code_signing) return std::to_underlying(KeyUsage::digital_signature);
  return std::to_underlying(KeyUsage::key_cert_sign) | std::to_underlying(KeyUsage::crl_sign);
}

/// The leftmost 160 bits of the SHA-256 of the key's bits. RFC 7093, method 1.
Result<Bytes> key_id_of(const crypto::PublicKey& key) {
  der::Reader outer(key.spki());
  PM_TRY(auto spki, reading("subjectPublicKeyInfo", outer.enter(der::Tag::sequence)));
  PM_TRY_VOID(reading("subjectPublicKeyInfo", spki.read(der::Tag::sequence)));
  PM_TRY(const auto bits, reading("subjectPublicKeyInfo", spki.read_bit_string()));
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha256, bits);
  return to_bytes(digest.bytes().first(kKeyIdSize));
}

Result<Bytes> encode_extensions(CertificateKind kind, const crypto::PublicKey& subject_key, const Certificate* issuer) {
  PM_TRY(const auto subject_key_id, key_id_of(subject_key));
  const Bytes authority_key_id =
      issuer == nullptr ? subject_key_id : to_bytes(issuer->subject_key_id().value_or(ByteView{}));
  std::vector<Bytes> list;
  list.push_back(encode_extension(oids::kBasicConstraints, true, encode_basic_constraints(kind)));
  list.push_back(encode_extension(oids::kKeyUsage, true, der::encode_named_bits(key_usage_of(kind))));
  if (kind == CertificateKind::code_signing) {
    const Bytes purposes = der::encode(der::Tag::sequence, {der::encode_oid(oids::kCodeSigning)});
    list.push_back(encode_extension(oids::kExtendedKeyUsage, false, purposes));
  }
  list.push_back(encode_extension(oids::kSubjectKeyId, false, der::encode(der::Tag::octet_string, subject_key_id)));
  if (!authority_key_id.empty()) {
    const Bytes id = der::encode(der::context_primitive(0), authority_key_id);
    list.push_back(encode_extension(oids::kAuthorityKeyId, false, der::encode(der::Tag::sequence, {id})));
  }
  return der::encode(der::context_constructed(3), {der::encode(der::Tag::sequence, list)});
}

/// TBSCertificate. RFC 5280, 4.1.
Result<Bytes> encode_body(const CertificateRequest& request, const crypto::PublicKey& subject_key,
                          const Certificate* issuer, ByteView algorithm, Random& random) {
  std::array<std::uint8_t, kSerialSize> serial{};
  random.fill(serial);
  PM_TRY(const auto extensions, encode_extensions(request.kind, subject_key, issuer));
  const Bytes subject = encode_name(request);
  const auto to_second = [](Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); };
  const Bytes validity = der::encode(der::Tag::sequence, {der::encode_x509_time(to_second(request.not_before)),
                                                          der::encode_x509_time(to_second(request.not_after))});
  const Bytes version = der::encode(der::context_constructed(0), {der::encode_small_integer(2)});
  return der::encode(der::Tag::sequence, {version, der::encode_unsigned(serial), algorithm,
                                          issuer == nullptr ? ByteView(subject) : issuer->subject(), validity, subject,
                                          subject_key.spki(), extensions});
}

}  // namespace

Result<Certificate> issue(const CertificateRequest& request, const crypto::PublicKey& subject_key,
                          const Certificate* issuer, const crypto::SigningKey& issuer_key, Random& random) {
  PM_TRY_VOID(check_request(request));
  PM_TRY_VOID(check_issuer(request, subject_key, issuer, issuer_key));
  PM_TRY(const auto scheme, crypto::default_scheme(issuer_key.public_key()));
  const Bytes algorithm = encode_signature_algorithm(scheme);
  PM_TRY(const auto body, encode_body(request, subject_key, issuer, algorithm, random));
  const auto digest = crypto::hash(crypto::hash_of(scheme), body);
  PM_TRY(const auto signature, issuer_key.sign(scheme, crypto::SignatureEncoding::der, digest));
  const Bytes encoded = der::encode(der::Tag::sequence, {body, algorithm, der::encode_bit_string(signature)});
  PM_TRY(auto certificate, Certificate::parse(encoded));
  PM_TRY_VOID(certificate.verify_signed_by(issuer_key.public_key()));
  return certificate;
}

}  // namespace proofmark::x509
