// DER: a strict reader that hands out views into its input, and a writer. X.690.
// Indefinite lengths (BER) are read only where the caller says so, for the outer wrappers of CMS that AWS Signer emits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace proofmark::codec::der {

enum class DerReason {
  truncated,       // the input ends inside an element
  bad_length,      // a length that is not the shortest form, indefinite where it may not be, or of over 4 bytes
  bad_tag,         // a multi-byte tag, which nothing that we read has, or one of universal class 0 (end-of-contents)
  unexpected_tag,  // another element than the one that must stand here
  trailing_bytes,  // bytes behind the last element
  bad_value,       // an integer, OID, time, string, boolean or bit string not in its canonical form
  too_deep,        // indefinite lengths nested over 16 levels
  not_sorted,      // the elements of a SET OF are not in DER order
};
constexpr std::string_view reason_domain(DerReason) {
  return "der";
}
constexpr ReasonInfo reason_info(DerReason reason) {
  switch (reason) {
    case DerReason::truncated:
      return {Code::malformed, "truncated"};
    case DerReason::bad_length:
      return {Code::malformed, "bad_length"};
    case DerReason::bad_tag:
      return {Code::malformed, "bad_tag"};
    case DerReason::unexpected_tag:
      return {Code::malformed, "unexpected_tag"};
    case DerReason::trailing_bytes:
      return {Code::malformed, "trailing_bytes"};
    case DerReason::bad_value:
      return {Code::malformed, "bad_value"};
    case DerReason::too_deep:
      return {Code::malformed, "too_deep"};
    case DerReason::not_sorted:
      return {Code::malformed, "not_sorted"};
  }
  return {Code::internal, "unknown"};
}
constexpr DerReason last_reason(DerReason) {
  return DerReason::not_sorted;
}

/// Identifier octets. Bit 0x20 marks a constructed element, 0x80 a context-specific one.
enum class Tag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  enumerated = 0x0a,
  utf8_string = 0x0c,
  numeric_string = 0x12,
  printable_string = 0x13,
  t61_string = 0x14,
  ia5_string = 0x16,
  utc_time = 0x17,
  generalized_time = 0x18,
  universal_string = 0x1c,
  bmp_string = 0x1e,
  sequence = 0x30,
  set = 0x31,
};
/// [n] EXPLICIT, or IMPLICIT of a constructed type.
constexpr Tag context_constructed(std::uint8_t n) {
  return static_cast<Tag>(0xa0U | n);
}
/// [n] IMPLICIT of a primitive type.
constexpr Tag context_primitive(std::uint8_t n) {
  return static_cast<Tag>(0x80U | n);
}

/// The content octets of an OBJECT IDENTIFIER, compared as bytes. A view: of constants, or of parsed input.
struct Oid {
  ByteView content;
  friend bool operator==(const Oid& a, const Oid& b) { return equal(a.content, b.content); }
};
/// Dotted decimal, whatever the size of the arcs; content that is no OID is shown as "not an OID: " and its
/// hexadecimal.
std::string to_string(const Oid& oid);

struct Element {
  Tag tag{};
  ByteView content;
  ByteView encoded;  // tag, length and content
};

/// Which lengths an element may have.
enum class Lengths : std::uint8_t {
  definite,            // DER
  indefinite_allowed,  // for this element only; what is inside is read with the form that its own read names
};

