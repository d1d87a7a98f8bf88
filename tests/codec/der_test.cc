#include "codec/der.h"

#include <fmt/format.h>

#include <functional>
#include <map>

#include "support/support.h"

namespace proofmark::codec::der {
namespace {

using test::hex;

template <class Read>
auto read_with(std::string_view bytes, Read read) {
  const Bytes input = hex(bytes);
  Reader reader(input);
  return read(reader);
}

Bytes time_element(Tag tag, std::string_view text) {
  return encode(tag, as_bytes(text));
}

Result<Instant> read_time(Tag tag, std::string_view text, Reader::Fractions fractions = Reader::Fractions::refused) {
  const Bytes input = time_element(tag, text);
  Reader reader(input);
  PM_TRY(const Instant instant, reader.read_time(fractions));
  PM_TRY_VOID(reader.finish());
  return instant;
}

// X.690, 8.9.3: SEQUENCE {name IA5String, ok BOOLEAN} with "Smith" and TRUE.
TEST(DerReader, reads_the_sequence_example_of_x690) {
  const Bytes input = hex("300A 1605 536D697468 0101FF");
  Reader outer(input);
  ASSERT_OK(Reader sequence, outer.enter(Tag::sequence));
  ASSERT_OK(const Element name, sequence.read(Tag::ia5_string));
  EXPECT_EQ(as_text(name.content), "Smith");
  EXPECT_EQ(to_hex(name.encoded), "1605536d697468");
  EXPECT_EQ(sequence.offset(), 9U);
  ASSERT_OK(const bool ok, sequence.read_boolean());
  EXPECT_TRUE(ok);
  EXPECT_OK(sequence.finish());
  EXPECT_OK(outer.finish());
  EXPECT_TRUE(outer.at_end());
}

// X.690, 8.1.3: short form to 127 bytes, long form from 128 on; 10.1: the shortest form.
TEST(DerReader, reads_lengths_at_every_border_of_their_forms) {
  for (const std::size_t length : {0U, 1U, 127U, 128U, 201U, 255U, 256U, 65535U, 65536U, 70000U}) {
    const Bytes content(length, 0x5a);
    const Bytes input = encode(Tag::octet_string, content);
    Reader reader(input);
    ASSERT_OK(const ByteView read, reader.read_octet_string());
    EXPECT_TRUE(equal(read, content)) << length;
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(DerReader, refuses_lengths_that_are_not_the_shortest_form) {
  for (const std::string_view input : {"04 81 00", "04 81 01 00", "04 81 7f", "04 82 0001 00", "04 82 00ff",
                                       "04 83 000100", "04 84 00000001 00", "04 84 00ffffff"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_any(); }), DerReason::bad_length);
  }
}

TEST(DerReader, refuses_lengths_of_over_four_bytes_and_the_reserved_one) {
  for (const std::string_view input :
       {"04 85 0100000000", "04 88 ffffffffffffffff", "04 ff 00", "30 85 0000000001 00"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_any(); }), DerReason::bad_length);
  }
}

TEST(DerReader, refuses_elements_that_end_outside_of_their_input) {
  for (const std::string_view input :
       {"", "04", "04 01", "04 81", "04 81 80", "04 82 01", "04 84 ffffffff 00", "30 05 04 01 00 05", "04 7f 00"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_any(); }), DerReason::truncated);
  }
}

TEST(DerReader, refuses_tags_of_more_than_one_byte_and_universal_class_zero) {
  for (const std::string_view input : {"1f 01 00", "3f 81 01 00", "bf 1f 00", "ff 00 00", "00 00", "20 00"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_any(); }), DerReason::bad_tag);
  }
}

