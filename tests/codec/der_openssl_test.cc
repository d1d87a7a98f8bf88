// OpenSSL's own parser as the oracle of what our writer writes, and its writer as a source of what our reader reads.
#include "codec/der.h"

#include <fmt/format.h>

#include "support/support.h"

namespace proofmark::codec::der {
namespace {

using test::hex;

/// The lines of `openssl asn1parse` for `encoded`, without their first column (offset) and trailing blanks.
std::vector<std::string> parsed_by_openssl(const Bytes& encoded) {
  const test::TempFolder folder;
  test::write(folder / "in.der", encoded);
  const auto outcome = test::run({"openssl", "asn1parse", "-inform", "DER", "-in", "in.der"}, folder.path());
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < outcome.out.size();) {
    const std::size_t end = outcome.out.find('\n', at);
    std::string line = outcome.out.substr(at, end - at);
    line = line.substr(line.find(':') + 1);
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    at = end + 1;
  }
  return lines;
}

std::string line(int depth, std::size_t header, std::size_t length, std::string_view form, std::string_view type,
                 std::string_view value = "") {
  const std::string text = fmt::format("d={:<2} hl={} l={:>4} {}: {:<18}", depth, header, length, form, type);
  if (!value.empty()) return text + ":" + std::string(value);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

TEST(DerOpenssl, reads_every_type_that_we_write) {
  const Bytes oid = hex("2a864886f70d01010b");
  const Bytes written =
      encode(Tag::sequence,
             {encode_small_integer(-129), encode_unsigned(hex("00ffeeddccbbaa99887766")), encode_boolean(true),
              encode_boolean(false), encode_oid({oid}), encode(Tag::null, ByteView{}), encode_utf8("hello"),
              encode_printable("a b"), encode_x509_time(test::at("2049-12-31T23:59:59Z")),
              encode_x509_time(test::at("2050-01-01T00:00:00Z")),
              encode_millisecond_time(test::at("2026-09-28T09:19:26.806Z")),
              encode(context_constructed(0), {encode_small_integer(2)}), encode(context_primitive(1), hex("ff")),
              encode_set_of({encode_small_integer(300), encode_small_integer(7)}), encode_bit_string(Bytes(200)),
              encode_named_bits(0x60), encode(Tag::octet_string, Bytes(300))});
  const std::vector<std::string> expected{
      line(0, 4, 630, "cons", "SEQUENCE"),
      line(1, 2, 2, "prim", "INTEGER", "-81"),
      line(1, 2, 11, "prim", "INTEGER", "FFEEDDCCBBAA99887766"),
      line(1, 2, 1, "prim", "BOOLEAN", "255"),
      line(1, 2, 1, "prim", "BOOLEAN", "0"),
      line(1, 2, 9, "prim", "OBJECT", "sha256WithRSAEncryption"),
      line(1, 2, 0, "prim", "NULL"),
      line(1, 2, 5, "prim", "UTF8STRING", "hello"),
      line(1, 2, 3, "prim", "PRINTABLESTRING", "a b"),
      line(1, 2, 13, "prim", "UTCTIME", "491231235959Z"),
      line(1, 2, 15, "prim", "GENERALIZEDTIME", "20500101000000Z"),
      line(1, 2, 19, "prim", "GENERALIZEDTIME", "20260928091926.806Z"),
      line(1, 2, 3, "cons", "cont [ 0 ]"),
      line(2, 2, 1, "prim", "INTEGER", "02"),
      line(1, 2, 1, "prim", "cont [ 1 ]"),
      line(1, 2, 7, "cons", "SET"),
      line(2, 2, 1, "prim", "INTEGER", "07"),
      line(2, 2, 2, "prim", "INTEGER", "012C"),
      line(1, 3, 201, "prim", "BIT STRING"),
      line(1, 2, 2, "prim", "BIT STRING"),
  };
  auto parsed = parsed_by_openssl(written);
  ASSERT_EQ(parsed.size(), expected.size() + 1);
  EXPECT_TRUE(parsed.back().starts_with(line(1, 4, 300, "prim", "OCTET STRING"))) << parsed.back();
  parsed.pop_back();
  EXPECT_EQ(parsed, expected);
}

TEST(DerOpenssl, names_the_same_object_identifiers) {
  // Chosen so that OpenSSL knows no name and prints the digits.
  for (const std::string_view content : {"2b813b81090102", "813403", "883701",
                                         "69"
                                         "83f09da7ebcfdee0c7a1a7b2c0948cc8f9d776",
                                         "2a"
                                         "81ffffffffffffffff7f01",
                                         "4f01", "8fffffffffffffffffffffffff7f01"}) {
    const Bytes bytes = hex(content);
    const auto lines = parsed_by_openssl(encode_oid({bytes}));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].substr(lines[0].rfind(':') + 1), to_string(Oid{bytes}));
  }
}

/// Reads a certificate to its last element, entering all that is constructed.
Result<std::size_t> count_elements(Reader reader, int depth = 0) {
  std::size_t count = 0;
  while (!reader.at_end()) {
    PM_TRY(const Element element, reader.read_any());
    ++count;
    if ((static_cast<unsigned>(element.tag) & 0x20U) == 0) continue;
    EXPECT_LT(depth, 16);
    PM_TRY(const std::size_t inside, count_elements(Reader(element.content), depth + 1));
    count += inside;
  }
  return count;
}

TEST(DerOpenssl, writes_a_certificate_of_as_many_elements_as_we_read) {
  const test::TempFolder folder;
  const auto made =
      test::run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout",
                 "key.pem", "-subj", "/O=Proofmark/CN=test", "-outform", "DER", "-out", "cert.der"},
                folder.path());
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const Bytes certificate = test::read(folder / "cert.der");
  ASSERT_OK(const std::size_t count, count_elements(Reader(certificate)));
  EXPECT_EQ(count, parsed_by_openssl(certificate).size());
}

// OpenSSL writes CMS with indefinite lengths when it streams, as AWS Signer does. facts/aws-signing.md 1.3
TEST(DerOpenssl, writes_indefinite_lengths_that_we_read_where_allowed) {
  const test::TempFolder folder;
  test::write(folder / "content", "hello");
  const auto made =
      test::run({"openssl", "cms", "-data_create", "-stream", "-outform", "DER", "-in", "content", "-out", "data.cms"},
                folder.path());
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const Bytes cms = test::read(folder / "data.cms");
  ASSERT_EQ(to_hex(ByteView(cms).first(2)), "3080");
  EXPECT_REFUSED(read_only(cms, Tag::sequence), DerReason::bad_length);
  ASSERT_OK(const Element outer, read_only(cms, Tag::sequence, Lengths::indefinite_allowed));
  EXPECT_TRUE(equal(outer.encoded, cms));
  Reader content(outer.content);
  ASSERT_OK(const Oid type, content.read_oid());
  EXPECT_EQ(to_string(type), "1.2.840.113549.1.7.1");
  ASSERT_OK(Reader tagged, content.enter(context_constructed(0), Lengths::indefinite_allowed));
  ASSERT_OK(const Element octets, tagged.read(static_cast<Tag>(0x24), Lengths::indefinite_allowed));
  EXPECT_NE(as_text(octets.content).find("hello"), std::string_view::npos);
  EXPECT_OK(tagged.finish());
  EXPECT_OK(content.finish());
}

}  // namespace
}  // namespace proofmark::codec::der
