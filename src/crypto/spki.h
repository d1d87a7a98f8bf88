// The DER SubjectPublicKeyInfo of the keys that we use: a strict reader, and the writer of its one canonical form.
// RFC 5280, 4.1.2.7; RFC 3279, 2.3.1 (RSA); RFC 5480 (EC). Private to crypto; no OpenSSL.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/key.h"

namespace proofmark::crypto {

/// The numbers of a public key, as views into the SPKI that was read. Range and curve membership are checked elsewhere.
struct PublicNumbers {
  KeyType type{};
  int bits = 0;
  ByteView modulus;   // RSA: big-endian, no leading zeros
  ByteView exponent;  // RSA: big-endian, no leading zeros, at most 4 bytes
  ByteView point;     // EC: uncompressed, 04 || x || y
};

/// Reasons: malformed_key, unsupported_key, invalid_key (an even modulus, a bad exponent, the point at infinity).
Result<PublicNumbers> parse_spki(ByteView der);

Bytes ec_spki(KeyType type, ByteView uncompressed_point);
Bytes rsa_spki(ByteView modulus, ByteView exponent);

/// 256, 384 or 521; and the bytes of one coordinate (which are those of the order, too).
int field_bits(KeyType curve);
std::size_t field_bytes(KeyType curve);

}  // namespace proofmark::crypto