TEST(DerReader, refuses_another_tag_and_stays_where_it_was) {
  const Bytes input = hex("0201 05 0101 ff");
  Reader reader(input);
  EXPECT_REFUSED(reader.read(Tag::boolean), DerReason::unexpected_tag);
  EXPECT_REFUSED(reader.read_boolean(), DerReason::unexpected_tag);
  EXPECT_REFUSED(reader.enter(Tag::sequence), DerReason::unexpected_tag);
  EXPECT_REFUSED(reader.read_time(), DerReason::unexpected_tag);
  EXPECT_TRUE(reader.next_is(Tag::integer));
  ASSERT_OK(const std::int64_t number, reader.read_small_integer());
  EXPECT_EQ(number, 5);
  EXPECT_TRUE(reader.next_is(Tag::boolean));
}

TEST(DerReader, stays_where_it_was_after_a_bad_value) {
  const Bytes input = hex("0101 42");
  Reader reader(input);
  EXPECT_REFUSED(reader.read_boolean(), DerReason::bad_value);
  EXPECT_EQ(reader.offset(), 0U);
  EXPECT_OK(reader.read_any());
}

TEST(DerReader, finds_bytes_behind_the_last_element) {
  EXPECT_REFUSED(read_only(hex("0500 00"), Tag::null), DerReason::trailing_bytes);
  EXPECT_REFUSED(read_only(hex("0500 0500"), Tag::null), DerReason::trailing_bytes);
  EXPECT_OK(read_only(hex("0500"), Tag::null));
}

TEST(DerReader, names_the_offset_from_the_outermost_input) {
  const Bytes input = hex("3006 3004 0202 0001");
  Reader outer(input);
  ASSERT_OK(Reader middle, outer.enter(Tag::sequence));
  ASSERT_OK(Reader inner, middle.enter(Tag::sequence));
  const auto refused = inner.read_integer();
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message().find("byte 4 "), std::string::npos) << refused.error().message();
}

// --- indefinite lengths: X.690, 8.1.3.6 and 8.1.5 ---

// X.690, 8.6.4.2, the constructed form of the BIT STRING '0A3B5F291CD'H.
TEST(DerReader, reads_the_indefinite_example_of_x690_where_allowed) {
  const Bytes input = hex("2380 0303000A3B 0305045F291CD0 0000");
  Reader reader(input);
  EXPECT_REFUSED(reader.read_any(), DerReason::bad_length);
  ASSERT_OK(const Element element, reader.read_any(Lengths::indefinite_allowed));
  EXPECT_EQ(to_hex(element.content), "0303000a3b0305045f291cd0");
  EXPECT_TRUE(equal(element.encoded, input));
  EXPECT_TRUE(reader.at_end());
}

TEST(DerReader, refuses_an_indefinite_length_of_a_primitive_element) {
  EXPECT_REFUSED(read_with("0480 0401aa 0000", [](Reader& r) { return r.read_any(Lengths::indefinite_allowed); }),
                 DerReason::bad_length);
}

TEST(DerReader, passes_over_nested_indefinite_lengths_to_find_the_end) {
  const Bytes input = hex("3080 a080 3003 020105 a180 0000 0000 0000 0500");
  Reader outer(input);
  ASSERT_OK(Reader sequence, outer.enter(Tag::sequence, Lengths::indefinite_allowed));
  EXPECT_OK(outer.read(Tag::null));
  EXPECT_OK(outer.finish());
  EXPECT_REFUSED(sequence.read(context_constructed(0)), DerReason::bad_length);  // each read names its own form
  ASSERT_OK(Reader tagged, sequence.enter(context_constructed(0), Lengths::indefinite_allowed));
  EXPECT_OK(sequence.finish());
  EXPECT_OK(tagged.read(Tag::sequence));
  ASSERT_OK(const Element empty, tagged.read(context_constructed(1), Lengths::indefinite_allowed));
  EXPECT_TRUE(empty.content.empty());
  EXPECT_EQ(to_hex(empty.encoded), "a1800000");
  EXPECT_OK(tagged.finish());
}

