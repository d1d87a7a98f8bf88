// Authenticated encryption of small secrets at rest: AES-256-GCM. NIST SP 800-38D.
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/reasons.h"

namespace proofmark::crypto {

/// AES-128/192/256-GCM with a 16-byte tag at the end of the ciphertext and a nonce of 12 bytes.
/// Reasons: bad_aead_key, backend_failure.
Result<Bytes> aes_gcm_encrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext);
/// Reasons: bad_aead_key, bad_seal.
Result<SecretBytes> aes_gcm_decrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView ciphertext);

/// Seals `secret` under a 32-byte key: version byte 1, random nonce, ciphertext and tag. `context` says what is sealed
/// ("signing-profile/NAME/VERSION"): a sealed value can't be put in another's place. Reasons: bad_aead_key.
Result<Bytes> seal(const SecretBytes& key, std::string_view context, ByteView secret, Random& random);
/// Reasons: bad_aead_key, bad_seal.
Result<SecretBytes> unseal(const SecretBytes& key, std::string_view context, ByteView sealed);

}  // namespace proofmark::crypto
