#include "x509/names.h"

#include <gtest/gtest.h>

#include "codec/der.h"
#include "support/support.h"
#include "x509/certificate.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;
using der::Tag;
using test::hex;

Bytes attribute(std::string_view type, Tag tag, ByteView value) {
  return der::encode(Tag::sequence, {der::encode(Tag::oid, hex(type)), der::encode(tag, value)});
}

Bytes name_of(const std::vector<std::vector<Bytes>>& rdns) {
  std::vector<Bytes> sets;
  sets.reserve(rdns.size());
  for (const auto& rdn : rdns) sets.push_back(der::encode_set_of(rdn));
  return der::encode(Tag::sequence, sets);
}

Bytes common_name(Tag tag, ByteView value) {
  return name_of({{attribute("550403", tag, value)}});
}
std::string shown(std::string_view text) {
  return name_to_string(common_name(Tag::utf8_string, as_bytes(text)));
}

TEST(Names, are_written_most_specific_first) {
  const Bytes name = name_of({{attribute("550406", Tag::printable_string, as_bytes("US"))},
                              {attribute("55040a", Tag::utf8_string, as_bytes("Company"))},
                              {attribute("550403", Tag::utf8_string, as_bytes("Example"))}});
  EXPECT_OK(check_name(name, "subject"));
  EXPECT_EQ(name_to_string(name), "CN=Example,O=Company,C=US");
}

// RFC 4514, section 3, and the two that we add
TEST(Names, know_the_usual_types) {
  struct Case {
    const char* type;
    const char* shown;
  };
  for (const auto& each : {
           Case{"550403", "CN"},
           Case{"550407", "L"},
           Case{"550408", "ST"},
           Case{"55040a", "O"},
           Case{"55040b", "OU"},
           Case{"550406", "C"},
           Case{"550409", "STREET"},
           Case{"0992268993f22c640119", "DC"},
           Case{"0992268993f22c640101", "UID"},
           Case{"550405", "serialNumber"},
           Case{"2a864886f70d010901", "emailAddress"},
       }) {
    EXPECT_EQ(name_to_string(name_of({{attribute(each.type, Tag::ia5_string, as_bytes("x"))}})),
              std::string(each.shown) + "=x");
  }
  EXPECT_EQ(name_to_string(name_of({{attribute("55040c", Tag::utf8_string, as_bytes("Dr"))}})), "2.5.4.12=#0c024472");
}

TEST(Names, join_the_attributes_of_one_rdn_with_a_plus) {
  const Bytes name = name_of(
      {{attribute("55040a", Tag::utf8_string, as_bytes("Company"))},
       {attribute("550403", Tag::utf8_string, as_bytes("a")), attribute("55040b", Tag::utf8_string, as_bytes("b"))}});
  EXPECT_OK(check_name(name, "subject"));
  EXPECT_EQ(name_to_string(name), "CN=a+OU=b,O=Company");
}

// RFC 4514, 2.4, with the escapes of base/text.h for what would change the display
TEST(Names, escape_what_has_a_meaning) {
  EXPECT_EQ(shown("James \"Jim\" Smith, III"), R"(CN=James \"Jim\" Smith\, III)");
  EXPECT_EQ(shown("a+b;c<d>e\\f=g"), R"(CN=a\+b\;c\<d\>e\\f=g)");
  EXPECT_EQ(shown("#1"), R"(CN=\#1)");
  EXPECT_EQ(shown("1#"), "CN=1#");
  EXPECT_EQ(shown(" x "), R"(CN=\ x\ )");
  EXPECT_EQ(shown(" "), R"(CN=\ )");
  EXPECT_EQ(shown(""), "CN=");
  EXPECT_EQ(shown("a\nb"), R"(CN=a\x0ab)");
  EXPECT_EQ(shown("a\\x0ab"), R"(CN=a\\x0ab)");
  EXPECT_EQ(shown(std::string_view("a\0b", 3)), R"(CN=a\x00b)");
  EXPECT_EQ(shown("\x1b[31mred"), R"(CN=\x1b[31mred)");
  EXPECT_EQ(shown("\u202eevil"), R"(CN=\u{202e}evil)");
  EXPECT_EQ(shown("Lučić"), "CN=Lučić");
}