TEST(DerReader, does_not_take_two_zero_bytes_inside_of_a_value_for_the_end) {
  const Bytes input = hex("3080 0404 00000000 0000");
  Reader outer(input);
  ASSERT_OK(const Element element, outer.read(Tag::sequence, Lengths::indefinite_allowed));
  EXPECT_EQ(to_hex(element.content), "040400000000");
}

TEST(DerReader, refuses_an_indefinite_length_without_an_end) {
  for (const std::string_view input :
       {"3080", "3080 00", "3080 0500", "3080 a080 0000", "3080 0402 0000", "3080 0500 00"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_any(Lengths::indefinite_allowed); }),
                   DerReason::truncated);
  }
  EXPECT_REFUSED(read_with("3080 0001 00 0000", [](Reader& r) { return r.read_any(Lengths::indefinite_allowed); }),
                 DerReason::bad_tag);
}

Bytes nested_indefinite(std::size_t depth) {
  Bytes input;
  for (std::size_t i = 0; i < depth; ++i) append(input, hex("3080"));
  for (std::size_t i = 0; i < depth; ++i) append(input, hex("0000"));
  return input;
}

TEST(DerReader, follows_indefinite_lengths_16_levels_deep_and_no_deeper) {
  const Bytes allowed = nested_indefinite(16);
  EXPECT_OK(Reader(allowed).read_any(Lengths::indefinite_allowed));
  for (const std::size_t depth : {17U, 100000U}) {
    const Bytes input = nested_indefinite(depth);
    SCOPED_TRACE(depth);
    EXPECT_REFUSED(Reader(input).read_any(Lengths::indefinite_allowed), DerReason::too_deep);
  }
}

// --- values ---

// X.690, 8.2.2 and 11.1.
TEST(DerReader, takes_two_booleans_only) {
  const auto read = [](Reader& r) { return r.read_boolean(); };
  EXPECT_EQ(read_with("0101ff", read).value(), true);
  EXPECT_EQ(read_with("010100", read).value(), false);
  for (const std::string_view input : {"010101", "0101fe", "010180", "0100", "0102ffff"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, read), DerReason::bad_value);
  }
}

// X.690, 8.3.
TEST(DerReader, reads_integers_in_their_shortest_form_only) {
  const auto read = [](Reader& r) { return r.read_small_integer(); };
  EXPECT_EQ(read_with("020100", read).value(), 0);
  EXPECT_EQ(read_with("02017f", read).value(), 127);
  EXPECT_EQ(read_with("02020080", read).value(), 128);
  EXPECT_EQ(read_with("020180", read).value(), -128);
  EXPECT_EQ(read_with("0201ff", read).value(), -1);
  EXPECT_EQ(read_with("0202ff7f", read).value(), -129);
  EXPECT_EQ(read_with("02087fffffffffffffff", read).value(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read_with("02088000000000000000", read).value(), std::numeric_limits<std::int64_t>::min());
  for (const std::string_view input : {"0200", "02020000", "0202007f", "0202ffff", "0202ff80", "0203000080"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, read), DerReason::bad_value);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_integer(); }), DerReason::bad_value);
  }
  EXPECT_REFUSED(read_with("0209008000000000000000", read), DerReason::bad_value);
  EXPECT_OK(read_with("0209008000000000000000", [](Reader& r) { return r.read_integer(); }));
}

TEST(DerReader, takes_integers_of_4096_bytes_and_no_more) {
  const Bytes largest = encode(Tag::integer, Bytes(4096, 0x01));
  EXPECT_OK(Reader(largest).read_integer());
  const Bytes larger = encode(Tag::integer, Bytes(4097, 0x01));
  EXPECT_REFUSED(Reader(larger).read_integer(), DerReason::bad_value);
}

