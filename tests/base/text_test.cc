#include "base/text.h"

#include <gtest/gtest.h>

#include <string>

namespace proofmark {
namespace {

using std::string_literals::operator""s;

TEST(Text, utf_8_is_what_rfc_3629_says) {
  for (const auto& good : {""s, "a"s, "é"s, "€"s, "😀"s, "\0"s, "\xf4\x8f\xbf\xbf"s, "\xed\x9f\xbf"s})
    EXPECT_TRUE(is_utf8(good));
  for (const auto& bad :
       {"\x80"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x9f\xbf"s, "\xed\xa0\x80"s, "\xf0\x8f\xbf\xbf"s, "\xf4\x90\x80\x80"s,
        "\xf5\x80\x80\x80"s, "\xff"s, "\xc3"s, "\xe2\x82"s, "\xf0\x9f\x98"s, "a\xc3(b"s}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Text, names_from_outside_cannot_rewrite_the_terminal) {
  EXPECT_EQ(quoted("handler.py"), "\"handler.py\"");
  EXPECT_EQ(quoted("a\x1b[2Jb\n"), "\"a\\x1b[2Jb\\x0a\"");
  EXPECT_EQ(quoted("a\"\\"), "\"a\\\"\\\\\"");
  EXPECT_EQ(quoted("\xff\xc3(é"), "\"\\xff\\xc3(é\"");
  EXPECT_EQ(quoted("a\u202egnp.exe"), "\"a\\u{202e}gnp.exe\"");
  EXPECT_EQ(quoted("\u0085"), "\"\\u{85}\"");
  EXPECT_EQ(quoted(std::string(1000, 'x'), 10), "\"xxxxxxxxxx…\"");
}

TEST(Text, printable_names_are_as_given_but_for_what_a_terminal_would_act_on) {
  EXPECT_EQ(printable("my \"dir\"/a\\b é"), "my \"dir\"/a\\b é");
  EXPECT_EQ(printable("a\x1b[2J\n\xff"), "a\\x1b[2J\\x0a\\xff");
}

}  // namespace
}  // namespace proofmark
