#include "x509/extensions.h"

#include <gtest/gtest.h>

#include <deque>

#include "codec/der.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;
using test::hex;

constexpr std::string_view kBasicConstraints = "551d13";
constexpr std::string_view kKeyUsage = "551d0f";
constexpr std::string_view kExtendedKeyUsage = "551d25";
constexpr std::string_view kSubjectKeyId = "551d0e";
constexpr std::string_view kAuthorityKeyId = "551d23";

Bytes list_of(const std::vector<Bytes>& extensions) {
  return der::encode(der::Tag::sequence, extensions);
}

Result<Extensions> parse_one(std::string_view oid, std::string_view value, bool critical = false) {
  static std::deque<Bytes> inputs;  // what is returned has views of its input
  return parse_extensions(inputs.emplace_back(list_of({test::extension(hex(oid), critical, hex(value))})));
}

// RFC 5280, 4.2.1.9
TEST(Extensions, basic_constraints) {
  ASSERT_OK(const auto ca, parse_one(kBasicConstraints, "30030101ff", true));
  EXPECT_TRUE(ca.basic_constraints->is_ca);
  EXPECT_FALSE(ca.basic_constraints->path_length.has_value());
  EXPECT_TRUE(ca.basic_constraints_critical);
  ASSERT_OK(const auto limited, parse_one(kBasicConstraints, "30060101ff020103"));
  EXPECT_EQ(limited.basic_constraints->path_length, 3U);
  EXPECT_FALSE(limited.basic_constraints_critical);
  ASSERT_OK(const auto zero, parse_one(kBasicConstraints, "30060101ff020100"));
  EXPECT_EQ(zero.basic_constraints->path_length, 0U);
  ASSERT_OK(const auto leaf, parse_one(kBasicConstraints, "3000"));
  EXPECT_FALSE(leaf.basic_constraints->is_ca);
  for (const auto* bad : {
           "3003010100",                // cA FALSE, the default
           "3003010101",                // TRUE is ff
           "3003020100",                // a path length without cA
           "30060101ff0201ff",          // -1
           "30090101ff020480000000",    // negative
           "300a0101ff02050080000000",  // 2^31
           "30080101ff0203000001",      // not the shortest form
           "30080101ff0201000500",      // something behind
           "30030101ff0500",
           "0500",
           "",
           "30050101ff0500",
       }) {
    EXPECT_REFUSED(parse_one(kBasicConstraints, bad), X509Reason::bad_extension);
  }
}

// RFC 5280, 4.2.1.3
TEST(Extensions, key_usage) {
  ASSERT_OK(const auto signature, parse_one(kKeyUsage, "03020780", true));
  EXPECT_EQ(signature.key_usage, std::to_underlying(KeyUsage::digital_signature));
  EXPECT_TRUE(signature.key_usage_critical);
  ASSERT_OK(const auto ca, parse_one(kKeyUsage, "03020106"));
  EXPECT_EQ(ca.key_usage, test::usage_bits({KeyUsage::key_cert_sign, KeyUsage::crl_sign}));
  EXPECT_FALSE(ca.key_usage_critical);
  ASSERT_OK(const auto ninth, parse_one(kKeyUsage, "0303070080"));
  EXPECT_EQ(ninth.key_usage, std::to_underlying(KeyUsage::decipher_only));
  for (const auto* bad : {
           "030100",        // no bit
           "03020700",      // no bit, with an octet
           "03020680",      // a trailing zero bit
           "03020781",      // a bit in the padding
           "0303060040",    // bit 9, which nobody defined
           "030207800500",  // something behind
           "0402",
           "",
           "0300",
       }) {
    EXPECT_REFUSED(parse_one(kKeyUsage, bad), X509Reason::bad_extension);
  }
}

// RFC 5280, 4.2.1.12
TEST(Extensions, extended_key_usage) {
  struct Case {
    const char* oid;
    Purpose purpose;
  };
  for (const auto& each : {
           Case{"06082b06010505070301", Purpose::server_auth},
           Case{"06082b06010505070302", Purpose::client_auth},
           Case{"06082b06010505070303", Purpose::code_signing},
           Case{"06082b06010505070304", Purpose::email_protection},
           Case{"06082b06010505070308", Purpose::time_stamping},
           Case{"06082b06010505070309", Purpose::ocsp_signing},
           Case{"0604551d2500", Purpose::any},
       }) {
    const Bytes value = der::encode(der::Tag::sequence, hex(each.oid));
    ASSERT_OK(const auto one, parse_one(kExtendedKeyUsage, to_hex(value)));
    EXPECT_EQ(one.purposes, std::vector{each.purpose}) << each.oid;
    EXPECT_EQ(one.purpose_count, 1U);
  }
  // codeSigning, and one that only its owner knows
  ASSERT_OK(const auto two, parse_one(kExtendedKeyUsage, "300f06082b0601050507030306032a0304"));
  EXPECT_EQ(two.purposes, std::vector{Purpose::code_signing});
  EXPECT_EQ(two.purpose_count, 2U);
  ASSERT_OK(const auto unknown, parse_one(kExtendedKeyUsage, "300506032a0304", true));
  EXPECT_TRUE(unknown.purposes.has_value());
  EXPECT_TRUE(unknown.purposes->empty());
  EXPECT_EQ(unknown.purpose_count, 1U);
  EXPECT_TRUE(unknown.unknown_critical.empty());
  for (const auto* bad : {"3000", "30020500", "300406028003", "30020600", "0500", "300506032a03040500", ""}) {
    EXPECT_REFUSED(parse_one(kExtendedKeyUsage, bad), X509Reason::bad_extension);
  }
}

