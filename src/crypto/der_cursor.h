// Just enough DER for keys and ECDSA signatures: definite, shortest lengths; minimal, non-negative integers. X.690.
// (codec/der is a neighbour of the same tier, which crypto may not use.) Private to crypto.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "base/bytes.h"

namespace proofmark::crypto {

enum class DerTag : std::uint8_t {
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  sequence = 0x30,
};

/// Takes elements off the front of a view; what it hands out points into the input. Nothing is taken on a refusal.
class DerCursor {
 public:
  explicit DerCursor(ByteView input) : rest_(input) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool next_is(DerTag tag) const { return !rest_.empty() && rest_[0] == static_cast<std::uint8_t>(tag); }

  /// The content of the next element when it has this tag, a definite length in its shortest form, and lies in the
  /// input.
  [[nodiscard]] std::optional<ByteView> take(DerTag tag);
  /// The magnitude, big-endian and without leading zeros (empty for 0), of an INTEGER in shortest form that isn't
  /// negative.
  [[nodiscard]] std::optional<ByteView> take_unsigned();

 private:
  ByteView rest_;
};

/// The only element of `input`: take(tag), and nothing behind it.
std::optional<ByteView> take_only(ByteView input, DerTag tag);

/// One element around its parts.
Bytes der_element(DerTag tag, std::initializer_list<ByteView> parts);
/// An INTEGER from a big-endian magnitude, leading zeros allowed.
Bytes der_unsigned(ByteView big_endian);

/// `bytes` without its leading zeros.
ByteView without_leading_zeros(ByteView bytes);

}  // namespace proofmark::crypto
