#include "x509/test_pki.h"

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>

#include "codec/der.h"
#include "crypto/hash.h"
#include "x509/algorithm.h"
#include "x509/oids.h"

namespace proofmark::test {
namespace {

namespace der = codec::der;

/// The value, or the end of the test program: a PKI that can't be made is no reason to go on.
template <class T>
T must(Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "the test PKI can't be made: %s\n", result.error().describe().c_str());
  std::abort();
}

Bytes next_serial() {
  static std::atomic<std::int64_t> serial = 0x1000;
  return der::encode_small_integer(++serial);
}

Bytes key_id(const crypto::PublicKey& key) {
  return to_bytes(crypto::hash(crypto::HashAlgorithm::sha256, key.spki()).bytes().first(20));
}

Bytes encode_basic_constraints(const x509::BasicConstraints& constraints) {
  const Bytes ca = constraints.is_ca ? der::encode_boolean(true) : Bytes{};
  const Bytes length = constraints.path_length ? der::encode_small_integer(*constraints.path_length) : Bytes{};
  return der::encode(der::Tag::sequence, {ca, length});
}

Bytes encode_extensions(const CertificateSpec& spec, const crypto::PublicKey& key, ByteView authority_key_id) {
  std::vector<Bytes> list;
  if (spec.basic_constraints) {
    list.push_back(extension(x509::oids::kBasicConstraints.content, spec.basic_constraints_critical,
                             encode_basic_constraints(*spec.basic_constraints)));
  }
  if (spec.key_usage) {
    list.push_back(extension(x509::oids::kKeyUsage.content, true, der::encode_named_bits(*spec.key_usage)));
  }
  if (!spec.purposes.empty()) {
    list.push_back(
        extension(x509::oids::kExtendedKeyUsage.content, false, der::encode(der::Tag::sequence, spec.purposes)));
  }
  if (spec.key_ids) {
    list.push_back(
        extension(x509::oids::kSubjectKeyId.content, false, der::encode(der::Tag::octet_string, key_id(key))));
    const Bytes id = der::encode(der::context_primitive(0), authority_key_id);
    list.push_back(extension(x509::oids::kAuthorityKeyId.content, false, der::encode(der::Tag::sequence, {id})));
  }
  for (const auto& more : spec.more_extensions) list.push_back(more);
  if (list.empty()) return {};
  return der::encode(der::context_constructed(3), {der::encode(der::Tag::sequence, list)});
}

Bytes sign_body(const crypto::SigningKey& signer, ByteView body) {
  const auto scheme = must(crypto::default_scheme(signer.public_key()));
  const auto digest = crypto::hash(crypto::hash_of(scheme), body);
  return must(signer.sign(scheme, crypto::SignatureEncoding::der, digest));
}

Bytes wrap(const CertificateParts& parts, const crypto::SigningKey& signer, bool broken) {
  const Bytes body =
      der::encode(der::Tag::sequence, {parts.version, parts.serial, parts.algorithm, parts.issuer, parts.validity,
                                       parts.subject, parts.public_key, parts.unique_ids, parts.extensions});
  const Bytes signature = sign_body(signer, broken ? as_bytes("something else") : ByteView(body));
  return der::encode(der::Tag::sequence, {body, parts.outer_algorithm, der::encode_bit_string(signature)});
}

}  // namespace

SharedKey new_key(crypto::KeyType type) {
  return must(crypto::generate_signing_key(type, 2048));
}

SharedKey rsa_key(int bits) {
  static std::mutex mutex;
  static std::map<int, SharedKey> keys;
  const std::lock_guard lock(mutex);
  auto& key = keys[bits];
  if (key == nullptr) key = must(crypto::generate_signing_key(crypto::KeyType::rsa, bits));
  return key;
}

Instant pki_time() {
  return at("2026-06-01T00:00:00Z");
}

CertificateSpec root_spec(std::string common_name) {
  return {.common_name = std::move(common_name),
          .not_before = at("2020-01-01T00:00:00Z"),
          .not_after = at("2120-01-01T00:00:00Z"),
          .basic_constraints = x509::BasicConstraints{.is_ca = true, .path_length = std::nullopt},
          .key_usage = usage_bits({x509::KeyUsage::key_cert_sign, x509::KeyUsage::crl_sign})};
}

