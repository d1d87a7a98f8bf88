#include "codec/der.h"

#include "support/support.h"

namespace proofmark::codec::der {
namespace {

using test::hex;

// X.690, 8.1.3 and 10.1.
TEST(DerWriter, writes_lengths_in_their_shortest_form) {
  const auto start = [](std::size_t length) {
    return to_hex(ByteView(encode(Tag::octet_string, Bytes(length))).first(length < 128 ? 2 : length < 256 ? 3 : 5));
  };
  EXPECT_EQ(start(0), "0400");
  EXPECT_EQ(start(38), "0426");
  EXPECT_EQ(start(127), "047f");
  EXPECT_EQ(start(128), "048180");
  EXPECT_EQ(start(201), "0481c9");
  EXPECT_EQ(start(255), "0481ff");
  EXPECT_EQ(start(256).substr(0, 8), "04820100");
  EXPECT_EQ(start(65535).substr(0, 8), "0482ffff");
  EXPECT_EQ(start(65536), "0483010000");
}

// X.690, 8.9.3.
TEST(DerWriter, writes_the_sequence_example_of_x690) {
  const Bytes name = encode(Tag::ia5_string, as_bytes("Smith"));
  const Bytes ok = encode_boolean(true);
  EXPECT_EQ(to_hex(encode(Tag::sequence, {name, ok})), "300a1605536d6974680101ff");
  EXPECT_EQ(to_hex(encode(Tag::sequence, std::vector<Bytes>{name, ok})), "300a1605536d6974680101ff");
  EXPECT_EQ(to_hex(encode(Tag::sequence, {})), "3000");
}

// X.690, 8.14.3, example: [2] around the VisibleString "Jones", and [2] instead of its tag.
TEST(DerWriter, writes_the_tagging_examples_of_x690) {
  const Bytes jones = encode(static_cast<Tag>(0x1a), as_bytes("Jones"));
  EXPECT_EQ(to_hex(jones), "1a054a6f6e6573");
  EXPECT_EQ(to_hex(encode(context_constructed(2), jones)), "a2071a054a6f6e6573");
  EXPECT_EQ(to_hex(encode(context_primitive(2), as_bytes("Jones"))), "82054a6f6e6573");
}

TEST(DerWriter, writes_small_integers_in_their_shortest_form) {
  EXPECT_EQ(to_hex(encode_small_integer(0)), "020100");
  EXPECT_EQ(to_hex(encode_small_integer(127)), "02017f");
  EXPECT_EQ(to_hex(encode_small_integer(128)), "02020080");
  EXPECT_EQ(to_hex(encode_small_integer(256)), "02020100");
  EXPECT_EQ(to_hex(encode_small_integer(-1)), "0201ff");
  EXPECT_EQ(to_hex(encode_small_integer(-128)), "020180");
  EXPECT_EQ(to_hex(encode_small_integer(-129)), "0202ff7f");
  EXPECT_EQ(to_hex(encode_small_integer(std::numeric_limits<std::int64_t>::max())), "02087fffffffffffffff");
  EXPECT_EQ(to_hex(encode_small_integer(std::numeric_limits<std::int64_t>::min())), "02088000000000000000");
}

TEST(DerWriter, reads_back_every_small_integer_around_a_power_of_two) {
  for (unsigned bit = 0; bit < 63; ++bit) {
    const std::int64_t power = std::int64_t{1} << bit;
    for (const std::int64_t value : {power - 1, power, power + 1, -power - 1, -power, -power + 1}) {
      const Bytes encoded = encode_small_integer(value);
      Reader reader(encoded);
      ASSERT_OK(const std::int64_t read, reader.read_small_integer());
      EXPECT_EQ(read, value);
      EXPECT_OK(reader.finish());
    }
  }
}

TEST(DerWriter, writes_unsigned_integers_without_spare_zeros_and_never_negative) {
  EXPECT_EQ(to_hex(encode_unsigned({})), "020100");
  EXPECT_EQ(to_hex(encode_unsigned(hex("00"))), "020100");
  EXPECT_EQ(to_hex(encode_unsigned(hex("0000"))), "020100");
  EXPECT_EQ(to_hex(encode_unsigned(hex("01"))), "020101");
  EXPECT_EQ(to_hex(encode_unsigned(hex("7f"))), "02017f");
  EXPECT_EQ(to_hex(encode_unsigned(hex("80"))), "02020080");
  EXPECT_EQ(to_hex(encode_unsigned(hex("0080"))), "02020080");
  EXPECT_EQ(to_hex(encode_unsigned(hex("000001ff"))), "020201ff");
}

// X.690, 11.1.
TEST(DerWriter, writes_booleans) {
  EXPECT_EQ(to_hex(encode_boolean(true)), "0101ff");
  EXPECT_EQ(to_hex(encode_boolean(false)), "010100");
}

// RFC 5280, 4.2.1.3; X.690, 11.2.2: trailing zero bits are dropped.
TEST(DerWriter, writes_named_bits_that_read_back) {
  EXPECT_EQ(to_hex(encode_named_bits(0)), "030100");
  EXPECT_EQ(to_hex(encode_named_bits(1)), "03020780");
  EXPECT_EQ(to_hex(encode_named_bits((1U << 5U) | (1U << 6U))), "03020106");
  EXPECT_EQ(to_hex(encode_named_bits(1U << 7U)), "03020001");
  EXPECT_EQ(to_hex(encode_named_bits(1U << 8U)), "0303070080");
  EXPECT_EQ(to_hex(encode_named_bits(0xffffffffU)), "030500ffffffff");
  test::FakeRandom random(5);
  for (int i = 0; i < 2000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.next() >> (32U + static_cast<unsigned>(i) % 32U));
    const Bytes encoded = encode_named_bits(bits);
    Reader reader(encoded);
    ASSERT_OK(const std::uint32_t read, reader.read_named_bits());
    EXPECT_EQ(read, bits);
  }
}

TEST(DerWriter, writes_bit_strings_of_whole_bytes) {
  EXPECT_EQ(to_hex(encode_bit_string({})), "030100");
  EXPECT_EQ(to_hex(encode_bit_string(hex("a55a"))), "030300a55a");
}

// RFC 5280, 4.1.2.5: UTCTime through 2049.
TEST(DerWriter, chooses_the_time_type_of_certificates_by_the_year) {
  const auto text = [](std::string_view instant) {
    const Bytes encoded = encode_x509_time(test::at(instant));
    return to_hex(ByteView(encoded).first(2)) + " " + std::string(as_text(ByteView(encoded).subspan(2)));
  };
  EXPECT_EQ(text("1949-12-31T23:59:59Z"), "180f 19491231235959Z");
  EXPECT_EQ(text("1950-01-01T00:00:00Z"), "170d 500101000000Z");
  EXPECT_EQ(text("1969-12-31T23:59:59.999Z"), "170d 691231235959Z");  // before the epoch: cut, not rounded
  EXPECT_EQ(text("2026-09-28T09:19:26.806Z"), "170d 260928091926Z");
  EXPECT_EQ(text("2049-12-31T23:59:59Z"), "170d 491231235959Z");
  EXPECT_EQ(text("2050-01-01T00:00:00Z"), "180f 20500101000000Z");
  EXPECT_EQ(text("9999-12-31T23:59:59Z"), "180f 99991231235959Z");
  EXPECT_EQ(text("0001-01-01T00:00:00Z"), "180f 00010101000000Z");
}

// facts/aws-signing.md 1.4
TEST(DerWriter, writes_milliseconds_with_exactly_three_digits) {
  const auto text = [](std::string_view instant) {
    const Bytes encoded = encode_millisecond_time(test::at(instant));
    return std::string(as_text(ByteView(encoded).subspan(2)));
  };
  EXPECT_EQ(text("2026-09-28T09:19:26.806Z"), "20260928091926.806Z");
  EXPECT_EQ(text("2026-09-28T09:19:26Z"), "20260928091926.000Z");
  EXPECT_EQ(text("1969-12-31T23:59:59.007Z"), "19691231235959.007Z");
}

TEST(DerWriter, reads_back_the_times_it_writes) {
  test::FakeRandom random(9);
  for (int i = 0; i < 2000; ++i) {
    const Instant first = test::at("0001-01-01T00:00:00Z");
    const auto span = static_cast<std::uint64_t>((kLatestInstant - first).count());
    const Instant instant = first + std::chrono::milliseconds(static_cast<std::int64_t>(random.next() % span));
    const Bytes exact = encode_millisecond_time(instant);
    const Bytes seconds = encode_x509_time(instant);
    EXPECT_EQ(Reader(exact).read_time(Reader::Fractions::allowed).value(), instant);
    EXPECT_EQ(Reader(seconds).read_time().value(), std::chrono::floor<std::chrono::seconds>(instant));
  }
}

// X.690, 11.6.
TEST(DerWriter, sorts_a_set_of_by_the_encodings) {
  const Bytes set = encode_set_of({hex("020102"), hex("0c0161"), hex("020101"), hex("02020080"), hex("020101")});
  EXPECT_EQ(to_hex(set),
            "3110"
            "020101"
            "020101"
            "020102"
            "02020080"
            "0c0161");
  EXPECT_OK(require_sorted(ByteView(set).subspan(2)));
  EXPECT_EQ(to_hex(encode_set_of({hex("020101")}, context_constructed(0))), "a003020101");
  EXPECT_EQ(to_hex(encode_set_of({})), "3100");
}

// X.680, 41.4.
TEST(DerWriter, knows_what_a_printable_string_can_hold) {
  EXPECT_EQ(to_hex(encode_printable("Az09 '()+,-./:=?")),
            "1310417a303920272829"
            "2b2c2d2e2f3a3d3f");
  EXPECT_TRUE(is_printable(""));
  for (const std::string_view text : {"a@b", "a*", "a_b", "ü", "a&b", "\"", "a\n"})
    EXPECT_FALSE(is_printable(text)) << text;
  EXPECT_FALSE(is_printable(std::string_view("\0", 1)));
}

using DerWriterDeathTest = ::testing::Test;

TEST(DerWriterDeathTest, ends_the_program_that_writes_what_der_cannot_hold) {
  EXPECT_DEATH((void)encode_utf8("\xff"), "is_utf8");
  EXPECT_DEATH((void)encode_printable("a@b"), "is_printable");
  EXPECT_DEATH((void)encode_x509_time(kLatestInstant + std::chrono::milliseconds{1}), "9999");
}

}  // namespace
}  // namespace proofmark::codec::der
