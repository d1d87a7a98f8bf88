// Signature AlgorithmIdentifiers of certificates. RFC 5758 (ECDSA), RFC 4055 (RSA).
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/key.h"
#include "x509/reasons.h"

namespace proofmark::x509 {

/// Reads one AlgorithmIdentifier (tag, length and content). ECDSA with SHA-2: parameters absent. RSA PKCS#1 v1.5 with
/// SHA-2: NULL. RSASSA-PSS: hash and MGF1 hash the same, salt as long as the hash, the default trailer left out; the
/// hash identifiers' own parameters are NULL or absent (RFC 4055, section 2.1: both are legal). Reasons: malformed,
/// unsupported_algorithm.
Result<crypto::SignatureScheme> parse_signature_algorithm(ByteView encoded);

/// The AlgorithmIdentifier that a certificate signed with `scheme` carries.
Bytes encode_signature_algorithm(crypto::SignatureScheme scheme);

}  // namespace proofmark::x509
