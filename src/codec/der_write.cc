#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <limits>

#include "base/text.h"
#include "codec/der.h"

namespace proofmark::codec::der {
namespace {

/// Tag and length octets, with room reserved for the content.
Bytes start_element(Tag tag, std::size_t length) {
  assert(length <= std::numeric_limits<std::uint32_t>::max());
  Bytes out;
  out.reserve(length + 6);
  out.push_back(static_cast<std::uint8_t>(tag));
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
    return out;
  }
  unsigned count = 1;
  while ((length >> (8 * count)) != 0) ++count;
  out.push_back(static_cast<std::uint8_t>(0x80U | count));
  for (unsigned i = count; i-- > 0;) out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
  return out;
}

template <class Parts>
Bytes join(Tag tag, const Parts& parts) {
  std::size_t length = 0;
  for (const auto& part : parts) length += part.size();
  Bytes out = start_element(tag, length);
  for (const auto& part : parts) append(out, part);
  return out;
}

struct Calendar {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
};

Calendar calendar(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const Calendar calendar{std::chrono::year_month_day{day},
                          std::chrono::hh_mm_ss<std::chrono::milliseconds>{instant - day}};
  assert(static_cast<int>(calendar.date.year()) >= 1 && static_cast<int>(calendar.date.year()) <= 9999);
  return calendar;
}

std::string month_to_second(const Calendar& at) {
  return fmt::format("{:02}{:02}{:02}{:02}{:02}", static_cast<unsigned>(at.date.month()),
                     static_cast<unsigned>(at.date.day()), at.time.hours().count(), at.time.minutes().count(),
                     at.time.seconds().count());
}

}  // namespace

Bytes encode(Tag tag, ByteView content) {
  Bytes out = start_element(tag, content.size());
  append(out, content);
  return out;
}

Bytes encode(Tag tag, std::initializer_list<ByteView> parts) {
  return join(tag, parts);
}

Bytes encode(Tag tag, const std::vector<Bytes>& parts) {
  return join(tag, parts);
}

Bytes encode_set_of(std::vector<Bytes> parts, Tag tag) {
  std::ranges::sort(parts);
  return join(tag, parts);
}

Bytes encode_oid(const Oid& oid) {
  return encode(Tag::oid, oid.content);
}

Bytes encode_small_integer(std::int64_t value) {
  std::array<std::uint8_t, 8> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[7 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  ByteView content = octets;
  const std::uint8_t sign = value < 0 ? 0xff : 0x00;
  while (content.size() > 1 && content[0] == sign && (content[1] & 0x80U) == (sign & 0x80U)) {
    content = content.subspan(1);
  }
  return encode(Tag::integer, content);
}

Bytes encode_unsigned(ByteView big_endian) {
  while (!big_endian.empty() && big_endian[0] == 0) big_endian = big_endian.subspan(1);
  constexpr std::array<std::uint8_t, 1> zero{0};
  const bool pad = big_endian.empty() || (big_endian[0] & 0x80U) != 0;
  return encode(Tag::integer, {ByteView(zero).first(pad ? 1 : 0), big_endian});
}

Bytes encode_boolean(bool value) {
  return {static_cast<std::uint8_t>(Tag::boolean), 1, static_cast<std::uint8_t>(value ? 0xff : 0x00)};
}

Bytes encode_bit_string(ByteView whole_bytes) {
  constexpr std::array<std::uint8_t, 1> no_unused_bits{0};
  return encode(Tag::bit_string, {ByteView(no_unused_bits), whole_bytes});
}

Bytes encode_named_bits(std::uint32_t bits) {
  Bytes content{0};
  for (std::size_t i = 0; i < 32 && (bits >> i) != 0; ++i) {
    if (i % 8 == 0) content.push_back(0);
    if (((bits >> i) & 1U) != 0) content.back() |= static_cast<std::uint8_t>(0x80U >> (i % 8));
    content[0] = static_cast<std::uint8_t>(7 - i % 8);
  }
  return encode(Tag::bit_string, content);
}

Bytes encode_utf8(std::string_view text) {
  assert(is_utf8(text));
  return encode(Tag::utf8_string, as_bytes(text));
}

Bytes encode_printable(std::string_view text) {
  assert(is_printable(text));
  return encode(Tag::printable_string, as_bytes(text));
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view(" '()+,-./:=?").contains(c);
  });
}

Bytes encode_x509_time(Instant instant) {
  const Calendar at = calendar(instant);
  const int year = static_cast<int>(at.date.year());
  const std::string rest = month_to_second(at) + "Z";
  if (year >= 1950 && year <= 2049) return encode(Tag::utc_time, as_bytes(fmt::format("{:02}", year % 100) + rest));
  return encode(Tag::generalized_time, as_bytes(fmt::format("{:04}", year) + rest));
}

Bytes encode_millisecond_time(Instant instant) {
  const Calendar at = calendar(instant);
  return encode(Tag::generalized_time, as_bytes(fmt::format("{:04}{}.{:03}Z", static_cast<int>(at.date.year()),
                                                            month_to_second(at), at.time.subseconds().count())));
}

}  // namespace proofmark::codec::der
