#include "crypto/der_cursor.h"

#include <algorithm>
#include <cassert>

namespace proofmark::crypto {

namespace {

struct Length {
  std::size_t value;
  std::size_t octets;  // how many bytes wrote it
};

/// X.690, 10.1: the long form only from 128 on, and without leading zero bytes. Two bytes are plenty for any key.
std::optional<Length> read_length(ByteView bytes) {
  if (bytes.empty()) return std::nullopt;
  if (bytes[0] < 0x80) return Length{bytes[0], 1};
  if (bytes[0] == 0x81 && bytes.size() >= 2 && bytes[1] >= 0x80) return Length{bytes[1], 2};
  if (bytes[0] == 0x82 && bytes.size() >= 3 && bytes[1] != 0) {
    return Length{(static_cast<std::size_t>(bytes[1]) << 8U) | bytes[2], 3};
  }
  return std::nullopt;
}

void append_length(Bytes& out, std::size_t length) {
  assert(length <= 0xffff);
  if (length >= 0x100) {
    out.insert(out.end(), {0x82, static_cast<std::uint8_t>(length >> 8U), static_cast<std::uint8_t>(length & 0xffU)});
  } else if (length >= 0x80) {
    out.insert(out.end(), {0x81, static_cast<std::uint8_t>(length)});
  } else {
    out.push_back(static_cast<std::uint8_t>(length));
  }
}

}  // namespace

std::optional<ByteView> DerCursor::take(DerTag tag) {
  if (!next_is(tag)) return std::nullopt;
  const auto length = read_length(rest_.subspan(1));
  if (!length) return std::nullopt;
  const ByteView behind = rest_.subspan(1 + length->octets);
  if (length->value > behind.size()) return std::nullopt;
  rest_ = behind.subspan(length->value);
  return behind.first(length->value);
}

std::optional<ByteView> DerCursor::take_unsigned() {
  DerCursor ahead = *this;
  const auto content = ahead.take(DerTag::integer);
  if (!content || content->empty() || ((*content)[0] & 0x80U) != 0) return std::nullopt;
  const bool padded = content->size() > 1 && (*content)[0] == 0;
  if (padded && ((*content)[1] & 0x80U) == 0) return std::nullopt;
  *this = ahead;
  return without_leading_zeros(*content);
}

std::optional<ByteView> take_only(ByteView input, DerTag tag) {
  DerCursor cursor(input);
  const auto content = cursor.take(tag);
  return cursor.at_end() ? content : std::nullopt;
}

Bytes der_element(DerTag tag, std::initializer_list<ByteView> parts) {
  std::size_t length = 0;
  for (const ByteView part : parts) length += part.size();
  Bytes out;
  out.reserve(length + 4);
  out.push_back(static_cast<std::uint8_t>(tag));
  append_length(out, length);
  for (const ByteView part : parts) append(out, part);
  return out;
}

Bytes der_unsigned(ByteView big_endian) {
  const ByteView magnitude = without_leading_zeros(big_endian);
  static constexpr std::uint8_t kZero = 0;
  const bool needs_zero = magnitude.empty() || (magnitude[0] & 0x80U) != 0;
  return der_element(DerTag::integer, {needs_zero ? ByteView(&kZero, 1) : ByteView(), magnitude});
}

ByteView without_leading_zeros(ByteView bytes) {
  const auto first = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte != 0; });
  return bytes.subspan(static_cast<std::size_t>(first - bytes.begin()));
}

}  // namespace proofmark::crypto