CertificateSpec intermediate_spec(std::string common_name) {
  CertificateSpec spec = root_spec(std::move(common_name));
  spec.not_before = at("2025-01-01T00:00:00Z");
  spec.not_after = at("2035-01-01T00:00:00Z");
  return spec;
}

CertificateSpec leaf_spec(std::string common_name) {
  return {.common_name = std::move(common_name),
          .not_before = at("2026-01-01T00:00:00Z"),
          .not_after = at("2027-01-01T00:00:00Z"),
          .basic_constraints = x509::BasicConstraints{},
          .key_usage = usage_bits({x509::KeyUsage::digital_signature}),
          .purposes = {code_signing_oid()}};
}

std::uint32_t usage_bits(std::initializer_list<x509::KeyUsage> usages) {
  std::uint32_t bits = 0;
  for (const auto usage : usages) bits |= std::to_underlying(usage);
  return bits;
}

Bytes code_signing_oid() {
  return der::encode_oid(x509::oids::kCodeSigning);
}
Bytes time_stamping_oid() {
  return der::encode_oid(x509::oids::kTimeStamping);
}
Bytes server_auth_oid() {
  return der::encode_oid(x509::oids::kServerAuth);
}
Bytes any_purpose_oid() {
  return der::encode_oid(x509::oids::kAnyPurpose);
}

Bytes extension(ByteView oid_content, bool critical, ByteView value) {
  return der::encode(der::Tag::sequence,
                     {der::encode_oid({oid_content}), critical ? der::encode_boolean(true) : Bytes{},
                      der::encode(der::Tag::octet_string, value)});
}

Bytes unknown_critical_extension() {
  return extension(hex("2a0304"), true, hex("0500"));
}

Identity mint(const CertificateSpec& spec, const Identity* issuer, SharedKey key) {
  if (key == nullptr) key = new_key();
  const SharedKey signer = issuer == nullptr ? key : issuer->key;
  const Bytes encoded = wrap(parts_of(spec, *key, issuer), *signer, spec.broken_signature);
  return {must(x509::Certificate::parse(encoded)), key};
}

CertificateParts parts_of(const CertificateSpec& spec, const crypto::SigningKey& key, const Identity* issuer) {
  const crypto::SigningKey& signer = issuer == nullptr ? key : *issuer->key;
  const Bytes algorithm = x509::encode_signature_algorithm(must(crypto::default_scheme(signer.public_key())));
  const Bytes subject = common_name_only(spec.common_name);
  const Bytes authority = issuer != nullptr && issuer->certificate.subject_key_id()
                              ? to_bytes(*issuer->certificate.subject_key_id())
                              : key_id(signer.public_key());
  const Bytes version_3 = der::encode(der::context_constructed(0), {der::encode_small_integer(2)});
  return {.version = spec.version_1 ? Bytes{} : version_3,
          .serial = next_serial(),
          .algorithm = algorithm,
          .issuer = issuer == nullptr ? subject : to_bytes(issuer->certificate.subject()),
          .validity = validity(spec.not_before, spec.not_after),
          .subject = subject,
          .public_key = to_bytes(key.public_key().spki()),
          .unique_ids = {},
          .extensions = spec.version_1 ? Bytes{} : encode_extensions(spec, key.public_key(), authority),
          .outer_algorithm = algorithm};
}

Bytes assemble(const CertificateParts& parts, const crypto::SigningKey& signer) {
  return wrap(parts, signer, false);
}

Bytes common_name_only(std::string_view common_name) {
  const Bytes attribute =
      der::encode(der::Tag::sequence, {der::encode_oid(x509::oids::kCommonName), der::encode_utf8(common_name)});
  return der::encode(der::Tag::sequence, {der::encode(der::Tag::set, {attribute})});
}

Bytes validity(Instant not_before, Instant not_after) {
  return der::encode(der::Tag::sequence, {der::encode_x509_time(not_before), der::encode_x509_time(not_after)});
}

Pki new_pki() {
  Identity root = mint(root_spec());
  Identity intermediate = mint(intermediate_spec(), &root);
  Identity leaf = mint(leaf_spec(), &intermediate);
  return {std::move(root), std::move(intermediate), std::move(leaf)};
}

const Pki& shared_pki() {
  static const Pki pki = new_pki();
  return pki;
}

}  // namespace proofmark::test