TEST(Names, a_value_can_not_pretend_to_be_another_attribute) {
  EXPECT_EQ(shown("x,O=AWS"), R"(CN=x\,O=AWS)");
  EXPECT_EQ(shown("x+O=AWS"), R"(CN=x\+O=AWS)");
}

TEST(Names, read_every_string_type) {
  EXPECT_EQ(name_to_string(common_name(Tag::printable_string, as_bytes("abc"))), "CN=abc");
  EXPECT_EQ(name_to_string(common_name(Tag::ia5_string, as_bytes("a@b"))), "CN=a@b");
  EXPECT_EQ(name_to_string(common_name(Tag::numeric_string, as_bytes("12 3"))), "CN=12 3");
  EXPECT_EQ(name_to_string(common_name(Tag::t61_string, hex("61e962"))), R"(CN=a\xe9b)");
  EXPECT_EQ(name_to_string(common_name(Tag::bmp_string, hex("004100e920ac"))), "CN=Aé€");
  EXPECT_EQ(name_to_string(common_name(Tag::universal_string, hex("000000410001f600"))), "CN=A😀");
  for (const auto tag : {Tag::printable_string, Tag::ia5_string, Tag::t61_string, Tag::utf8_string}) {
    EXPECT_OK(check_name(common_name(tag, as_bytes("abc")), "subject"));
  }
  EXPECT_OK(check_name(common_name(Tag::bmp_string, hex("0041")), "subject"));
  EXPECT_OK(check_name(common_name(Tag::universal_string, hex("0001f600")), "subject"));
}

TEST(Names, strings_hold_what_their_type_can) {
  struct Case {
    Tag tag;
    const char* value;
  };
  for (const auto& each : {
           Case{Tag::utf8_string, "ff"},
           Case{Tag::utf8_string, "c080"},
           Case{Tag::printable_string, "e9"},
           Case{Tag::ia5_string, "80"},
           Case{Tag::numeric_string, "61"},
           Case{Tag::bmp_string, "00"},
           Case{Tag::bmp_string, "d83d"},  // half of a surrogate pair
           Case{Tag::universal_string, "000041"},
           Case{Tag::universal_string, "00110000"},
           Case{Tag::octet_string, "61"},
           Case{Tag::bit_string, "0061"},
           Case{Tag::integer, "61"},
           Case{Tag::sequence, ""},
       }) {
    const Bytes name = common_name(each.tag, hex(each.value));
    EXPECT_REFUSED(check_name(name, "subject"), X509Reason::malformed);
    EXPECT_TRUE(name_to_string(name).starts_with("2.5.4.3=#")) << name_to_string(name);
  }
}

TEST(Names, are_strict_der) {
  const Bytes a = attribute("550403", Tag::utf8_string, as_bytes("a"));
  const Bytes b = attribute("55040b", Tag::utf8_string, as_bytes("b"));
  EXPECT_OK(check_name(hex("3000"), "subject"));
  EXPECT_EQ(name_to_string(hex("3000")), "");
  const Bytes unsorted = der::encode(Tag::sequence, {der::encode(Tag::set, {b, a})});
  const Bytes no_set = der::encode(Tag::sequence, {a});
  const Bytes empty_set = der::encode(Tag::sequence, {der::encode(Tag::set, ByteView{})});
  const Bytes more = der::encode(
      Tag::sequence,
      {der::encode(Tag::set, {der::encode(Tag::sequence, {hex("0603550403"), hex("0c0161"), hex("0500")})})});
  for (const auto& bad : {unsorted, no_set, empty_set, more, hex("3100"), hex("30000500"), Bytes{}}) {
    EXPECT_REFUSED(check_name(bad, "subject"), X509Reason::malformed);
    EXPECT_EQ(name_to_string(bad), "#" + to_hex(bad));
  }
}

TEST(Names, are_at_most_16_kib) {
  const auto of_size = [](std::size_t size) { return common_name(Tag::utf8_string, Bytes(size - 21, 'x')); };
  const Bytes largest = of_size(16UL * 1024);
  EXPECT_EQ(largest.size(), 16U * 1024);
  EXPECT_OK(check_name(largest, "subject"));
  EXPECT_REFUSED(check_name(of_size(16UL * 1024 + 1), "subject"), X509Reason::too_large);
}

}  // namespace
}  // namespace proofmark::x509
