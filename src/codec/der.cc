#include "codec/der.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "base/text.h"

namespace proofmark::codec::der {
namespace {

constexpr std::size_t kMaxIndefiniteDepth = 16;
constexpr std::size_t kMaxIntegerBytes = 4096;
constexpr std::size_t kMaxOidBytes = 64;
constexpr std::uint8_t kConstructed = 0x20;

/// Tag and length of one element.
struct Header {
  Tag tag{};
  std::size_t size = 0;               // of tag and length octets
  std::optional<std::size_t> length;  // of the content; none: indefinite
};

/// The tag octet. X.690, 8.1.2.
Result<Tag> read_tag(ByteView input, std::size_t offset) {
  if (input.empty()) {
    return fail(DerReason::truncated, fmt::format("the input ends at byte {}, where an element must start", offset));
  }
  if ((input[0] & 0x1fU) == 0x1fU) {
    return fail(DerReason::bad_tag, fmt::format("the element at byte {} has a tag of more than one byte", offset));
  }
  if ((input[0] & 0xdfU) == 0) {
    return fail(DerReason::bad_tag,
                fmt::format("the element at byte {} has the reserved tag 0x{:02x}", offset, input[0]));
  }
  return static_cast<Tag>(input[0]);
}

/// The long form of a length: `octets` is what stands behind the first length octet. X.690, 8.1.3.5 and 10.1.
Result<std::size_t> read_long_length(ByteView octets, std::size_t count, std::size_t offset) {
  if (count > 4) {
    return fail(DerReason::bad_length, fmt::format("the length of the element at byte {} takes over 4 bytes", offset));
  }
  if (octets.size() < count) {
    return fail(DerReason::truncated, fmt::format("the input ends in the length of the element at byte {}", offset));
  }
  std::size_t length = 0;
  for (const auto octet : octets.first(count)) length = (length << 8U) | octet;
  if (octets[0] == 0 || length < 0x80) {
    return fail(DerReason::bad_length,
                fmt::format("the length of the element at byte {} is not in its shortest form", offset));
  }
  return length;
}

/// The header at the start of `input`; a definite content lies wholly in `input`. `offset` is for messages.
Result<Header> read_header(ByteView input, Lengths lengths, std::size_t offset) {
  PM_TRY(const Tag tag, read_tag(input, offset));
  if (input.size() < 2) {
    return fail(DerReason::truncated, fmt::format("the input ends behind the tag of the element at byte {}", offset));
  }
  const std::uint8_t first = input[1];
  if (first == 0x80) {
    if (lengths == Lengths::indefinite_allowed && (input[0] & kConstructed) != 0) return Header{tag, 2, std::nullopt};
    return fail(DerReason::bad_length,
                fmt::format("the element at byte {} has an indefinite length, which may not be here", offset));
  }
  Header header{tag, 2, first};
  if (first > 0x80) {
    const std::size_t count = first & 0x7fU;
    PM_TRY(header.length, read_long_length(input.subspan(2), count, offset));
    header.size += count;
  }
  if (*header.length > input.size() - header.size) {
    return fail(DerReason::truncated, fmt::format("the element at byte {} claims {} bytes of content, but {} are left",
                                                  offset, *header.length, input.size() - header.size));
  }
  return header;
}

/// The length of the content of an element of indefinite length: where its own end-of-contents octets stand in `input`,
/// which starts behind the element's header. X.690, 8.1.5.
Result<std::size_t> find_end_of_contents(ByteView input, std::size_t offset) {
  std::size_t depth = 1;
  for (std::size_t at = 0;;) {
    const ByteView rest = input.subspan(at);
    if (rest.size() >= 2 && rest[0] == 0 && rest[1] == 0) {
      if (--depth == 0) return at;
      at += 2;
      continue;
    }
    if (rest.size() == 1 && rest[0] == 0) {
      return fail(DerReason::truncated, fmt::format("the input ends in the end-of-contents at byte {}", offset + at));
    }
    PM_TRY(const Header header, read_header(rest, Lengths::indefinite_allowed, offset + at));
    if (!header.length && ++depth > kMaxIndefiniteDepth) {
      return fail(DerReason::too_deep, fmt::format("indefinite lengths are nested over {} levels deep at byte {}",
                                                   kMaxIndefiniteDepth, offset + at));
    }
    at += header.size + header.length.value_or(0);
  }
}

/// Reads one element of `tag` and decodes its content with `decode`, which gives none for what is not canonical.
template <class Decode>
auto read_as(Reader& reader, Tag tag, std::string_view type, Decode decode)
    -> Result<typename decltype(decode(ByteView{}))::value_type> {
  Reader after = reader;
  PM_TRY(const Element element, after.read(tag));
  auto value = decode(element.content);
  if (!value) {
    return fail(DerReason::bad_value,
                fmt::format("the {} at byte {} does not hold a canonical value in range", type, reader.offset()));
  }
  reader = after;
  return *std::move(value);
}

/// X.690, 8.3: the first nine bits are neither all ones nor all zero.
std::optional<ByteView> decode_integer(ByteView content) {
  if (content.empty() || content.size() > kMaxIntegerBytes) return std::nullopt;
  if (content.size() > 1) {
    const bool second_is_negative = (content[1] & 0x80U) != 0;
    if ((content[0] == 0x00 && !second_is_negative) || (content[0] == 0xff && second_is_negative)) return std::nullopt;
  }
  return content;
}

std::optional<std::int64_t> decode_small_integer(ByteView content) {
  if (!decode_integer(content) || content.size() > 8) return std::nullopt;
  std::uint64_t value = (content[0] & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (const auto octet : content) value = (value << 8U) | octet;
  return static_cast<std::int64_t>(value);
}

std::optional<bool> decode_boolean(ByteView content) {
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xff)) return std::nullopt;
  return content[0] == 0xff;
}

/// X.690, 8.19: every subidentifier is complete and starts with no 0x80.
std::optional<Oid> decode_oid(ByteView content) {
  if (content.empty() || content.size() > kMaxOidBytes || (content.back() & 0x80U) != 0) return std::nullopt;
  bool starts = true;
  for (const auto octet : content) {
    if (starts && octet == 0x80) return std::nullopt;
    starts = (octet & 0x80U) == 0;
  }
  return Oid{content};
}

std::optional<ByteView> decode_whole_bytes(ByteView content) {
  if (content.empty() || content[0] != 0) return std::nullopt;
  return content.subspan(1);
}

/// X.690, 11.2.2: the last bit that is there is a one, and what pads the last octet is zero.
std::optional<std::uint32_t> decode_named_bits(ByteView content) {
  if (content.empty() || content.size() > 5 || content[0] > 7) return std::nullopt;
  const unsigned unused = content[0];
  const ByteView octets = content.subspan(1);
  if (octets.empty()) return unused == 0 ? std::optional<std::uint32_t>{0} : std::nullopt;
  const unsigned last = octets.back();
  if (((last >> unused) & 1U) == 0 || (last & ((1U << unused) - 1U)) != 0) return std::nullopt;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < octets.size() * 8; ++i) {
    if ((octets[i / 8] & (0x80U >> (i % 8))) != 0) bits |= std::uint32_t{1} << i;
  }
  return bits;
}

