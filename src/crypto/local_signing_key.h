// A signing key whose private number is in this process, in OpenSSL's keeping. Private to crypto.
#pragma once

#include "crypto/key.h"
#include "crypto/openssl_handles.h"

namespace proofmark::crypto {

class LocalSigningKey final : public SigningKey {
 public:
  /// Takes over a private key, once it is known to follow the rules of PublicKey::from_spki and to belong to its public
  /// key. Reasons: unsupported_key, invalid_key, backend_failure.
  static Result<std::unique_ptr<SigningKey>> adopt(openssl::PkeyPtr pkey);

  [[nodiscard]] const PublicKey& public_key() const override { return public_key_; }
  /// The signature is not verified before it is handed out: for P-384 that would halve the rate. Whoever makes an
  /// artefact reads it back through its verifier, which covers the signature and everything around it (design, decision
  /// 6).
  [[nodiscard]] Result<Bytes> sign(SignatureScheme scheme, SignatureEncoding encoding,
                                   const Digest& digest) const override;

  [[nodiscard]] EVP_PKEY* pkey() const { return pkey_.get(); }

 private:
  LocalSigningKey(openssl::PkeyPtr pkey, openssl::PkeyContext signing, PublicKey public_key)
      : pkey_(std::move(pkey)), signing_(std::move(signing)), public_key_(std::move(public_key)) {}

  openssl::PkeyPtr pkey_;         // OpenSSL wipes the private number when it frees this
  openssl::PkeyContext signing_;  // initialised, never used itself: each signature is made with a copy
  PublicKey public_key_;
};

}  // namespace proofmark::crypto
