// JSON, strictly (RFC 8259), in front of Boost.JSON: duplicate keys, depth, size, number forms and encodings are
// checked by us while the text is parsed. For signed input: what two readers could understand differently is refused.
// Boost stays out of this header; values are ours.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace proofmark::codec::json {

enum class JsonReason {
  syntax,         // not JSON: the message has the byte offset
  not_utf8,       // bytes or escapes that are no Unicode text (lone surrogates too)
  duplicate_key,  // compared after unescaping
  too_deep,
  too_large,       // more bytes than the limit
  bad_number,      // a number that a double or 64-bit integer can't hold as written (1e400, 1e-400, over 2^64), or -0
  trailing_bytes,  // anything but white space behind the value
  wrong_type,      // an accessor found another type than it wanted
  missing_member,
};
constexpr std::string_view reason_domain(JsonReason) {
  return "json";
}
constexpr ReasonInfo reason_info(JsonReason reason) {
  switch (reason) {
    case JsonReason::syntax:
      return {Code::malformed, "syntax"};
    case JsonReason::not_utf8:
      return {Code::malformed, "not_utf8"};
    case JsonReason::duplicate_key:
      return {Code::malformed, "duplicate_key"};
    case JsonReason::too_deep:
      return {Code::exhausted, "too_deep"};
    case JsonReason::too_large:
      return {Code::exhausted, "too_large"};
    case JsonReason::bad_number:
      return {Code::malformed, "bad_number"};
    case JsonReason::trailing_bytes:
      return {Code::malformed, "trailing_bytes"};
    case JsonReason::wrong_type:
      return {Code::malformed, "wrong_type"};
    case JsonReason::missing_member:
      return {Code::malformed, "missing_member"};
  }
  return {Code::internal, "unknown"};
}
constexpr JsonReason last_reason(JsonReason) {
  return JsonReason::missing_member;
}

/// No text nests deeper than this, whatever its Limits say: parsing and destroying a value recurse.
inline constexpr std::size_t kDeepest = 512;

/// `max_bytes` bounds memory too: a parsed value takes at most about 70 times the bytes of its text while it is parsed.
struct Limits {
  std::size_t max_bytes = 4U << 20U;
  std::size_t max_depth = 64;  // arrays and objects inside each other, the outermost included; at most kDeepest
};

class Value;
/// Mind that Array{Array{1}} copies the inner one: an array of one array is Array{Value(Array{1})}.
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;
/// In the order of the text.
using Object = std::vector<Member>;

/// A JSON value: cheap to copy (arrays and objects are shared and never change). Integers keep their exact value: int64
/// where it fits, else uint64; everything with a fraction or an exponent is a double. Code that nests values itself
/// stays under kDeepest.
class Value {
 public:
  Value();  // null
  Value(std::nullptr_t);
  template <std::same_as<bool> Bool>  // a template so that no pointer becomes a bool
  Value(Bool value) : value_(value) {}
  Value(std::int64_t value);
  Value(int value);
  Value(std::uint64_t value);  // an int64 where it fits, as parse makes it
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(Array value);
  Value(Object value);

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] const bool* if_bool() const;
  [[nodiscard]] const std::int64_t* if_int64() const;
  [[nodiscard]] const std::uint64_t* if_uint64() const;
  [[nodiscard]] const double* if_double() const;
  [[nodiscard]] const std::string* if_string() const;
  [[nodiscard]] const Array* if_array() const;
  [[nodiscard]] const Object* if_object() const;

  /// The member of that name (the first), or null when absent or when this is no object.
  [[nodiscard]] const Value* find(std::string_view key) const;
  /// Members that must be there. Reasons: missing_member, wrong_type; the message names the member.
  [[nodiscard]] Result<std::string> string_at(std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> integer_at(std::string_view key) const;

  /// Same type and same content, all the way down; members in the same order. Takes no stack however deep the values
  /// are.
  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, std::shared_ptr<const Array>,
               std::shared_ptr<const Object>>
      value_;
};

/// Reads one JSON text. Unlike RFC 8259 it refuses duplicate keys, numbers that would not keep their value, lone
/// surrogates, and a byte order mark. Reasons: all but wrong_type and missing_member; the message has the byte offset.
Result<Value> parse(std::string_view text, const Limits& limits = {});

enum class Style : std::uint8_t { compact, indented };
/// Compact: no white space. Indented: two spaces a level, as `jq .` prints, without a newline at the end.
/// What parse took reads back equal. Doubles are in the shortest form that reads back the same, with a fraction or an
/// exponent so that they stay doubles: 1700000000.123 and 5.0; an exponent only below 1e-7 and from 1e21 on. Infinities
/// and NaN are an error of the caller's program, which ends it. Control characters are escaped as \b \f \n \r \t or
/// \u00xx; "/", U+2028 and U+2029 are not. A byte of a string that is not UTF-8 becomes U+FFFD: the result is always
/// JSON.
std::string serialize(const Value& value, Style style = Style::compact);

}  // namespace proofmark::codec::json