// X.690, 8.19.5: {joint-iso-itu-t 100 3}; the others from RFC 8017, RFC 4055, X.667 (a UUID under 2.25) and X.660
// (2.999).
TEST(DerReader, reads_and_prints_object_identifiers) {
  const std::map<std::string_view, std::string_view> oids{
      {"0603 813403", "2.100.3"},
      {"0609 2a864886f70d01010b", "1.2.840.113549.1.1.11"},
      {"0609 608648016503040202", "2.16.840.1.101.3.4.2.2"},
      {"0607 2b813b81090102", "1.3.187.137.1.2"},
      {"0614 6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776", "2.25.329800735698586629295641978511506172918"},
      {"0602 8837", "2.999"},
      {"0602 8100", "2.48"},
      {"0601 00", "0.0"},
      {"0601 27", "0.39"},
      {"0601 28", "1.0"},
      {"0601 4f", "1.39"},
      {"0601 50", "2.0"},
      {"0601 7f", "2.47"},
      {"060b 2a 81ffffffffffffffff7f", "1.2.18446744073709551615"},
      {"060b 2a 82808080808080808000", "1.2.18446744073709551616"},
  };
  for (const auto& [encoded, dotted] : oids) {
    const Bytes input = hex(encoded);
    Reader reader(input);
    ASSERT_OK(const Oid oid, reader.read_oid());
    EXPECT_EQ(to_string(oid), dotted);
    EXPECT_EQ(encode_oid(oid), input);
  }
}

// X.690, 8.19.2: the shortest form, and the last octet of a subidentifier has bit 8 clear.
TEST(DerReader, refuses_object_identifiers_that_are_empty_padded_cut_or_long) {
  for (const std::string_view input : {"0600", "0601 80", "0602 8001", "0603 2a8001", "0602 2a86"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, [](Reader& r) { return r.read_oid(); }), DerReason::bad_value);
  }
  const Bytes longest = encode(Tag::oid, Bytes(64, 0x2a));
  EXPECT_OK(Reader(longest).read_oid());
  const Bytes longer = encode(Tag::oid, Bytes(65, 0x2a));
  EXPECT_REFUSED(Reader(longer).read_oid(), DerReason::bad_value);
}

TEST(DerOid, prints_content_that_is_no_object_identifier_in_hexadecimal) {
  EXPECT_EQ(to_string(Oid{}), "not an OID: ");
  const Bytes cut = hex("2a86");
  EXPECT_EQ(to_string(Oid{cut}), "not an OID: 2a86");
}

// X.690, 8.6.2.
TEST(DerReader, takes_bit_strings_of_whole_bytes) {
  const auto read = [](Reader& r) { return r.read_bit_string(); };
  const Bytes input = hex("0303 00 a55a");
  Reader reader(input);
  ASSERT_OK(const ByteView bytes, reader.read_bit_string());
  EXPECT_EQ(to_hex(bytes), "a55a");
  EXPECT_TRUE(read_with("030100", read).value().empty());
  for (const std::string_view text : {"0300", "0301 01", "0302 01 fe", "0307 04 0A3B5F291CD0", "0302 08 00"}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(read_with(text, read), DerReason::bad_value);
  }
}

// RFC 5280, 4.2.1.3 (KeyUsage) and X.690, 11.2.2.
TEST(DerReader, reads_named_bits_without_trailing_zeros) {
  const auto read = [](Reader& r) { return r.read_named_bits(); };
  EXPECT_EQ(read_with("0302 07 80", read).value(), 1U);                       // digitalSignature
  EXPECT_EQ(read_with("0302 01 06", read).value(), (1U << 5U) | (1U << 6U));  // keyCertSign, cRLSign
  EXPECT_EQ(read_with("0303 07 0080", read).value(), 1U << 8U);               // decipherOnly
  EXPECT_EQ(read_with("0301 00", read).value(), 0U);
  EXPECT_EQ(read_with("0305 00 ffffffff", read).value(), 0xffffffffU);
  for (const std::string_view input : {"0300", "0301 01", "0302 00 80", "0302 06 80", "0302 07 81", "0302 07 00",
                                       "0302 08 80", "0303 00 8000", "0306 07 0000000080", "0302 00 00"}) {
    SCOPED_TRACE(input);
    EXPECT_REFUSED(read_with(input, read), DerReason::bad_value);
  }
}

