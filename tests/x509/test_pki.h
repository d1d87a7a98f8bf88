// A virtual PKI: certificates of any shape, right or wrong, minted in memory in a millisecond each. For the tests of
// every folder that deals with certificates; link proofmark_test_pki.
//
// Serial numbers count up and times are fixed, so that two runs differ in keys and signatures only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/key.h"
#include "support/support.h"
#include "x509/certificate.h"
#include "x509/chain.h"

namespace proofmark::test {

using SharedKey = std::shared_ptr<const crypto::SigningKey>;

/// A new key.
SharedKey new_key(crypto::KeyType type = crypto::KeyType::ec_p384);
/// One RSA key for each size, made when it is first asked for: they are slow to make.
SharedKey rsa_key(int bits);

/// A time at which everything that the functions below make by default is valid.
Instant pki_time();  // 2026-06-01T00:00:00Z

/// What a certificate says.
struct CertificateSpec {
  std::string common_name;
  Instant not_before;
  Instant not_after;
  std::optional<x509::BasicConstraints> basic_constraints = {};
  bool basic_constraints_critical = true;
  std::optional<std::uint32_t> key_usage = {};
  std::vector<Bytes> purposes = {};  // whole OBJECT IDENTIFIER elements; none: no extendedKeyUsage
  bool key_ids = true;
  std::vector<Bytes> more_extensions = {};  // whole Extension elements
  bool version_1 = false;                   // no extensions then
  bool broken_signature = false;            // of the right form, over something else
};

/// A root: critical CA:TRUE, keyCertSign and cRLSign; 2020 to 2120.
CertificateSpec root_spec(std::string common_name = "Test Root");
/// A CA below a root, without a path length; 2025 to 2035.
CertificateSpec intermediate_spec(std::string common_name = "Test Intermediate");
/// A code signing leaf: digitalSignature, codeSigning; 2026 to 2027.
CertificateSpec leaf_spec(std::string common_name = "Test Leaf");

std::uint32_t usage_bits(std::initializer_list<x509::KeyUsage> usages);
/// OBJECT IDENTIFIER elements of purposes.
Bytes code_signing_oid();
Bytes time_stamping_oid();
Bytes server_auth_oid();
Bytes any_purpose_oid();
/// An Extension element; `value` is what the OCTET STRING holds.
Bytes extension(ByteView oid_content, bool critical, ByteView value);
/// A critical extension that nobody knows (1.2.3.4).
Bytes unknown_critical_extension();

/// A certificate and its key.
struct Identity {
  x509::Certificate certificate;
  SharedKey key;
};

/// A certificate by `spec`, signed by `issuer`, or by itself when there is none. With a new P-384 key unless `key` is
/// given. The test ends when the result can't be parsed: for such, see CertificateParts.
Identity mint(const CertificateSpec& spec, const Identity* issuer = nullptr, SharedKey key = nullptr);

/// The elements of a certificate, each a whole DER element (or nothing), for tests that spoil one of them.
struct CertificateParts {
  Bytes version;
  Bytes serial;
  Bytes algorithm;
  Bytes issuer;
  Bytes validity;
  Bytes subject;
  Bytes public_key;
  Bytes unique_ids;
  Bytes extensions;       // with its [3]
  Bytes outer_algorithm;  // the one behind the body
};
/// The parts of what mint(spec) makes.
CertificateParts parts_of(const CertificateSpec& spec, const crypto::SigningKey& key, const Identity* issuer = nullptr);
/// The certificate of these parts, signed with `signer`.
Bytes assemble(const CertificateParts& parts, const crypto::SigningKey& signer);

Bytes common_name_only(std::string_view common_name);  // a DER Name
Bytes validity(Instant not_before, Instant not_after);

/// A root, a CA below it and a code signing leaf, all P-384 and without a fault.
struct Pki {
  Identity root;
  Identity intermediate;
  Identity leaf;
  [[nodiscard]] x509::TrustedRoots roots() const { return x509::TrustedRoots({root.certificate}); }
  [[nodiscard]] std::vector<x509::Certificate> candidates() const { return {intermediate.certificate}; }
};
Pki new_pki();
/// One for the whole process.
const Pki& shared_pki();

}  // namespace proofmark::test