std::optional<std::string_view> decode_utf8(ByteView content) {
  if (!is_utf8(as_text(content))) return std::nullopt;
  return as_text(content);
}

/// Takes `count` decimal digits off the front of `text`.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  unsigned value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  text.remove_prefix(count);
  return value;
}

/// MMDDHHMMSS off the front of `text`, in `year`.
std::optional<Instant> take_month_to_second(std::string_view& text, unsigned year) {
  const auto month = take_digits(text, 2);
  const auto day = take_digits(text, 2);
  const auto hour = take_digits(text, 2);
  const auto minute = take_digits(text, 2);
  const auto second = take_digits(text, 2);
  if (!month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)}, std::chrono::month{*month},
                                         std::chrono::day{*day}};
  if (year == 0 || !date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

/// YYMMDDHHMMSSZ. RFC 5280, 4.1.2.5.1.
std::optional<Instant> decode_utc_time(ByteView content) {
  std::string_view text = as_text(content);
  const auto year = take_digits(text, 2);
  if (!year) return std::nullopt;
  const auto instant = take_month_to_second(text, *year < 50 ? 2000 + *year : 1900 + *year);
  if (text != "Z") return std::nullopt;
  return instant;
}

/// ".f+" off the front of `text`, cut to milliseconds; nothing when there is none.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return std::chrono::milliseconds{0};
  text.remove_prefix(1);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 9) return std::nullopt;
  int millis = 0;
  for (std::size_t i = 0; i < 3; ++i) millis = millis * 10 + (i < digits ? text[i] - '0' : 0);
  text.remove_prefix(digits);
  return std::chrono::milliseconds{millis};
}

/// YYYYMMDDHHMMSS[.f+]Z. X.690, 11.7; RFC 5280, 4.1.2.5.2.
std::optional<Instant> decode_generalized_time(ByteView content, Reader::Fractions fractions) {
  std::string_view text = as_text(content);
  const auto year = take_digits(text, 4);
  if (!year) return std::nullopt;
  const auto instant = take_month_to_second(text, *year);
  if (!instant || (fractions == Reader::Fractions::refused && text != "Z")) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction || text != "Z") return std::nullopt;
  return *instant + *fraction;
}

