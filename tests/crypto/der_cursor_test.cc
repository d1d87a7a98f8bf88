#include "crypto/der_cursor.h"

#include "support/support.h"

namespace proofmark::crypto {
namespace {

using test::hex;

TEST(DerCursor, takes_elements_one_after_the_other) {
  const Bytes input = hex("0201 05 0403 616263");
  DerCursor cursor(input);
  EXPECT_TRUE(cursor.next_is(DerTag::integer));
  EXPECT_EQ(to_bytes(cursor.take(DerTag::integer).value()), hex("05"));
  EXPECT_FALSE(cursor.at_end());
  EXPECT_EQ(to_bytes(cursor.take(DerTag::octet_string).value()), hex("616263"));
  EXPECT_TRUE(cursor.at_end());
  EXPECT_FALSE(cursor.take(DerTag::integer).has_value());
}

TEST(DerCursor, takes_nothing_when_it_refuses) {
  const Bytes input = hex("0201 05");
  DerCursor cursor(input);
  EXPECT_FALSE(cursor.take(DerTag::sequence).has_value());
  EXPECT_EQ(to_bytes(cursor.take(DerTag::integer).value()), hex("05"));
}

TEST(DerCursor, reads_lengths_at_the_borders_of_their_forms) {
  for (const std::size_t length : {0U, 1U, 127U, 128U, 255U, 256U, 65535U}) {
    const Bytes content(length, 0x5a);
    const Bytes element = der_element(DerTag::sequence, {content});
    const auto taken = take_only(element, DerTag::sequence);
    ASSERT_TRUE(taken.has_value()) << length;
    EXPECT_EQ(to_bytes(*taken), content);
  }
}

// X.690, 10.1
TEST(DerCursor, refuses_lengths_that_are_not_the_shortest_form) {
  for (const char* const input : {"30 80 0000",       // indefinite
                                  "30 8100",          // long form of 0
                                  "30 817f",          // long form of 127, and nothing there
                                  "30 8101 05",       // long form of 1
                                  "30 820001 05",     // leading zero
                                  "30 830000 01 05",  // three bytes
                                  "30 84ffffffff",    // four bytes
                                  "30 88ffffffffffffffff", "30 ff"}) {
    EXPECT_FALSE(take_only(hex(input), DerTag::sequence).has_value()) << input;
  }
  Bytes padded = hex("30 8200ff");
  padded.resize(padded.size() + 255);
  EXPECT_FALSE(take_only(padded, DerTag::sequence).has_value());
}

TEST(DerCursor, refuses_elements_that_end_outside_the_input) {
  for (const char* const input : {"", "30", "3001", "3002 00", "3081", "3082", "308201", "30820100 00"}) {
    EXPECT_FALSE(take_only(hex(input), DerTag::sequence).has_value()) << input;
  }
}

TEST(TakeOnly, refuses_bytes_behind_the_element) {
  EXPECT_TRUE(take_only(hex("3000"), DerTag::sequence).has_value());
  EXPECT_FALSE(take_only(hex("3000 00"), DerTag::sequence).has_value());
}

TEST(TakeUnsigned, gives_the_magnitude_without_leading_zeros) {
  const std::vector<std::pair<const char*, const char*>> examples{{"020100", ""},       {"020101", "01"},
                                                                  {"02017f", "7f"},     {"02020080", "80"},
                                                                  {"02020100", "0100"}, {"0203008000", "8000"}};
  for (const auto& [encoded, magnitude] : examples) {
    const Bytes input = hex(encoded);
    DerCursor cursor(input);
    const auto number = cursor.take_unsigned();
    ASSERT_TRUE(number.has_value()) << encoded;
    EXPECT_EQ(to_hex(*number), magnitude);
    EXPECT_EQ(der_unsigned(*number), input);
  }
}

// X.690, 8.3: at least one byte, the shortest form; and for us, not negative.
TEST(TakeUnsigned, refuses_empty_padded_and_negative_integers) {
  for (const char* const encoded :
       {"0200", "02020000", "0202007f", "020180", "0201ff", "0202ff7f", "0203000080", "0401 01"}) {
    const Bytes input = hex(encoded);
    DerCursor cursor(input);
    EXPECT_FALSE(cursor.take_unsigned().has_value()) << encoded;
  }
}

TEST(DerUnsigned, drops_leading_zeros_and_keeps_the_number_positive) {
  EXPECT_EQ(der_unsigned(hex("000001")), hex("020101"));
  EXPECT_EQ(der_unsigned(hex("ff")), hex("020200ff"));
  EXPECT_EQ(der_unsigned({}), hex("020100"));
}

}  // namespace
}  // namespace proofmark::crypto