TEST(DerReader, takes_utf8_strings_of_utf8_only) {
  const auto read = [](Reader& r) { return r.read_utf8_string(); };
  const Bytes input = encode_utf8("Grüße");
  Reader reader(input);
  ASSERT_OK(const std::string_view text, reader.read_utf8_string());
  EXPECT_EQ(text, "Grüße");
  EXPECT_OK(read_with("0c00", read));
  for (const std::string_view bad : {"0c01 ff", "0c02 c080", "0c03 eda080", "0c04 f4908080", "0c01 c3"}) {
    SCOPED_TRACE(bad);
    EXPECT_REFUSED(read_with(bad, read), DerReason::bad_value);
  }
}

// X.690, 11.8.3 and RFC 5280, 4.1.2.5.1: two-digit years mean 1950 to 2049.
TEST(DerReader, reads_utc_times) {
  EXPECT_EQ(read_time(Tag::utc_time, "920521000000Z").value(), test::at("1992-05-21T00:00:00Z"));
  EXPECT_EQ(read_time(Tag::utc_time, "920622123421Z").value(), test::at("1992-06-22T12:34:21Z"));
  EXPECT_EQ(read_time(Tag::utc_time, "491231235959Z").value(), test::at("2049-12-31T23:59:59Z"));
  EXPECT_EQ(read_time(Tag::utc_time, "500101000000Z").value(), test::at("1950-01-01T00:00:00Z"));
  EXPECT_EQ(read_time(Tag::utc_time, "000229000000Z").value(), test::at("2000-02-29T00:00:00Z"));
  for (const std::string_view text : {"",
                                      "Z",
                                      "920520240000Z",
                                      "9207221321Z",
                                      "920722132100",
                                      "920722132100z",
                                      "920722132100+0000",
                                      "9207221321+0100",
                                      "920722132100ZZ",
                                      "921322132100Z",
                                      "920022132100Z",
                                      "920732132100Z",
                                      "920700132100Z",
                                      "010229000000Z",
                                      "920722136000Z",
                                      "920722132160Z",
                                      "92072213210 Z",
                                      "-20722132100Z",
                                      "920722132100.5Z",
                                      "9207221321000Z",
                                      "+10722132100Z"}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(read_time(Tag::utc_time, text), DerReason::bad_value);
    EXPECT_REFUSED(read_time(Tag::utc_time, text, Reader::Fractions::allowed), DerReason::bad_value);
  }
}

// X.690, 11.7.5, its right and its wrong examples.
TEST(DerReader, reads_generalized_times) {
  EXPECT_EQ(read_time(Tag::generalized_time, "19920521000000Z").value(), test::at("1992-05-21T00:00:00Z"));
  EXPECT_EQ(read_time(Tag::generalized_time, "20520622123421Z").value(), test::at("2052-06-22T12:34:21Z"));
  EXPECT_EQ(read_time(Tag::generalized_time, "00010101000000Z").value(), test::at("0001-01-01T00:00:00Z"));
  EXPECT_EQ(read_time(Tag::generalized_time, "99991231235959Z").value(), test::at("9999-12-31T23:59:59Z"));
  for (const std::string_view text : {"", "19920520240000Z", "19920722132100.3Z", "1992072213210Z", "199207221321Z",
                                      "19920722132100", "19920722132100+0000", "19920722132100,3Z", "00000101000000Z",
                                      "19930229000000Z", "19920722132160Z", "19920722132100Z ", "920722132100Z"}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(read_time(Tag::generalized_time, text), DerReason::bad_value);
  }
}