/// The decimal digits of a number given in base 128, most significant first; the top bit of each octet is passed over.
std::string to_decimal(ByteView base128) {
  std::string digits = "0";  // least significant first
  for (const auto octet : base128) {
    unsigned carry = octet & 0x7fU;
    for (char& digit : digits) {
      carry += static_cast<unsigned>(digit - '0') * 128;
      digit = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry != 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  }
  std::ranges::reverse(digits);
  return digits;
}

/// The first two arcs, which share one subidentifier: 40 * first + second, first at most 2. X.690, 8.19.4.
std::string first_two_arcs(ByteView subidentifier) {
  if (subidentifier.size() == 1 && subidentifier[0] < 80) {
    return fmt::format("{}.{}", subidentifier[0] / 40, subidentifier[0] % 40);
  }
  Bytes second = to_bytes(subidentifier);
  for (auto& octet : second) octet &= 0x7fU;
  unsigned subtract = 80;
  for (auto octet = second.rbegin(); octet != second.rend() && subtract != 0; ++octet) {
    const bool borrow = *octet < subtract;
    *octet = static_cast<std::uint8_t>(*octet + (borrow ? 128U : 0U) - subtract);
    subtract = borrow ? 1 : 0;
  }
  return "2." + to_decimal(second);
}

}  // namespace

Result<Element> Reader::read_any(Lengths lengths) {
  PM_TRY(const Header header, read_header(rest_, lengths, offset()));
  std::size_t length = header.length.value_or(0);
  std::size_t end = header.size + length;
  if (!header.length) {
    PM_TRY(length, find_end_of_contents(rest_.subspan(header.size), offset() + header.size));
    end = header.size + length + 2;
  }
  const Element element{header.tag, rest_.subspan(header.size, length), rest_.first(end)};
  rest_ = rest_.subspan(end);
  return element;
}

Result<Element> Reader::read(Tag tag, Lengths lengths) {
  if (!rest_.empty() && !next_is(tag)) {
    return fail(DerReason::unexpected_tag,
                fmt::format("the element at byte {} has the tag 0x{:02x} instead of 0x{:02x}", offset(), rest_[0],
                            static_cast<unsigned>(tag)));
  }
  return read_any(lengths);
}

Result<Reader> Reader::enter(Tag tag, Lengths lengths) {
  PM_TRY(const Element element, read(tag, lengths));
  return Reader(element.content, start_);
}

Result<bool> Reader::read_boolean() {
  return read_as(*this, Tag::boolean, "BOOLEAN", decode_boolean);
}

Result<std::int64_t> Reader::read_small_integer() {
  return read_as(*this, Tag::integer, "INTEGER", decode_small_integer);
}

Result<ByteView> Reader::read_integer() {
  return read_as(*this, Tag::integer, "INTEGER", decode_integer);
}

Result<Oid> Reader::read_oid() {
  return read_as(*this, Tag::oid, "OBJECT IDENTIFIER", decode_oid);
}

Result<ByteView> Reader::read_octet_string() {
  PM_TRY(const Element element, read(Tag::octet_string));
  return element.content;
}

Result<ByteView> Reader::read_bit_string() {
  return read_as(*this, Tag::bit_string, "BIT STRING", decode_whole_bytes);
}

Result<std::uint32_t> Reader::read_named_bits() {
  return read_as(*this, Tag::bit_string, "BIT STRING", decode_named_bits);
}

Result<std::string_view> Reader::read_utf8_string() {
  return read_as(*this, Tag::utf8_string, "UTF8String", decode_utf8);
}

Result<Instant> Reader::read_time(Fractions fractions) {
  if (next_is(Tag::utc_time)) return read_as(*this, Tag::utc_time, "UTCTime", decode_utc_time);
  return read_as(*this, Tag::generalized_time, "GeneralizedTime",
                 [fractions](ByteView content) { return decode_generalized_time(content, fractions); });
}

Result<void> Reader::finish() const {
  if (at_end()) return {};
  return fail(DerReason::trailing_bytes,
              fmt::format("{} bytes stand behind the last element, from byte {} on", rest_.size(), offset()));
}

Result<Element> read_only(ByteView input, Tag tag, Lengths lengths) {
  Reader reader(input);
  PM_TRY(const Element element, reader.read(tag, lengths));
  PM_TRY_VOID(reader.finish());
  return element;
}

std::string to_string(const Oid& oid) {
  if (!decode_oid(oid.content)) return "not an OID: " + to_hex(oid.content);
  std::string text;
  for (ByteView rest = oid.content; !rest.empty();) {
    const auto last = std::ranges::find_if(rest, [](std::uint8_t octet) { return (octet & 0x80U) == 0; });
    const auto size = static_cast<std::size_t>(last - rest.begin()) + 1;
    text += text.empty() ? first_two_arcs(rest.first(size)) : "." + to_decimal(rest.first(size));
    rest = rest.subspan(size);
  }
  return text;
}

Result<void> require_sorted(ByteView set_content) {
  ByteView previous;
  for (Reader reader(set_content); !reader.at_end();) {
    const std::size_t offset = reader.offset();
    PM_TRY(const Element element, reader.read_any());
    // No encoding is the start of another, so the padding that X.690, 11.6 speaks of never decides.
    if (std::ranges::lexicographical_compare(element.encoded, previous)) {
      return fail(DerReason::not_sorted,
                  fmt::format("the element at byte {} of a SET OF should stand before its predecessor", offset));
    }
    previous = element.encoded;
  }
  return {};
}

}  // namespace proofmark::codec::der
