// Makes detached CMS SignedData: SHA-384, ECDSA over P-384, signed attributes in DER order, the whole chain inside.
// RFC 5652; aws-signing facts 1.3 and 1.4.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "codec/der.h"
#include "crypto/key.h"
#include "envelope/cms/signed_data.h"
#include "x509/certificate.h"

namespace proofmark::envelope::cms {

/// An attribute to sign beside the standard four: its type and its one encoded value.
struct NewAttribute {
  codec::der::Oid type;
  Bytes value;
};

/// Signs `content_digest` (SHA-384 of the detached content) with `key`, whose certificate is the first of `chain`. Adds
/// contentType, messageDigest, signingTime (GeneralizedTime with milliseconds, as AWS Signer writes it) and
/// algorithmProtection. Definite lengths throughout. Reasons: unsupported_algorithm (a key that isn't P-384),
/// no_signer_certificate (the key is not the certificate's, or no chain), duplicate_attribute, CryptoReason.
Result<Bytes> sign(const crypto::Digest& content_digest, const crypto::SigningKey& key,
                   const std::vector<x509::Certificate>& chain, Instant signing_time,
                   const std::vector<NewAttribute>& attributes);

}  // namespace proofmark::envelope::cms
