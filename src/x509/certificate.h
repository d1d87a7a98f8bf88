// X.509 certificates: parsed strictly from DER, immutable, cheap to share. RFC 5280.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/key.h"
#include "x509/reasons.h"

namespace proofmark::x509 {

/// KeyUsage bits as they stand in the extension: bit 0 is digitalSignature. RFC 5280, 4.2.1.3.
enum class KeyUsage : std::uint32_t {
  digital_signature = 1U << 0U,
  content_commitment = 1U << 1U,
  key_encipherment = 1U << 2U,
  data_encipherment = 1U << 3U,
  key_agreement = 1U << 4U,
  key_cert_sign = 1U << 5U,
  crl_sign = 1U << 6U,
  encipher_only = 1U << 7U,
  decipher_only = 1U << 8U,
};

/// ExtendedKeyUsage purposes that somebody here asks about; others are kept as OIDs only. RFC 5280, 4.2.1.12.
enum class Purpose : std::uint8_t {
  code_signing,
  time_stamping,
  ocsp_signing,
  server_auth,
  client_auth,
  email_protection,
  any
};

struct BasicConstraints {
  bool is_ca = false;
  std::optional<std::uint32_t> path_length;
};

/// SHA-256 over the whole DER: what tells certificates apart in caches and for people.
using Fingerprint = std::array<std::uint8_t, 32>;

class Certificate {
 public:
  /// Limits: 64 KiB, 64 extensions, 16 KiB a name. Version 3 only, except self-issued version 1 certificates without
  /// extensions. The issuer's signature isn't checked here; key, name, time and extension syntax is. A serial is 0 or
  /// more, of at most 20 octets. Refused although some accept them: GeneralizedTime before 2050, unique ids, defaults
  /// that are spelt out, duplicate extensions, a CA without a subject, critical key ids. (RFC 5280, section 4) Reasons:
  /// malformed to bad_extension; the key's are CryptoReason.
  static Result<Certificate> parse(ByteView der);

  [[nodiscard]] ByteView der() const;
  [[nodiscard]] ByteView tbs() const;      // the signed part, as encoded
  [[nodiscard]] ByteView issuer() const;   // DER Name
  [[nodiscard]] ByteView subject() const;  // DER Name
  [[nodiscard]] ByteView serial() const;   // content of the INTEGER
  [[nodiscard]] Instant not_before() const;
  [[nodiscard]] Instant not_after() const;
  [[nodiscard]] const crypto::PublicKey& public_key() const;
  [[nodiscard]] bool is_version_1() const;  // self-issued, without extensions
  [[nodiscard]] crypto::SignatureScheme signature_scheme() const;
  [[nodiscard]] ByteView signature() const;

  [[nodiscard]] std::optional<BasicConstraints> basic_constraints() const;
  [[nodiscard]] bool basic_constraints_critical() const;
  /// Absent: no restriction was stated.
  [[nodiscard]] std::optional<std::uint32_t> key_usage() const;
  [[nodiscard]] bool key_usage_critical() const;
  [[nodiscard]] bool allows(KeyUsage usage) const;  // false when the extension is absent
  [[nodiscard]] const std::optional<std::vector<Purpose>>& extended_key_usage() const;
  [[nodiscard]] std::size_t extended_key_usage_count() const;  // known and unknown purposes
  [[nodiscard]] bool has_purpose(Purpose purpose) const;       // exactly that one; `any` does not imply it
  [[nodiscard]] std::optional<ByteView> subject_key_id() const;
  [[nodiscard]] std::optional<ByteView> authority_key_id() const;
  /// Critical extensions that nothing here understands, dotted: such a certificate is never valid in a chain.
  [[nodiscard]] const std::vector<std::string>& unknown_critical_extensions() const;

  [[nodiscard]] const Fingerprint& fingerprint() const;
  /// Issuer and subject are the same name. Says nothing about the signature. Names are compared byte for byte, here and
  /// in chains: what RFC 5280 (7.1) would also call equal (case, white space, string type) is a different name to us,
  /// which can make a chain fail and can't make one pass.
  [[nodiscard]] bool is_self_issued() const;

  /// Checks `signature()` of this certificate with the issuer's key. Reasons: CryptoReason, X509Reason::bad_signature.
  [[nodiscard]] Result<void> verify_signed_by(const crypto::PublicKey& issuer_key) const;

  friend bool operator==(const Certificate& a, const Certificate& b) { return equal(a.der(), b.der()); }

 private:
  struct State;
  explicit Certificate(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// "CN=Example,O=Company,C=US": RFC 4514, most specific first, fit for a terminal: RFC 4514's escapes, and
/// base/text.h's for what would change the display. Attribute types without a short name are dotted, their values '#'
/// and hexadecimal DER. What is no Name (a certificate's always is one) is '#' and hexadecimal.
std::string name_to_string(ByteView der_name);
/// The serial in whole octets of lower-case hexadecimal without leading zero octets, as openssl shows it: "00", "0b0f".
std::string serial_to_string(const Certificate& certificate);

/// All CERTIFICATE blocks of a PEM text, in order; text outside the blocks is passed over, other blocks are refused.
/// Limits: 1 MiB, 32 certificates (RFC 7468). Reasons: X509Reason::too_large, bad_pem, no_certificate,
/// too_many_certificates, and those of parse.
Result<std::vector<Certificate>> parse_pem_chain(ByteView pem);

/// A CERTIFICATE PEM block, 64 characters a line.
std::string to_pem(const Certificate& certificate);

}  // namespace proofmark::x509
