#include "codec/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include "base/text.h"

namespace proofmark::codec::json {
namespace {

using BoostError = boost::json::error_code;
using BoostText = boost::json::string_view;

std::string_view view(BoostText text) {
  return {text.data(), text.size()};
}

/// All of `text` as a number, or none when it does not fit.
template <class Number>
std::optional<Number> read_whole(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || at != end) return std::nullopt;
  return value;
}

/// The value of a number that follows the grammar of JSON, or none when a 64-bit integer or a double can't hold it.
/// Boost's own conversion is passed over: it may be a unit in the last place off, and turns large integers into
/// doubles.
std::optional<Value> decode_number(std::string_view text) {
  if (text.find_first_of(".eE") != std::string_view::npos) {
    const auto value = read_whole<double>(text);  // correctly rounded; none for overflow and for underflow to zero
    return value ? std::optional(Value(*value)) : std::nullopt;
  }
  if (text == "-0") return std::nullopt;
  if (const auto value = read_whole<std::int64_t>(text)) return Value(*value);
  if (const auto value = read_whole<std::uint64_t>(text)) return Value(*value);
  return std::nullopt;
}

/// A key that `members` has twice, or null. Sorts rather than hashes, because keys can be chosen so that a hash table
/// degenerates.
const std::string* find_duplicate(const Object& members) {
  if (members.size() < 2) return nullptr;
  std::vector<const std::string*> keys;
  keys.reserve(members.size());
  for (const auto& member : members) keys.push_back(&member.first);
  std::ranges::sort(keys, {}, [](const std::string* key) -> const std::string& { return *key; });
  const auto twice =
      std::ranges::adjacent_find(keys, [](const std::string* a, const std::string* b) { return *a == *b; });
  return twice == keys.end() ? nullptr : *twice;
}

struct Refusal {
  JsonReason reason{};
  std::string what;
};

/// What Boost's parser calls: builds our values, and refuses what Boost would let through.
class Builder {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = max_array_size;
  static constexpr std::size_t max_string_size = max_array_size;
  static constexpr std::size_t max_key_size = max_array_size;

  explicit Builder(std::size_t max_depth) : max_depth_(max_depth) {}

  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }
  Value take() { return std::move(root_); }

  bool on_document_begin(BoostError&) { return true; }
  bool on_document_end(BoostError&) { return true; }
  bool on_array_begin(BoostError& ec) { return open(false, ec); }
  bool on_object_begin(BoostError& ec) { return open(true, ec); }
  bool on_array_end(std::size_t, BoostError&) {
    Array elements = std::move(open_.back().elements);
    open_.pop_back();
    return add(std::move(elements));
  }
  bool on_object_end(std::size_t, BoostError& ec) {
    Object members = std::move(open_.back().members);
    open_.pop_back();
    if (const std::string* key = find_duplicate(members)) {
      return refuse(JsonReason::duplicate_key, fmt::format("an object has the key {} twice", quoted(*key)), ec);
    }
    return add(std::move(members));
  }
  bool on_key_part(BoostText part, std::size_t, BoostError&) { return collect(part); }
  bool on_key(BoostText part, std::size_t, BoostError&) {
    open_.back().key = collected(part);
    return true;
  }
  bool on_string_part(BoostText part, std::size_t, BoostError&) { return collect(part); }
  bool on_string(BoostText part, std::size_t, BoostError&) { return add(collected(part)); }
  bool on_number_part(BoostText part, BoostError&) { return collect(part); }
  bool on_int64(std::int64_t, BoostText part, BoostError& ec) { return add_number(part, ec); }
  bool on_uint64(std::uint64_t, BoostText part, BoostError& ec) { return add_number(part, ec); }
  bool on_double(double, BoostText part, BoostError& ec) { return add_number(part, ec); }
  bool on_bool(bool value, BoostError&) { return add(value); }
  bool on_null(BoostError&) { return add(nullptr); }
  bool on_comment_part(BoostText, BoostError&) { return true; }
  bool on_comment(BoostText, BoostError&) { return true; }

 private:
  /// An array or object whose end has not come yet.
  struct Open {
    bool is_object = false;
    Array elements;
    Object members;
    std::string key;  // of the member whose value comes next
  };

