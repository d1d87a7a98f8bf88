// What a signature scheme asks of a key, a digest and OpenSSL. Private to crypto.
#pragma once

#include "crypto/key.h"
#include "crypto/openssl_handles.h"

namespace proofmark::crypto {

enum class RsaPadding : std::uint8_t { none, pss, pkcs1 };

/// `none` for ECDSA.
RsaPadding padding_of(SignatureScheme scheme);

/// Reasons: scheme_mismatch, bad_digest_length.
Result<void> check_scheme(SignatureScheme scheme, KeyType key, const Digest& digest);

/// Sets an initialised signing or verifying context up for an RSA scheme (nothing to do for ECDSA). PSS: MGF1 with the
/// same hash, a salt exactly as long as the hash. Reason: backend_failure.
Result<void> configure(EVP_PKEY_CTX* context, SignatureScheme scheme);

}  // namespace proofmark::crypto