/// Reads elements one after the other. Copies nothing; the input must outlive what it hands out. A read that is refused
/// leaves the reader where it was.
class Reader {
 public:
  explicit Reader(ByteView input) : rest_(input), start_(input.data()) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] ByteView rest() const { return rest_; }
  /// Where the next element starts, in bytes from the start of the input of the first reader that was entered.
  [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(rest_.data() - start_); }
  /// Whether the next element has this tag.
  [[nodiscard]] bool next_is(Tag tag) const { return !rest_.empty() && rest_[0] == static_cast<std::uint8_t>(tag); }

  /// The next element, whatever it is. Reasons: truncated, bad_length, bad_tag, too_deep.
  [[nodiscard]] Result<Element> read_any(Lengths lengths = Lengths::definite);
  /// The next element, which must have this tag. Reason: unexpected_tag, and those of read_any.
  [[nodiscard]] Result<Element> read(Tag tag, Lengths lengths = Lengths::definite);
  /// A reader of the content of the next element, which must have this tag.
  [[nodiscard]] Result<Reader> enter(Tag tag, Lengths lengths = Lengths::definite);

  /// Canonical values. Reason: bad_value, and those of read.
  [[nodiscard]] Result<bool> read_boolean();
  /// An INTEGER that fits 64 bits.
  [[nodiscard]] Result<std::int64_t> read_small_integer();
  /// The content of an INTEGER: 1 to 4096 bytes, shortest form, two's complement, big-endian.
  [[nodiscard]] Result<ByteView> read_integer();
  /// An OID of 1 to 64 content bytes.
  [[nodiscard]] Result<Oid> read_oid();
  [[nodiscard]] Result<ByteView> read_octet_string();
  /// A BIT STRING of whole bytes (no unused bits).
  [[nodiscard]] Result<ByteView> read_bit_string();
  /// A named-bit list (KeyUsage): bit 0 is the first. No trailing zero bits. At most 32 bits.
  [[nodiscard]] Result<std::uint32_t> read_named_bits();
  [[nodiscard]] Result<std::string_view> read_utf8_string();
  /// UTCTime (years 1950 to 2049) or GeneralizedTime (years 1 to 9999), both in UTC with seconds 0 to 59. Fractions, of
  /// 1 to 9 digits and cut to milliseconds, only where `fractions` allows them; trailing zeros may stand (AWS writes
  /// exactly three digits, where DER would have none).
  enum class Fractions : std::uint8_t { refused, allowed };
  [[nodiscard]] Result<Instant> read_time(Fractions fractions = Fractions::refused);

  /// Nothing may be left. Reason: trailing_bytes.
  [[nodiscard]] Result<void> finish() const;

 private:
  Reader(ByteView input, const std::uint8_t* start) : rest_(input), start_(start) {}

  ByteView rest_;
  const std::uint8_t* start_;  // for offsets in messages
};

/// The only element of `input`. Reasons: trailing_bytes, and those of Reader::read.
Result<Element> read_only(ByteView input, Tag tag, Lengths lengths = Lengths::definite);

// --- writing ---
// What is written is canonical. Content over 4 GiB and values outside of the range named below are errors of the
// caller's program, which ends it: values from outside are checked before they come here.

/// One element.
Bytes encode(Tag tag, ByteView content);
/// One element around others, in order.
Bytes encode(Tag tag, std::initializer_list<ByteView> parts);
Bytes encode(Tag tag, const std::vector<Bytes>& parts);
/// SET OF: the parts sorted by their encodings (X.690, 11.6).
Bytes encode_set_of(std::vector<Bytes> parts, Tag tag = Tag::set);
Bytes encode_oid(const Oid& oid);
Bytes encode_small_integer(std::int64_t value);
/// A non-negative integer from big-endian bytes; leading zeros, and none at all for 0, are fine.
Bytes encode_unsigned(ByteView big_endian);
Bytes encode_boolean(bool value);
Bytes encode_bit_string(ByteView whole_bytes);
/// A named-bit list: bit 0 first, trailing zero bits dropped (X.690, 11.2.2).
Bytes encode_named_bits(std::uint32_t bits);
/// `text` is UTF-8 (is_utf8).
Bytes encode_utf8(std::string_view text);
/// `text` has only letters, digits, space and '()+,-./:=? (is_printable).
Bytes encode_printable(std::string_view text);
/// Whether a PrintableString can hold `text`. X.680, 41.4.
bool is_printable(std::string_view text);
/// UTCTime for the years 1950 to 2049, else GeneralizedTime (RFC 5280, 4.1.2.5). Seconds only: milliseconds are cut.
/// Years 1 to 9999.
Bytes encode_x509_time(Instant instant);
/// GeneralizedTime with exactly three fraction digits, as AWS Signer writes it. Years 1 to 9999.
Bytes encode_millisecond_time(Instant instant);

/// The elements of a SET OF must be in DER order (X.690, 11.6). Equal ones may stand side by side, and only there: who
/// wants none compares neighbours. Reasons: not_sorted, and those of Reader::read_any.
Result<void> require_sorted(ByteView set_content);

}  // namespace proofmark::codec::der
