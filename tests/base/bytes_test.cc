#include "base/bytes.h"

#include <gtest/gtest.h>

namespace proofmark {
namespace {

TEST(Bytes, hexadecimal_is_lower_case_and_two_digits_a_byte) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
  EXPECT_EQ(to_hex({}), "");
}

TEST(Bytes, views_of_text_hold_the_same_bytes) {
  EXPECT_EQ(as_text(as_bytes("a\xff")), "a\xff");
  EXPECT_TRUE(equal(as_bytes("ab"), Bytes{'a', 'b'}));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("abc")));
  Bytes bytes{1};
  append(bytes, Bytes{2, 3});
  EXPECT_EQ(bytes, (Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace proofmark
