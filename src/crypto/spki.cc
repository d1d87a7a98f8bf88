#include "crypto/spki.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <optional>

#include "crypto/der_cursor.h"

namespace proofmark::crypto {

namespace {

// The content octets of the object identifiers.
constexpr std::array<std::uint8_t, 9> kRsaEncryption{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
constexpr std::array<std::uint8_t, 7> kEcPublicKey{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
constexpr std::array<std::uint8_t, 8> kP256{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 5> kP384{0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<std::uint8_t, 5> kP521{0x2b, 0x81, 0x04, 0x00, 0x23};

constexpr std::uint8_t kUncompressed = 0x04;  // SEC 1, 2.3.3

ByteView curve_oid(KeyType curve) {
  switch (curve) {
    case KeyType::ec_p256:
      return kP256;
    case KeyType::ec_p384:
      return kP384;
    case KeyType::ec_p521:
      return kP521;
    case KeyType::rsa:
      break;
  }
  assert(false && "RSA has no curve");
  return {};
}

std::optional<KeyType> curve_of(ByteView oid) {
  for (const KeyType curve : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    if (equal(oid, curve_oid(curve))) return curve;
  }
  return std::nullopt;
}

Result<PublicNumbers> parse_ec(DerCursor parameters, ByteView point) {
  if (parameters.next_is(DerTag::sequence)) {
    return fail(CryptoReason::unsupported_key, "the EC public key spells its curve out instead of naming it");
  }
  const auto oid = parameters.take(DerTag::oid);
  if (!oid || !parameters.at_end()) {
    return fail(CryptoReason::malformed_key, "the EC public key does not name its curve");
  }
  const auto curve = curve_of(*oid);
  if (!curve) {
    return fail(CryptoReason::unsupported_key, "the EC public key is on a curve other than P-256, P-384 and P-521");
  }
  if (point.size() == 1 && point[0] == 0) {
    return fail(CryptoReason::invalid_key, "the EC public key is the point at infinity");
  }
  const std::size_t width = field_bytes(*curve);
  if (point.size() == 1 + width && (point[0] == 0x02 || point[0] == 0x03)) {
    return fail(CryptoReason::unsupported_key, "the EC public key is a compressed point");
  }
  if (point.size() != 1 + 2 * width || point[0] != kUncompressed) {
    return fail(CryptoReason::malformed_key, "the EC public key is not an uncompressed point of its curve");
  }
  return PublicNumbers{.type = *curve, .bits = field_bits(*curve), .modulus = {}, .exponent = {}, .point = point};
}

std::size_t bit_length(ByteView magnitude) {
  return magnitude.empty() ? 0 : magnitude.size() * 8 - static_cast<std::size_t>(std::countl_zero(magnitude[0]));
}

Result<PublicNumbers> parse_rsa(DerCursor parameters, ByteView key) {
  const auto null = parameters.take(DerTag::null);
  if (!null || !null->empty() || !parameters.at_end()) {
    return fail(CryptoReason::malformed_key, "the RSA public key's algorithm parameters are not NULL");
  }
  const auto content = take_only(key, DerTag::sequence);
  if (!content) return fail(CryptoReason::malformed_key, "the RSA public key is not one DER sequence");
  DerCursor numbers(*content);
  const auto modulus = numbers.take_unsigned();
  const auto exponent = modulus ? numbers.take_unsigned() : std::nullopt;
  if (!exponent || !numbers.at_end()) {
    return fail(CryptoReason::malformed_key, "the RSA public key is not two positive DER integers");
  }
  const std::size_t bits = bit_length(*modulus);
  if (bits != 2048 && bits != 3072 && bits != 4096) {
    return fail(CryptoReason::unsupported_key,
                "the RSA modulus has " + std::to_string(bits) + " bits, not 2048, 3072 or 4096");
  }
  if ((modulus->back() & 1U) == 0) return fail(CryptoReason::invalid_key, "the RSA modulus is even");
  if (exponent->empty() || (exponent->back() & 1U) == 0 || (exponent->size() == 1 && exponent->back() < 3)) {
    return fail(CryptoReason::invalid_key, "the RSA public exponent is even or less than 3");
  }
  if (exponent->size() > 4) return fail(CryptoReason::unsupported_key, "the RSA public exponent is over 32 bits");
  return PublicNumbers{
      .type = KeyType::rsa, .bits = static_cast<int>(bits), .modulus = *modulus, .exponent = *exponent, .point = {}};
}

Bytes spki(ByteView algorithm_oid, ByteView parameters, ByteView key) {
  static constexpr std::uint8_t kNoUnusedBits = 0;
  const Bytes oid = der_element(DerTag::oid, {algorithm_oid});
  const Bytes algorithm = der_element(DerTag::sequence, {oid, parameters});
  const Bytes bits = der_element(DerTag::bit_string, {ByteView(&kNoUnusedBits, 1), key});
  return der_element(DerTag::sequence, {algorithm, bits});
}

}  // namespace

Result<PublicNumbers> parse_spki(ByteView der) {
  const auto malformed = [] {
    return fail(CryptoReason::malformed_key, "the public key is not a DER SubjectPublicKeyInfo");
  };
  const auto content = take_only(der, DerTag::sequence);
  if (!content) return malformed();
  DerCursor fields(*content);
  const auto algorithm = fields.take(DerTag::sequence);
  const auto bits = fields.take(DerTag::bit_string);
  if (!algorithm || !bits || !fields.at_end() || bits->empty() || bits->front() != 0) return malformed();
  DerCursor identifier(*algorithm);
  const auto oid = identifier.take(DerTag::oid);
  if (!oid || oid->empty()) return malformed();
  if (equal(*oid, kEcPublicKey)) return parse_ec(identifier, bits->subspan(1));
  if (equal(*oid, kRsaEncryption)) return parse_rsa(identifier, bits->subspan(1));
  return fail(CryptoReason::unsupported_key, "the public key's algorithm (OID content " +
                                                 to_hex(oid->first(std::min<std::size_t>(oid->size(), 32))) +
                                                 ") is neither rsaEncryption nor ecPublicKey");
}

Bytes ec_spki(KeyType type, ByteView uncompressed_point) {
  assert(uncompressed_point.size() == 1 + 2 * field_bytes(type));
  return spki(kEcPublicKey, der_element(DerTag::oid, {curve_oid(type)}), uncompressed_point);
}

Bytes rsa_spki(ByteView modulus, ByteView exponent) {
  const Bytes key = der_element(DerTag::sequence, {der_unsigned(modulus), der_unsigned(exponent)});
  return spki(kRsaEncryption, der_element(DerTag::null, {}), key);
}

int field_bits(KeyType curve) {
  switch (curve) {
    case KeyType::ec_p256:
      return 256;
    case KeyType::ec_p384:
      return 384;
    case KeyType::ec_p521:
      return 521;
    case KeyType::rsa:
      break;
  }
  assert(false && "RSA has no curve");
  return 0;
}

std::size_t field_bytes(KeyType curve) {
  return (static_cast<std::size_t>(field_bits(curve)) + 7) / 8;
}

}  // namespace proofmark::crypto
