// Public keys, and signing keys behind a port. OpenSSL stays inside crypto.
//
// Keys are parsed once and kept: parsing costs about 95 us, a P-384 verification 460 us (deps: OpenSSL 3.0). A
// PublicKey is a cheap, shared, immutable handle; its operations may be called from several threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/hash.h"
#include "crypto/reasons.h"

namespace proofmark::crypto {

enum class KeyType : std::uint8_t { rsa, ec_p256, ec_p384, ec_p521 };

/// "RSA-2048", "EC-P384": what a person reads.
std::string describe(KeyType type, int bits);

/// Signature algorithms. PKCS#1 v1.5 is only verified (certificates carry it); we never sign with it.
/// RFC 8017 (PSS with MGF1 of the same hash and a salt as long as the hash), FIPS 186-5.
enum class SignatureScheme : std::uint8_t {
  rsa_pss_sha256,
  rsa_pss_sha384,
  rsa_pss_sha512,
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  ecdsa_sha256,
  ecdsa_sha384,
  ecdsa_sha512,
};

HashAlgorithm hash_of(SignatureScheme scheme);
std::string_view name(SignatureScheme scheme);  // "ECDSA-SHA384", "RSASSA-PSS-SHA256", …

/// How an ECDSA signature is written: DER ECDSA-Sig-Value (RFC 3279; X.509, CMS) or r || s, each as long as the curve's
/// order (RFC 7518; JWS, COSE). RSA signatures are the same in both.
enum class SignatureEncoding : std::uint8_t { der, fixed };

/// What verifies ECDSA over P-384, the bottleneck of the product: OpenSSL unless a faster one is set. Public data only.
class P384Verifier {
 public:
  P384Verifier() = default;
  P384Verifier(const P384Verifier&) = delete;
  P384Verifier& operator=(const P384Verifier&) = delete;
  virtual ~P384Verifier() = default;
  /// `point` is the uncompressed public point (97 bytes), known to be on the curve; `r` and `s` are 48 bytes each,
  /// known to be in [1, n-1]. True when the signature is good.
  [[nodiscard]] virtual bool verify(ByteView point, ByteView digest, ByteView r, ByteView s) const = 0;
};

class PublicKey {
 public:
  /// From a DER SubjectPublicKeyInfo (RFC 5280, 4.1). RSA of 2048, 3072 or 4096 bits with an odd exponent of 3 to
  /// 2^32-1; EC as a named curve, uncompressed point, checked to lie on it. Reasons: malformed_key, unsupported_key,
  /// invalid_key, backend_failure.
  static Result<PublicKey> from_spki(ByteView der);

  [[nodiscard]] KeyType type() const;
  [[nodiscard]] int bits() const;  // of the modulus, or of the curve's field
  /// The DER SubjectPublicKeyInfo that from_spki was given (canonical for keys made here).
  [[nodiscard]] ByteView spki() const;

  /// Checks a signature over a digest. Strict: DER must be canonical, fixed-width must be exactly twice the order's
  /// length. Reasons: scheme_mismatch, bad_digest_length, bad_signature, backend_failure.
  [[nodiscard]] Result<void> verify(SignatureScheme scheme, SignatureEncoding encoding, const Digest& digest,
                                    ByteView signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return equal(a.spki(), b.spki()); }

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// A key that signs: from a file, sealed in a store, or in a PKCS#11 token. Thread-safe.
class SigningKey {
 public:
  SigningKey() = default;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  virtual ~SigningKey() = default;

  [[nodiscard]] virtual const PublicKey& public_key() const = 0;
  /// Reasons: scheme_mismatch (a PKCS#1 v1.5 scheme too), bad_digest_length, backend_failure.
  [[nodiscard]] virtual Result<Bytes> sign(SignatureScheme scheme, SignatureEncoding encoding,
                                           const Digest& digest) const = 0;
};

/// The scheme that a key of this type and size signs with by the Notary Project's rule: P-256/384/521 with
/// SHA-256/384/512, RSA-2048/3072/4096 with PSS and SHA-256/384/512. (notation facts, "algorithms")
Result<SignatureScheme> default_scheme(const PublicKey& key);

/// Reads one private key: PKCS#8 ("PRIVATE KEY", "ENCRYPTED PRIVATE KEY" with PBES2), or the traditional "EC PRIVATE
/// KEY" and "RSA PRIVATE KEY", also encrypted. `passphrase` may be null. Other PEM blocks before it ("EC PARAMETERS")
/// are passed over. The same rules for sizes and curves as PublicKey::from_spki. At most 64 KiB; a passphrase that
/// would take minutes to hash (PBKDF2 over 4 million iterations, scrypt with N * r * p over 2^22) is unsupported_key.
/// Reasons: malformed_key, unsupported_key, invalid_key, passphrase_required, wrong_passphrase, backend_failure.
Result<std::unique_ptr<SigningKey>> load_signing_key(ByteView pem, const SecretBytes* passphrase);

/// A new key; `bits` counts for RSA only. Reasons: unsupported_key, backend_failure.
Result<std::unique_ptr<SigningKey>> generate_signing_key(KeyType type, int bits = 3072);

/// PKCS#8 PEM of a key that was loaded or generated here; encrypted with PBES2 (scrypt or PBKDF2-HMAC-SHA256,
/// AES-256-CBC) when there is a passphrase. Reasons: unsupported_key (a key that can't leave its token),
/// backend_failure.
Result<SecretBytes> private_key_pem(const SigningKey& key, const SecretBytes* passphrase);

/// Replaces the P-384 verifier of this process; null goes back to OpenSSL. Not thread-safe: call it at start.
void set_p384_verifier(std::shared_ptr<const P384Verifier> verifier);

}  // namespace proofmark::crypto
