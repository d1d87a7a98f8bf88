#include "codec/json.h"

#include <bit>
#include <cmath>
#include <limits>

#include "support/support.h"

namespace proofmark::codec::json {
namespace {

TEST(JsonWrite, writes_scalars) {
  EXPECT_EQ(serialize(nullptr), "null");
  EXPECT_EQ(serialize(true), "true");
  EXPECT_EQ(serialize(false), "false");
  EXPECT_EQ(serialize(0), "0");
  EXPECT_EQ(serialize(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(serialize(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(serialize("a"), "\"a\"");
}

TEST(JsonWrite, writes_compact_without_white_space) {
  EXPECT_EQ(serialize(Object{{"b", Array{1, 2, Object{}}}, {"a", Object{{"", Array{}}}}}),
            R"({"b":[1,2,{}],"a":{"":[]}})");
}

// The layout of `jq .` 1.6, of which the expected text is a copy.
TEST(JsonWrite, writes_indented_as_jq_does) {
  EXPECT_EQ(serialize(Object{{"b", Array{1, Array{2}, Object{}}}, {"a", Object{{"c", Array{}}}}}, Style::indented),
            "{\n  \"b\": [\n    1,\n    [\n      2\n    ],\n    {}\n  ],\n  \"a\": {\n    \"c\": []\n  }\n}");
  EXPECT_EQ(serialize(Array{}, Style::indented), "[]");
  EXPECT_EQ(serialize(1, Style::indented), "1");
}

// RFC 8259, section 7: what MUST be escaped, and nothing else.
TEST(JsonWrite, escapes_what_must_be_escaped_and_nothing_else) {
  EXPECT_EQ(serialize("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(serialize(std::string("\0\x01\x0b\x1f\x7f", 5)), "\"\\u0000\\u0001\\u000b\\u001f\x7f\"");
  EXPECT_EQ(serialize("\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80"), "\"\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\"");
  EXPECT_EQ(serialize(Object{{"\n\"", 1}}), R"({"\n\"":1})");
}

TEST(JsonWrite, replaces_bytes_that_are_not_utf8) {
  EXPECT_EQ(serialize("a\xff"
                      "b\xc3"),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\"");
  EXPECT_EQ(serialize("\xc3\xa9\xed\xa0\x80!"), "\"\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd!\"");
  EXPECT_EQ(serialize("\xf0\x9f\x98\x80\xf0\x9f"), "\"\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_OK(parse(serialize(Object{{"\xff\n", "\x80"}})));
}

// AWS prints epoch seconds plainly; Boost.JSON and others print 1.7E9. deps.md 3
TEST(JsonWrite, writes_doubles_plainly_and_shortest) {
  EXPECT_EQ(serialize(1700000000.123), "1700000000.123");
  EXPECT_EQ(serialize(1700000000.0), "1700000000.0");
  EXPECT_EQ(serialize(0.1), "0.1");
  EXPECT_EQ(serialize(0.0), "0.0");
  EXPECT_EQ(serialize(-0.0), "-0.0");
  EXPECT_EQ(serialize(-2.5), "-2.5");
  EXPECT_EQ(serialize(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(serialize(1e20), "100000000000000000000.0");
  EXPECT_EQ(serialize(0x1p69), "590295810358705651712.0");
  EXPECT_EQ(serialize(1e-7), "0.0000001");
}

TEST(JsonWrite, writes_very_large_and_very_small_doubles_with_an_exponent) {
  EXPECT_EQ(serialize(1e21), "1e+21");
  EXPECT_EQ(serialize(9.9e-8), "9.9e-08");
  EXPECT_EQ(serialize(-1.5e300), "-1.5e+300");
  EXPECT_EQ(serialize(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(serialize(std::numeric_limits<double>::denorm_min()), "5e-324");
}

TEST(JsonWrite, reads_back_every_double_bit_for_bit) {
  test::FakeRandom random(21);
  for (int i = 0; i < 50000; ++i) {
    auto value = std::bit_cast<double>(random.next());
    if (i % 2 == 0)
      value = std::ldexp(static_cast<double>(random.next() >> 11U), static_cast<int>(random.next() % 160) - 110);
    if (!std::isfinite(value)) continue;
    const std::string text = serialize(value);
    ASSERT_OK(const Value read, parse(text));
    ASSERT_NE(read.if_double(), nullptr) << text;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(*read.if_double()), std::bit_cast<std::uint64_t>(value)) << text;
  }
}

TEST(JsonWrite, writes_values_of_any_depth) {
  const std::string text = std::string(kDeepest, '[') + std::string(kDeepest, ']');
  ASSERT_OK(const Value value, parse(text, {.max_depth = kDeepest}));
  EXPECT_EQ(serialize(value), text);
}

TEST(JsonWriteDeathTest, ends_the_program_that_writes_what_json_has_no_number_for) {
  EXPECT_DEATH((void)serialize(std::numeric_limits<double>::infinity()), "isfinite");
  EXPECT_DEATH((void)serialize(std::numeric_limits<double>::quiet_NaN()), "isfinite");
}

}  // namespace
}  // namespace proofmark::codec::json