  bool open(bool is_object, BoostError& ec) {
    if (open_.size() >= max_depth_) {
      return refuse(JsonReason::too_deep, fmt::format("arrays and objects are nested over {} deep", max_depth_), ec);
    }
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }
  bool add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().elements.push_back(std::move(value));
    }
    return true;
  }
  bool add_number(BoostText part, BoostError& ec) {
    const std::string text = collected(part);
    auto value = decode_number(text);
    if (value) return add(*std::move(value));
    return refuse(JsonReason::bad_number,
                  fmt::format("no 64-bit integer or double holds the number {}", quoted(text, 40)), ec);
  }
  bool collect(BoostText part) {
    text_ += view(part);
    return true;
  }
  std::string collected(BoostText last_part) {
    std::string whole = std::exchange(text_, {});
    whole += view(last_part);
    return whole;
  }
  bool refuse(JsonReason reason, std::string what, BoostError& ec) {
    refusal_ = {reason, std::move(what)};
    ec = boost::json::error::exception;  // any: refusal() is looked at first
    return false;
  }

  std::size_t max_depth_;
  std::vector<Open> open_;
  std::string text_;  // of a string, key or number, so far
  Value root_;
  std::optional<Refusal> refusal_;
};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Whether `text` ends with the escape of a leading surrogate: an unescaped \uD800 to \uDBFF.
bool ends_with_leading_surrogate(std::string_view text) {
  if (text.size() < 6) return false;
  const std::string_view escape = text.substr(text.size() - 6);
  if (!escape.starts_with("\\u") || !std::string_view("dD").contains(escape[2]) ||
      !std::string_view("89abAB").contains(escape[3]) || !is_hex(escape[4]) || !is_hex(escape[5])) {
    return false;
  }
  std::size_t backslashes = 1;
  for (std::size_t i = text.size() - 6; i > 0 && text[i - 1] == '\\'; --i) ++backslashes;
  return backslashes % 2 == 1;
}

/// Why Boost refused. It calls a leading surrogate that stands alone a mistake of syntax.
Refusal explain(const BoostError& ec, std::string_view parsed) {
  using boost::json::error;
  if (ec == error::too_deep) return {JsonReason::too_deep, "arrays and objects are nested too deep"};
  if (ec == error::exponent_overflow) return {JsonReason::bad_number, "a number has too large an exponent"};
  const bool alone = ends_with_leading_surrogate(parsed) ||
                     (parsed.ends_with('\\') && ends_with_leading_surrogate(parsed.substr(0, parsed.size() - 1)));
  if (ec == error::illegal_leading_surrogate || ec == error::illegal_trailing_surrogate ||
      (ec == error::syntax && alone)) {
    return {JsonReason::not_utf8, "a surrogate escape stands alone"};
  }
  if (ec == error::incomplete) return {JsonReason::syntax, "the JSON text is cut off"};
  return {JsonReason::syntax, fmt::format("this is not JSON ({})", ec.message())};
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return fail(JsonReason::too_large, fmt::format("the JSON text has {} bytes, which is over the limit of {}",
                                                   text.size(), limits.max_bytes));
  }
  if (!is_utf8(text)) return fail(JsonReason::not_utf8, "the JSON text is not UTF-8");
  if (text.empty()) return fail(JsonReason::syntax, "the JSON text is empty");
  boost::json::parse_options options;
  options.max_depth = kDeepest;
  boost::json::basic_parser<Builder> parser(options, std::min(limits.max_depth, kDeepest));
  BoostError ec;
  const std::size_t end = parser.write_some(false, text.data(), text.size(), ec);
  if (ec) {
    const auto& own = parser.handler().refusal();
    const Refusal refusal = own ? *own : explain(ec, text.substr(0, end));
    return fail(refusal.reason, fmt::format("{}, at byte {}", refusal.what, end));
  }
  if (end != text.size()) {
    return fail(JsonReason::trailing_bytes,
                fmt::format("{} bytes stand behind the JSON value, at byte {}", text.size() - end, end));
  }
  return parser.handler().take();
}

}  // namespace proofmark::codec::json
