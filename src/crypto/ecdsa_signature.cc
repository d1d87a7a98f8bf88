#include "crypto/ecdsa_signature.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "crypto/der_cursor.h"
#include "crypto/spki.h"

namespace proofmark::crypto {

namespace {

// The orders of the curves. SP 800-186, 3.2.1.
constexpr std::array<std::uint8_t, 32> kOrderP256{0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                                  0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                                  0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
constexpr std::array<std::uint8_t, 48> kOrderP384{
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
    0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
constexpr std::array<std::uint8_t, 66> kOrderP521{
    0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfa,
    0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b,
    0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09};

ByteView order_of(KeyType curve) {
  switch (curve) {
    case KeyType::ec_p256:
      return kOrderP256;
    case KeyType::ec_p384:
      return kOrderP384;
    case KeyType::ec_p521:
      return kOrderP521;
    case KeyType::rsa:
      break;
  }
  assert(false && "RSA has no curve");
  return {};
}

struct Numbers {
  ByteView r;
  ByteView s;
};

std::optional<Numbers> split_der(ByteView signature) {
  const auto content = take_only(signature, DerTag::sequence);
  if (!content) return std::nullopt;
  DerCursor fields(*content);
  const auto r = fields.take_unsigned();
  const auto s = r ? fields.take_unsigned() : std::nullopt;
  if (!s || !fields.at_end()) return std::nullopt;
  return Numbers{*r, *s};
}

/// In [1, n-1]. Both without leading zeros.
bool is_in_range(ByteView number, ByteView order) {
  if (number.empty() || number.size() > order.size()) return false;
  return number.size() < order.size() ||
         std::lexicographical_compare(number.begin(), number.end(), order.begin(), order.end());
}

}  // namespace

Result<EcdsaSignature> EcdsaSignature::parse(KeyType curve, SignatureEncoding encoding, ByteView signature) {
  const std::size_t width = field_bytes(curve);
  std::optional<Numbers> numbers;
  if (encoding == SignatureEncoding::der) {
    numbers = split_der(signature);
    if (!numbers) return fail(CryptoReason::bad_signature, "the ECDSA signature is not a canonical ECDSA-Sig-Value");
  } else {
    if (signature.size() != 2 * width) {
      return fail(CryptoReason::bad_signature, "the ECDSA signature has " + std::to_string(signature.size()) +
                                                   " bytes instead of " + std::to_string(2 * width));
    }
    numbers = {without_leading_zeros(signature.first(width)), without_leading_zeros(signature.subspan(width))};
  }
  const ByteView order = order_of(curve);
  if (!is_in_range(numbers->r, order) || !is_in_range(numbers->s, order)) {
    return fail(CryptoReason::bad_signature, "the ECDSA signature's numbers are not between 1 and the curve's order");
  }
  EcdsaSignature parsed(width);
  std::copy_backward(numbers->r.begin(), numbers->r.end(), parsed.bytes_.begin() + static_cast<std::ptrdiff_t>(width));
  std::copy_backward(numbers->s.begin(), numbers->s.end(),
                     parsed.bytes_.begin() + static_cast<std::ptrdiff_t>(2 * width));
  return parsed;
}

Bytes EcdsaSignature::encode(SignatureEncoding encoding) const {
  if (encoding == SignatureEncoding::fixed) return to_bytes(ByteView(bytes_).first(2 * width_));
  return der_element(DerTag::sequence, {der_unsigned(r()), der_unsigned(s())});
}

}  // namespace proofmark::crypto