// AWS Signer writes its signing time so: facts/aws-signing.md 1.4
TEST(DerReader, reads_fractions_of_a_second_where_they_are_allowed) {
  const auto read = [](std::string_view text) {
    return read_time(Tag::generalized_time, text, Reader::Fractions::allowed);
  };
  EXPECT_EQ(read("20260928091926.806Z").value(), test::at("2026-09-28T09:19:26.806Z"));
  EXPECT_EQ(read("19920722132100.3Z").value(), test::at("1992-07-22T13:21:00.300Z"));
  EXPECT_EQ(read("19920722132100.30Z").value(), test::at("1992-07-22T13:21:00.300Z"));
  EXPECT_EQ(read("19920722132100.1239Z").value(), test::at("1992-07-22T13:21:00.123Z"));
  EXPECT_EQ(read("19920722132100.000000001Z").value(), test::at("1992-07-22T13:21:00Z"));
  EXPECT_EQ(read("19920722132100Z").value(), test::at("1992-07-22T13:21:00Z"));
  for (const std::string_view text :
       {"19920722132100.Z", "19920722132100.1234567890Z", "19920722132100.12", "19920722132100.1-Z",
        "19920722132100..1Z", "19920722132100.1Z0", "19920722132100."}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(read(text), DerReason::bad_value);
  }
}

// X.690, 11.6.
TEST(DerSetOf, wants_its_elements_in_the_order_of_their_encodings) {
  EXPECT_OK(require_sorted({}));
  EXPECT_OK(require_sorted(hex("020101 020102 0c0161 0c026161")));
  EXPECT_OK(require_sorted(hex("020101 020101")));  // a bag: equal ones stand side by side
  EXPECT_REFUSED(require_sorted(hex("020102 020101")), DerReason::not_sorted);
  EXPECT_REFUSED(require_sorted(hex("020101 020102 020101")), DerReason::not_sorted);
  EXPECT_REFUSED(require_sorted(hex("0c026161 0c0162")), DerReason::not_sorted);
  EXPECT_REFUSED(require_sorted(hex("0500 05")), DerReason::truncated);
  EXPECT_REFUSED(require_sorted(hex("3080 0000")), DerReason::bad_length);
}

TEST(DerReason, every_one_is_reached) {
  const std::map<DerReason, std::function<bool()>> refusals{
      {DerReason::truncated, [] { return Reader({}).read_any().error().is(DerReason::truncated); }},
      {DerReason::bad_length, [] { return Reader(hex("30800000")).read_any().error().is(DerReason::bad_length); }},
      {DerReason::bad_tag, [] { return Reader(hex("1f0100")).read_any().error().is(DerReason::bad_tag); }},
      {DerReason::unexpected_tag,
       [] { return Reader(hex("0500")).read_boolean().error().is(DerReason::unexpected_tag); }},
      {DerReason::trailing_bytes, [] { return Reader(hex("00")).finish().error().is(DerReason::trailing_bytes); }},
      {DerReason::bad_value, [] { return Reader(hex("010101")).read_boolean().error().is(DerReason::bad_value); }},
      {DerReason::too_deep,
       [] {
         const Bytes input = nested_indefinite(17);
         return Reader(input).read_any(Lengths::indefinite_allowed).error().is(DerReason::too_deep);
       }},
      {DerReason::not_sorted, [] { return require_sorted(hex("020102020101")).error().is(DerReason::not_sorted); }},
  };
  for (int i = 0; i <= static_cast<int>(last_reason(DerReason{})); ++i) {
    const auto reason = static_cast<DerReason>(i);
    ASSERT_TRUE(refusals.contains(reason)) << reason_info(reason).name;
    EXPECT_TRUE(refusals.at(reason)()) << reason_info(reason).name;
  }
}

// --- the whole: DER is canonical, so other bytes never mean the same ---

