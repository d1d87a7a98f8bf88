// The two numbers of an ECDSA signature, read strictly from either encoding. Private to crypto; no OpenSSL.
#pragma once

#include <array>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/key.h"

namespace proofmark::crypto {

/// r and s in [1, n-1], big-endian, each as long as the curve's order.
class EcdsaSignature {
 public:
  /// `der`: exactly one canonical ECDSA-Sig-Value (RFC 3279, 2.2.3). `fixed`: exactly r || s (RFC 7518, 3.4).
  /// Reason: bad_signature.
  static Result<EcdsaSignature> parse(KeyType curve, SignatureEncoding encoding, ByteView signature);

  [[nodiscard]] ByteView r() const { return ByteView(bytes_).first(width_); }
  [[nodiscard]] ByteView s() const { return ByteView(bytes_).subspan(width_, width_); }
  [[nodiscard]] Bytes encode(SignatureEncoding encoding) const;

 private:
  explicit EcdsaSignature(std::size_t width) : width_(width) {}
  std::size_t width_;
  std::array<std::uint8_t, 132> bytes_{};
};

}  // namespace proofmark::crypto
