#include "codec/json.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>

#include "support/support.h"

namespace proofmark::codec::json {
namespace {

void expect_value(std::string_view text, const Value& expected) {
  ASSERT_OK(const Value value, parse(text));
  EXPECT_TRUE(value == expected) << text << " was read as " << serialize(value);
}

void expect_refused(std::string_view text, JsonReason reason) {
  SCOPED_TRACE(::testing::PrintToString(std::string(text.substr(0, 60))));
  EXPECT_REFUSED(parse(text), reason);
}

std::string nested(std::size_t depth, std::string_view open, std::string_view close, std::string_view inside = "") {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  text += inside;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

// --- RFC 8259, rule by rule ---

// RFC 8259, section 2: JSON-text = ws value ws; ws = *( %x20 / %x09 / %x0A / %x0D )
TEST(JsonGrammar, takes_the_four_kinds_of_white_space_around_every_token) {
  expect_value(
      " \t\n\r{ \t\n\r\"a\" \t\n\r: \t\n\r[ \t\n\r1 \t\n\r, \t\n\r2 \t\n\r] \t\n\r, \t\n\r\"b\":null \t\n\r} \t\n\r",
      Object{{"a", Array{1, 2}}, {"b", nullptr}});
  expect_value(" 7 ", 7);
  for (const std::string_view text : {"\v1", "\f1",
                                      "\xc2\xa0"
                                      "1",
                                      "\xe2\x80\xa8"
                                      "1",
                                      "[1\v]", "/**/1", "// x\n1", "#\n1"}) {
    expect_refused(text, JsonReason::syntax);
  }
}

TEST(JsonGrammar, refuses_a_text_without_a_value) {
  for (const std::string_view text : {"", " ", "\n\t\r "}) expect_refused(text, JsonReason::syntax);
  expect_refused(std::string_view{}, JsonReason::syntax);
}

// RFC 8259, section 8.1: implementations MUST NOT add a byte order mark.
TEST(JsonGrammar, refuses_a_byte_order_mark) {
  expect_refused("\xef\xbb\xbf{}", JsonReason::syntax);
  expect_refused("\xff\xfe{\0}\0", JsonReason::not_utf8);
}

TEST(JsonGrammar, refuses_what_stands_behind_the_value) {
  for (const std::string_view text : {"1 2", "{}{}", "[]]", "{}}", "null,", "\"a\"\"b\"", "truefalse", "truex", "nulll",
                                      "1\v", "01", "00", "1a", "0x10", "{} // x", "1 #"}) {
    expect_refused(text, JsonReason::trailing_bytes);
  }
  expect_refused(std::string_view("1\0", 2), JsonReason::trailing_bytes);
}

// RFC 8259, section 3: value = false / null / true / object / array / number / string; lower case only.
TEST(JsonGrammar, takes_the_three_literals_as_written) {
  expect_value("true", true);
  expect_value("false", false);
  expect_value("null", nullptr);
  for (const std::string_view text : {"True", "FALSE", "Null", "nul", "tru", "fals", "t", "[nul]", "[tru,1]", "[falsE]",
                                      "undefined", "NaN", "Infinity", "-Infinity", "[NaN]", "'a'", "a", "[a]"}) {
    expect_refused(text, JsonReason::syntax);
  }
}

// RFC 8259, section 4: object = begin-object [ member *( value-separator member ) ] end-object
TEST(JsonGrammar, takes_objects) {
  expect_value("{}", Object{});
  expect_value("{\"\":1}", Object{{"", 1}});
  expect_value("{\"b\":1,\"a\":{\"b\":2}}", Object{{"b", 1}, {"a", Object{{"b", 2}}}});
  for (const std::string_view text : {"{",
                                      "{\"a\"",
                                      "{\"a\":",
                                      "{\"a\":1",
                                      "{\"a\":1,",
                                      "{\"a\":1,}",
                                      "{,}",
                                      "{,\"a\":1}",
                                      "{\"a\"}",
                                      "{\"a\" 1}",
                                      "{\"a\":}",
                                      "{a:1}",
                                      "{1:1}",
                                      "{'a':1}",
                                      "{\"a\":1 \"b\":2}",
                                      "{\"a\":1]",
                                      "{\"a\"::1}",
                                      "{null:1}",
                                      "{\"a\":1,,\"b\":2}",
                                      "}",
                                      "{[]:1}",
                                      "{\"a\",\"b\"}"}) {
    expect_refused(text, JsonReason::syntax);
  }
}

// RFC 8259, section 5: array = begin-array [ value *( value-separator value ) ] end-array
TEST(JsonGrammar, takes_arrays) {
  expect_value("[]", Array{});
  expect_value("[1]", Array{1});
  expect_value("[[],{},\"\",null]", Array{Array{}, Object{}, "", nullptr});
  for (const std::string_view text :
       {"[", "[1", "[1,", "[1,]", "[,]", "[,1]", "[1 2]", "[1,,2]", "]", "[1}", "[\"a\":1]", "[1;2]"}) {
    expect_refused(text, JsonReason::syntax);
  }
}

// RFC 8259, section 6: number = [ minus ] int [ frac ] [ exp ]
TEST(JsonGrammar, takes_numbers) {
  expect_value("0", 0);
  expect_value("-1", -1);
  expect_value("10", 10);
  expect_value("1234567890123456789", std::int64_t{1234567890123456789});
  expect_value("0.5", 0.5);
  expect_value("-0.5", -0.5);
  expect_value("1e2", 100.0);
  expect_value("1E2", 100.0);
  expect_value("1e+2", 100.0);
  expect_value("1e-2", 0.01);
  expect_value("1.5e2", 150.0);
  expect_value("0e0", 0.0);
  expect_value("0e5", 0.0);
  expect_value("1e00005", 1e5);
  expect_value("[0,0.0,1]", Array{0, 0.0, 1});
  for (const std::string_view text :
       {"-",     "+1",  ".5",   "-.5",  "1.",   "1.e2", "1e",     "1e+",     "1e-",           "--1",
        "- 1",   "e1",  "-a",   "[01]", "[1.]", "[.1]", "[1e]",   "[0x1]",   "[1_000]",       "[1e1.5]",
        "[1+1]", "1.x", "1e x", "[-]",  "[00]", "[0e]", "[2.e3]", "[1.2.3]", "[\xef\xbc\x91]"}) {
    expect_refused(text, JsonReason::syntax);
  }
}

// RFC 8259, section 7: string = quotation-mark *char quotation-mark
TEST(JsonGrammar, takes_strings) {
  expect_value("\"\"", "");
  expect_value("\"abc\"", "abc");
  expect_value(R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t");
  expect_value(R"("\u0041\u00e9\u20AC\uFFFF")", "A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf");
  expect_value(R"("\ud83d\ude00")", "\xf0\x9f\x98\x80");
  expect_value(R"("\uD800\uDC00\uDBFF\uDFFF")", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
  expect_value("\"\xf0\x9f\x98\x80 \x7f /\xe2\x80\xa8\"", "\xf0\x9f\x98\x80 \x7f /\xe2\x80\xa8");
  expect_value("\"\\u0000\"", std::string(1, '\0'));
  for (const std::string_view text : {"\"",          "\"a",
                                      "\"\\\"",      "\"\\",
                                      "\"\\u",       "\"\\u12\"",
                                      "\"\\u123\"",  "\"\\uABCG\"",
                                      "\"\\x41\"",   "\"\\a\"",
                                      "\"\\'\"",     "\"\\0\"",
                                      "\"\\U0041\"", "\"\\u-123\"",
                                      "\"\\u 123\"", "\"\n\"",
                                      "\"\t\"",      "\"\r\"",
                                      "\"\x1f\"",    "\"a\x01z\"",
                                      "'a'",         "\"\\ud83d\\u12\""}) {
    expect_refused(text, JsonReason::syntax);
  }
  expect_refused(std::string_view("\"\0\"", 3), JsonReason::syntax);
}

TEST(JsonGrammar, refuses_every_control_character_in_a_string) {
  for (char c = 0; c < 0x20; ++c) {
    expect_refused("[\"" + std::string(1, c) + "\"]", JsonReason::syntax);
    expect_refused("[\"" + std::string(40, 'x') + std::string(1, c) + std::string(40, 'x') + "\"]", JsonReason::syntax);
  }
}

// --- stricter than the RFC ---

// RFC 3629; RFC 8259, section 8.1.
TEST(JsonParse, refuses_what_is_not_utf8) {
  for (const std::string_view bad :
       {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"}) {
    expect_refused("\"" + std::string(bad) + "\"", JsonReason::not_utf8);
    expect_refused("{\"" + std::string(bad) + "\":1}", JsonReason::not_utf8);
    expect_refused("1" + std::string(bad), JsonReason::not_utf8);
  }
}

// RFC 8259, section 8.2: "unpredictable" behaviour of readers that meet a lone surrogate.
TEST(JsonParse, refuses_surrogates_that_stand_alone) {
  for (const std::string_view bad : {R"(\ud800)", R"(\udbff)", R"(\udc00)", R"(\udfff)", R"(\ud800x)", R"(\ud800\n)",
                                     R"(\ud800\ud800)", R"(\ud800\u0041)", R"(\udc00\ud800)", R"(\uD83D \uDE00)",
                                     R"(\ude00\ud83d)", R"(\\\ud800)", R"(\ud83d\ude00\ud83d)", R"(x\uDaBc)"}) {
    for (const std::string_view padding :
         {"", "a string that is longer than what the parser looks at in one step, by far"}) {
      expect_refused("\"" + std::string(bad) + "\"", JsonReason::not_utf8);
      expect_refused("[\"" + std::string(padding) + std::string(bad) + "\",\"" + std::string(padding) + "\"]",
                     JsonReason::not_utf8);
      expect_refused("{\"" + std::string(bad) + std::string(padding) + "\":1}", JsonReason::not_utf8);
    }
  }
}

TEST(JsonParse, tells_an_escaped_backslash_from_a_surrogate) {
  expect_value(R"("\\ud800")", "\\ud800");
  expect_refused("\"\\\\ud800\n\"", JsonReason::syntax);
  expect_refused("\"\\\\\\\\ud800\x01\"", JsonReason::syntax);
}

TEST(JsonParse, refuses_duplicate_keys_after_unescaping) {
  for (const std::string_view text : {R"({"a":1,"a":2})", R"({"a":1,"\u0061":2})", R"({"\u0061":1,"a":1})",
                                      R"({"":1,"":2})", R"({"a":1,"b":2,"c":3,"b":4})", R"([{"x":{"a":1,"a":1}}])",
                                      R"({"a\/b":1,"a/b":2})", R"({"\ud83d\ude00":1,"😀":2})", R"({"\n":1,"\u000a":2})",
                                      R"({"\u0000":1,"\u0000":2})", R"({"k":{"a":1},"k":{"a":1}})"}) {
    expect_refused(text, JsonReason::duplicate_key);
  }
  EXPECT_OK(parse(R"({"a":1,"A":2,"a ":3,"a\u0000":4,"b":{"a":1,"b":2}})"));
  EXPECT_OK(parse("{\"\xc3\xa9\":1,\"e\xcc\x81\":2}"));  // not normalised: different keys
}

TEST(JsonParse, names_the_duplicate_key) {
  const auto refused = parse(R"({"first":1,"twice\n":2,"twice\u000a":3})");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message().find(R"("twice\x0a")"), std::string::npos) << refused.error().message();
}

TEST(JsonParse, finds_duplicates_among_very_many_keys) {
  std::string text = "{";
  for (int i = 0; i < 20000; ++i) text += "\"key" + std::to_string(i) + "\":0,";
  EXPECT_OK(parse(text + "\"last\":0}"));
  EXPECT_REFUSED(parse(text + "\"key10000\":0}"), JsonReason::duplicate_key);
}

TEST(JsonParse, bounds_the_depth) {
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"[", "]"}, {"{\"a\":", "}"}, {"[{\"a\":", "}]"}}) {
    const std::size_t levels = open.size() > 5 ? 2 : 1;
    EXPECT_OK(parse(nested(64 / levels, open, close, "1")));
    EXPECT_REFUSED(parse(nested(66 / levels, open, close, "1")), JsonReason::too_deep);
    EXPECT_REFUSED(parse(nested(100000, open, close, "1")), JsonReason::too_deep);
    EXPECT_REFUSED(parse(nested(100000, open, "")), JsonReason::too_deep);
  }
  EXPECT_REFUSED(parse(nested(65, "[", "]")), JsonReason::too_deep);
  EXPECT_OK(parse("[[],[[]],[]]", {.max_depth = 3}));
  EXPECT_REFUSED(parse("[[],[[]],[]]", {.max_depth = 2}), JsonReason::too_deep);
  EXPECT_OK(parse("1", {.max_depth = 0}));
  EXPECT_REFUSED(parse("[]", {.max_depth = 0}), JsonReason::too_deep);
}

TEST(JsonParse, never_nests_deeper_than_its_own_bound) {
  const Limits generous{.max_depth = std::numeric_limits<std::size_t>::max()};
  EXPECT_OK(parse(nested(kDeepest, "[", "]"), generous));
  EXPECT_REFUSED(parse(nested(kDeepest + 1, "[", "]"), generous), JsonReason::too_deep);
  EXPECT_REFUSED(parse(nested(200000, "[", "]"), generous), JsonReason::too_deep);
}

TEST(JsonParse, bounds_the_size) {
  EXPECT_OK(parse("[1,2]", {.max_bytes = 5}));
  EXPECT_REFUSED(parse("[1,2]", {.max_bytes = 4}), JsonReason::too_large);
  EXPECT_REFUSED(parse("[1,2] ", {.max_bytes = 5}), JsonReason::too_large);
  EXPECT_REFUSED(parse("", {.max_bytes = 0}), JsonReason::syntax);
}

TEST(JsonParse, says_where_the_mistake_is) {
  for (const auto& [text, place] : {std::pair<std::string_view, std::string_view>{"[1,}", "at byte 3"},
                                    {"{\"a\":tru}", "at byte 5"},
                                    {"[1,2", "at byte 4"},
                                    {"nullx", "at byte 4"},
                                    {"[1,1e999]", "at byte 8"}}) {
    const auto refused = parse(text);
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(refused.error().message().ends_with(place)) << refused.error().message();
  }
}

// --- numbers ---

TEST(JsonNumbers, keeps_integers_exactly_up_to_64_bits) {
  expect_value("9223372036854775807", std::numeric_limits<std::int64_t>::max());
  expect_value("-9223372036854775808", std::numeric_limits<std::int64_t>::min());
  expect_value("9223372036854775808", std::uint64_t{9223372036854775808U});
  expect_value("18446744073709551615", std::numeric_limits<std::uint64_t>::max());
  ASSERT_OK(const Value small, parse("9223372036854775807"));
  EXPECT_NE(small.if_int64(), nullptr);
  EXPECT_EQ(small.if_uint64(), nullptr);
  ASSERT_OK(const Value large, parse("9223372036854775808"));
  EXPECT_EQ(large.if_int64(), nullptr);
  EXPECT_NE(large.if_uint64(), nullptr);
  for (const std::string_view text : {"18446744073709551616", "-9223372036854775809", "100000000000000000000",
                                      "-18446744073709551615", "123456789012345678901234567890"}) {
    expect_refused(text, JsonReason::bad_number);
    expect_refused("[" + std::string(text) + "]", JsonReason::bad_number);
  }
}

TEST(JsonNumbers, refuses_the_integer_minus_zero_but_keeps_the_double) {
  expect_refused("-0", JsonReason::bad_number);
  expect_refused("[-0]", JsonReason::bad_number);
  expect_refused("[-01]", JsonReason::bad_number);
  expect_refused("{\"a\": -0 , \"b\": 0.1234567890123456789012345678901234}", JsonReason::bad_number);
  ASSERT_OK(const Value zero, parse("-0.0"));
  ASSERT_NE(zero.if_double(), nullptr);
  EXPECT_TRUE(std::signbit(*zero.if_double()));
  EXPECT_OK(parse("-0e0"));
}

TEST(JsonNumbers, refuses_doubles_that_overflow_or_vanish) {
  for (const std::string_view text : {"1e400", "-1e400", "1e309", "1.7976931348623159e308", "1e99999999999", "1e-400",
                                      "-1e-400", "2e-324", "1e-99999999999", "0.1e-99999999999", "1e2147483648"}) {
    expect_refused(text, JsonReason::bad_number);
    expect_refused("{\"a\":" + std::string(text) + "}", JsonReason::bad_number);
  }
  expect_value("1.7976931348623157e308", std::numeric_limits<double>::max());
  expect_value("1.7976931348623158e308", std::numeric_limits<double>::max());
  expect_value("5e-324", std::numeric_limits<double>::denorm_min());
  expect_value("0e400", 0.0);
  expect_value("0.0e-400", 0.0);
}

double double_of(std::string_view text) {
  const auto value = parse(text);
  if (!value || value->if_double() == nullptr) {
    ADD_FAILURE() << text;
    return 0;
  }
  return *value->if_double();
}

// Inputs on which readers have been known to round wrongly: ties at 2^53, the PHP and Java loops, values just beside a
// tie.
TEST(JsonNumbers, rounds_doubles_correctly) {
  EXPECT_EQ(double_of("9007199254740993.0"), 9007199254740992.0);
  EXPECT_EQ(double_of("9007199254740993.00000000000000000000000001"), 9007199254740994.0);
  EXPECT_EQ(double_of("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022);
  EXPECT_EQ(double_of("2.2250738585072012e-308"), 0x1p-1022);
  EXPECT_EQ(double_of("7.2057594037927933e16"), 0x1p56);
  EXPECT_EQ(double_of("8.41e21"), 8.41e21);
  EXPECT_EQ(double_of("6.8e-10"), 6.8e-10);
  EXPECT_EQ(double_of("1700000000.123"), 1700000000.123);
  EXPECT_EQ(double_of("0." + std::string(300, '0') + "1"), 1e-301);
  EXPECT_EQ(double_of("1" + std::string(300, '0') + ".0"), 1e300);
}

// The C library's strtod as the oracle.
TEST(JsonNumbers, reads_random_decimals_as_strtod_does) {
  test::FakeRandom random(11);
  for (int i = 0; i < 20000; ++i) {
    std::string text = (random.next() & 1U) != 0 ? "-" : "";
    text += static_cast<char>('1' + random.next() % 9) + std::string(".");
    for (auto digits = random.next() % 25 + 1; digits > 0; --digits)
      text += static_cast<char>('0' + random.next() % 10);
    if ((random.next() & 1U) != 0) text += "e" + std::to_string(static_cast<int>(random.next() % 600) - 300);
    EXPECT_EQ(double_of(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(JsonReasons, every_one_is_reached) {
  const std::map<JsonReason, std::function<bool()>> refusals{
      {JsonReason::syntax, [] { return parse("[1,]").error().is(JsonReason::syntax); }},
      {JsonReason::not_utf8, [] { return parse("\"\xff\"").error().is(JsonReason::not_utf8); }},
      {JsonReason::duplicate_key, [] { return parse(R"({"a":1,"\u0061":2})").error().is(JsonReason::duplicate_key); }},
      {JsonReason::too_deep, [] { return parse(nested(65, "[", "]")).error().is(JsonReason::too_deep); }},
      {JsonReason::too_large, [] { return parse("[]", {.max_bytes = 1}).error().is(JsonReason::too_large); }},
      {JsonReason::bad_number, [] { return parse("1e400").error().is(JsonReason::bad_number); }},
      {JsonReason::trailing_bytes, [] { return parse("1 2").error().is(JsonReason::trailing_bytes); }},
      {JsonReason::wrong_type,
       [] { return Value(Object{{"a", 1}}).string_at("a").error().is(JsonReason::wrong_type); }},
      {JsonReason::missing_member,
       [] { return Value(Object{}).string_at("a").error().is(JsonReason::missing_member); }},
  };
  for (int i = 0; i <= static_cast<int>(last_reason(JsonReason{})); ++i) {
    const auto reason = static_cast<JsonReason>(i);
    ASSERT_TRUE(refusals.contains(reason)) << reason_info(reason).name;
    EXPECT_TRUE(refusals.at(reason)()) << reason_info(reason).name;
  }
}

}  // namespace
}  // namespace proofmark::codec::json