Bytes nested_structure() {
  const Bytes oid = hex("2a864886f70d01010b");
  return encode(
      Tag::sequence,
      {encode_small_integer(-129), encode_boolean(true), encode_oid({oid}), encode(Tag::null, ByteView{}),
       encode(context_constructed(0), {encode(Tag::sequence, {encode_utf8("Grüße"), encode_printable("a b")})}),
       encode_set_of({encode_small_integer(7), encode_small_integer(1000), encode_utf8("x")}),
       encode(Tag::octet_string, Bytes(140, 0x33)), encode_bit_string(hex("0102")), encode_named_bits(0x61),
       encode_x509_time(test::at("2031-02-28T23:59:59Z")),
       encode_millisecond_time(test::at("2026-09-28T09:19:26.806Z")), encode(context_primitive(3), hex("beef"))});
}

/// Reads one value with the reader of its type; other types are their bytes.
Result<std::string> describe_value(Reader& reader, const Element& element) {
  if (element.tag == Tag::integer) {
    PM_TRY(const std::int64_t value, reader.read_small_integer());
    return fmt::format("{}", value);
  }
  if (element.tag == Tag::boolean) {
    PM_TRY(const bool value, reader.read_boolean());
    return std::string(value ? "true" : "false");
  }
  if (element.tag == Tag::oid) {
    PM_TRY(const Oid value, reader.read_oid());
    return to_string(value);
  }
  if (element.tag == Tag::utc_time || element.tag == Tag::generalized_time) {
    PM_TRY(const Instant value, reader.read_time(Reader::Fractions::allowed));
    return to_rfc3339(value);
  }
  if (element.tag == Tag::utf8_string) {
    PM_TRY(const std::string_view value, reader.read_utf8_string());
    return std::string(value);
  }
  if (element.tag == Tag::bit_string) {
    Reader copy = reader;
    if (const auto bits = copy.read_named_bits()) {
      reader = copy;
      return fmt::format("bits {:x}", *bits);
    }
    PM_TRY(const ByteView value, reader.read_bit_string());
    return to_hex(value);
  }
  PM_TRY(const Element other, reader.read_any());
  return to_hex(other.content);
}

Result<std::string> describe(Reader reader, int depth = 0) {
  std::string text = "(";
  while (!reader.at_end()) {
    Reader peek = reader;
    PM_TRY(const Element element, peek.read_any());
    text += fmt::format("{:02x}:", static_cast<unsigned>(element.tag));
    if ((static_cast<unsigned>(element.tag) & 0x20U) != 0 && depth < 8) {
      if (element.tag == Tag::set) PM_TRY_VOID(require_sorted(element.content));
      PM_TRY(const Reader inside, reader.enter(element.tag));
      PM_TRY(const std::string inner, describe(inside, depth + 1));
      text += inner;
    } else {
      PM_TRY(const std::string value, describe_value(reader, element));
      text += value;
    }
    text += ' ';
  }
  return text + ")";
}

TEST(DerReader, never_reads_changed_bytes_as_the_same_values) {
  const Bytes original = nested_structure();
  ASSERT_OK(const std::string meaning, describe(Reader(original)));
  EXPECT_NE(meaning.find("1.2.840.113549.1.1.11"), std::string::npos) << meaning;
  for (std::size_t i = 0; i < original.size(); ++i) {
    for (const unsigned flip : {0x01U, 0x02U, 0x04U, 0x08U, 0x10U, 0x20U, 0x40U, 0x80U, 0xffU}) {
      Bytes changed = original;
      changed[i] ^= static_cast<std::uint8_t>(flip);
      const auto read = describe(Reader(changed));
      if (read) EXPECT_NE(*read, meaning) << "byte " << i << " flipped by " << flip;
    }
  }
}

TEST(DerReader, refuses_every_cut_of_a_structure) {
  const Bytes original = nested_structure();
  for (std::size_t size = 0; size < original.size(); ++size) {
    const Bytes cut(original.begin(),
                    original.begin() + static_cast<std::ptrdiff_t>(size));  // so that ASan sees the end
    SCOPED_TRACE(size);
    EXPECT_REFUSED(read_only(cut, Tag::sequence), DerReason::truncated);
  }
}

}  // namespace
}  // namespace proofmark::codec::der