// RFC 5280, 4.2.1.2
TEST(Extensions, subject_key_id) {
  ASSERT_OK(const auto some, parse_one(kSubjectKeyId, "0403010203"));
  EXPECT_EQ(to_hex(some.subject_key_id.value()), "010203");
  EXPECT_REFUSED(parse_one(kSubjectKeyId, "0400"), X509Reason::bad_extension);
  EXPECT_REFUSED(parse_one(kSubjectKeyId, "010203"), X509Reason::bad_extension);
  EXPECT_REFUSED(parse_one(kSubjectKeyId, "04030102030500"), X509Reason::bad_extension);
  EXPECT_REFUSED(parse_one(kSubjectKeyId, "0403010203", true), X509Reason::bad_extension);
}

// RFC 5280, 4.2.1.1
TEST(Extensions, authority_key_id) {
  ASSERT_OK(const auto some, parse_one(kAuthorityKeyId, "30058003010203"));
  EXPECT_EQ(to_hex(some.authority_key_id.value()), "010203");
  ASSERT_OK(const auto all, parse_one(kAuthorityKeyId, "300d8003010203a10382016182012a"));
  EXPECT_EQ(to_hex(all.authority_key_id.value()), "010203");
  ASSERT_OK(const auto serial_only, parse_one(kAuthorityKeyId, "3008a10382016182012a"));
  EXPECT_FALSE(serial_only.authority_key_id.has_value());
  ASSERT_OK(const auto empty, parse_one(kAuthorityKeyId, "3000"));
  EXPECT_FALSE(empty.authority_key_id.has_value());
  for (const auto* bad : {
           "30028000",                  // an empty id
           "300a8003010203a103820161",  // an issuer without a serial
           "300882012aa103820161",      // the wrong order
           "300582012a",                // truncated
           "300382012a",                // a serial without an issuer
           "300780030102030500",
           "0500",
           "",
       }) {
    EXPECT_REFUSED(parse_one(kAuthorityKeyId, bad), X509Reason::bad_extension);
  }
  EXPECT_REFUSED(parse_one(kAuthorityKeyId, "30058003010203", true), X509Reason::bad_extension);
}

// What nothing here decides on: passed over, or listed when it is critical. RFC 5280, 4.2.
TEST(Extensions, others_are_passed_over_unless_they_are_critical) {
  struct Case {
    const char* oid;
    const char* dotted;
  };
  for (const auto& each : {
           Case{"551d11", "2.5.29.17"},                    // subjectAltName
           Case{"551d12", "2.5.29.18"},                    // issuerAltName
           Case{"551d1e", "2.5.29.30"},                    // nameConstraints
           Case{"551d1f", "2.5.29.31"},                    // cRLDistributionPoints
           Case{"551d20", "2.5.29.32"},                    // certificatePolicies
           Case{"551d21", "2.5.29.33"},                    // policyMappings
           Case{"551d24", "2.5.29.36"},                    // policyConstraints
           Case{"551d36", "2.5.29.54"},                    // inhibitAnyPolicy
           Case{"2b06010505070101", "1.3.6.1.5.5.7.1.1"},  // authorityInfoAccess
           Case{"2a0304", "1.2.3.4"},
       }) {
    ASSERT_OK(const auto plain, parse_one(each.oid, "ff"));
    EXPECT_TRUE(plain.unknown_critical.empty()) << each.dotted;
    ASSERT_OK(const auto critical, parse_one(each.oid, "ff", true));
    EXPECT_EQ(critical.unknown_critical, std::vector<std::string>{each.dotted});
  }
}

TEST(Extensions, none_may_come_twice) {
  const Bytes known = test::extension(hex(kKeyUsage), true, hex("03020780"));
  const Bytes unknown = test::extension(hex("2a0304"), false, hex("ff"));
  EXPECT_OK(parse_extensions(list_of({known, unknown})));
  EXPECT_REFUSED(parse_extensions(list_of({known, unknown, known})), X509Reason::duplicate_extension);
  EXPECT_REFUSED(parse_extensions(list_of({unknown, known, unknown})), X509Reason::duplicate_extension);
}

TEST(Extensions, there_are_one_to_sixty_four) {
  const auto some = [](std::uint8_t count) {
    std::vector<Bytes> extensions;
    for (std::uint8_t i = 0; i < count; ++i)
      extensions.push_back(test::extension(Bytes{0x2a, 0x03, i}, false, hex("ff")));
    return parse_extensions(list_of(extensions));
  };
  EXPECT_REFUSED(some(0), X509Reason::malformed);
  EXPECT_OK(some(1));
  EXPECT_OK(some(64));
  EXPECT_REFUSED(some(65), X509Reason::too_large);
}

TEST(Extensions, the_list_is_strict_der) {
  for (const auto* bad : {
           "300e300c0603551d0f01010004020500",  // critical FALSE is the default
           "300e300c0603551d0f01010104020500",  // TRUE is ff
           "30093007060355 1d0f0500",           // no octet string
           "300d300b0603551d0f040205000500",    // something behind the value
           "300b30090603551d0f040205000500",    // something behind the list
           "3000",
           "310b30090603551d0f04020500",
           "3002 3000",
           "",
       }) {
    EXPECT_REFUSED(parse_extensions(hex(bad)), X509Reason::malformed);
  }
}

}  // namespace
}  // namespace proofmark::x509
