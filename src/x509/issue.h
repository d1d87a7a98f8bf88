// Issues certificates, for people who have no PKI and for tests. RFC 5280.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"
#include "x509/certificate.h"

namespace proofmark::x509 {

enum class CertificateKind : std::uint8_t { root, intermediate, code_signing };

struct CertificateRequest {
  CertificateKind kind;
  std::string common_name;                 // UTF-8, 1 to 64 characters (RFC 5280, ub-common-name)
  std::string organization = "Proofmark";  // may be empty
  Instant not_before;                      // cut to the second
  Instant not_after;
};

/// A certificate for `subject_key`, signed by `issuer_key`. For a root, `issuer` is null and both keys are the same.
/// root: CA, critical, keyCertSign + cRLSign. intermediate: CA with pathLen 0. code_signing: CA:FALSE, critical
/// digitalSignature, EKU codeSigning. All have subject and authority key ids (SHA-1 of the key bits, RFC 5280 4.2.1.2
/// (1), is not for security: we use the leftmost 160 bits of SHA-256, RFC 7093 method 1) and a random 128-bit serial.
/// The result is parsed and its signature checked before it is handed out.
/// RSA keys sign with PSS, EC keys with their curve's hash (crypto::default_scheme). Times before 2050 are UTCTime.
/// Reasons: X509Reason::malformed (a name that is not 1 to 64 characters of UTF-8 without control characters, a time
/// span outside of 1950 to 9999, an issuer for a root or none for another, a key that is not the issuer's), not_a_ca
/// and path_too_long (the issuer may not issue this), CryptoReason.
Result<Certificate> issue(const CertificateRequest& request, const crypto::PublicKey& subject_key,
                          const Certificate* issuer, const crypto::SigningKey& issuer_key, Random& random);

}  // namespace proofmark::x509
