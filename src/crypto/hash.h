// SHA-2 and HMAC. FIPS 180-4, RFC 2104.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace proofmark::crypto {

enum class HashAlgorithm : std::uint8_t { sha256, sha384, sha512 };

/// 32, 48 or 64 bytes.
constexpr std::size_t digest_size(HashAlgorithm algorithm) {
  return algorithm == HashAlgorithm::sha256 ? 32 : algorithm == HashAlgorithm::sha384 ? 48 : 64;
}

/// "sha256", "sha384", "sha512".
std::string_view name(HashAlgorithm algorithm);

/// A hash value, by value: no allocation.
class Digest {
 public:
  Digest(HashAlgorithm algorithm, ByteView bytes);  // asserts the length
  [[nodiscard]] HashAlgorithm algorithm() const { return algorithm_; }
  [[nodiscard]] ByteView bytes() const { return ByteView(bytes_).first(digest_size(algorithm_)); }
  friend bool operator==(const Digest& a, const Digest& b) {
    return a.algorithm_ == b.algorithm_ && equal(a.bytes(), b.bytes());
  }

 private:
  HashAlgorithm algorithm_;
  std::array<std::uint8_t, 64> bytes_{};
};

class Hasher {
 public:
  explicit Hasher(HashAlgorithm algorithm);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  ~Hasher();

  void update(ByteView bytes);
  /// The digest of all that was given; the hasher starts anew.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest hash(HashAlgorithm algorithm, ByteView bytes);
/// HMAC with a key of any length. RFC 2104; the MAC is as long as the hash.
Digest hmac(HashAlgorithm algorithm, ByteView key, ByteView message);

/// Compares in time that depends on the lengths only.
bool equal_secret(ByteView a, ByteView b);

}  // namespace proofmark::crypto
