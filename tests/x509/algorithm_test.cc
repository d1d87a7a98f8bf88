#include "x509/algorithm.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/support.h"

namespace proofmark::x509 {
namespace {

using crypto::SignatureScheme;
using test::hex;

struct Known {
  SignatureScheme scheme;
  std::string_view encoded;
};

// Written by "openssl x509 -req" 3.0 (ECDSA, PKCS#1); PSS as RFC 4055, section 3.1, gives it.
constexpr Known kKnown[] = {
    {SignatureScheme::ecdsa_sha256, "300a06082a8648ce3d040302"},
    {SignatureScheme::ecdsa_sha384, "300a06082a8648ce3d040303"},
    {SignatureScheme::ecdsa_sha512, "300a06082a8648ce3d040304"},
    {SignatureScheme::rsa_pkcs1_sha256, "300d06092a864886f70d01010b0500"},
    {SignatureScheme::rsa_pkcs1_sha384, "300d06092a864886f70d01010c0500"},
    {SignatureScheme::rsa_pkcs1_sha512, "300d06092a864886f70d01010d0500"},
    {SignatureScheme::rsa_pss_sha256,
     "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d060960864801650"
     "3040201"
     "0500a203020120"},
    {SignatureScheme::rsa_pss_sha384,
     "304106092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d060960864801650"
     "3040202"
     "0500a203020130"},
    {SignatureScheme::rsa_pss_sha512,
     "304106092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d060960864801650"
     "3040203"
     "0500a203020140"},
};

TEST(SignatureAlgorithm, every_scheme_is_read_and_written) {
  for (const auto& known : kKnown) {
    ASSERT_OK(const auto scheme, parse_signature_algorithm(hex(known.encoded)));
    EXPECT_EQ(scheme, known.scheme) << known.encoded;
    EXPECT_EQ(to_hex(encode_signature_algorithm(known.scheme)), known.encoded);
  }
  EXPECT_EQ(std::ranges::distance(kKnown), static_cast<int>(SignatureScheme::ecdsa_sha512) + 1);
}

TEST(SignatureAlgorithm, what_is_weak_or_not_ours_is_unsupported) {
  for (const auto* encoded : {
           "300d06092a864886f70d0101050500",  // sha1WithRSAEncryption
           "300d06092a864886f70d0101040500",  // md5WithRSAEncryption
           "300d06092a864886f70d01010e0500",  // sha224WithRSAEncryption
           "300906072a8648ce3d0401",          // ecdsa-with-SHA1
           "300a06082a8648ce3d040301",        // ecdsa-with-SHA224
           "300906072a8648ce380403",          // dsa-with-sha1
           "300b0609608648016503040302",      // dsa-with-sha256
           "300506032b6570",                  // Ed25519
           "300506032b6571",                  // Ed448
           "300b060960864801650304030a",      // ecdsa-with-SHA3-256
           "300d06092a864886f70d0101010500",  // rsaEncryption, which is a key's
       }) {
    EXPECT_REFUSED(parse_signature_algorithm(hex(encoded)), X509Reason::unsupported_algorithm);
  }
}

// RFC 5758, 3.2: absent; RFC 4055, section 5: NULL.
TEST(SignatureAlgorithm, parameters_are_exactly_those_of_the_rfc) {
  for (const auto* encoded : {
           "300c06082a8648ce3d0403030500",        // ECDSA with NULL
           "300c06082a8648ce3d0403033000",        // ECDSA with a sequence
           "300b06092a864886f70d01010b",          // RSA without NULL
           "300d06092a864886f70d01010b3000",      // RSA with a sequence
           "300e06092a864886f70d01010b050100",    // NULL with content
           "300f06092a864886f70d01010b05000500",  // something behind NULL
           "310a06082a8648ce3d040303",            // a SET
           "300a06082a8648ce3d0403030500",        // something behind the sequence
           "3000",
           "",
           "30020600",
       }) {
    EXPECT_REFUSED(parse_signature_algorithm(hex(encoded)), X509Reason::malformed);
  }
}

std::string pss(std::string_view parameters) {
  const Bytes content = hex(parameters);
  const Bytes oid = hex("06092a864886f70d01010a");
  Bytes all{0x30, static_cast<std::uint8_t>(oid.size() + content.size())};
  append(all, oid);
  append(all, content);
  return to_hex(all);
}

// RFC 4055, 2.1: the parameters of a hash are NULL or absent. OpenSSL 3.0 leaves them out.
TEST(SignatureAlgorithm, pss_hashes_may_come_without_null) {
  for (const auto* parameters : {
           "3030a00d300b0609608648016503040202a11a301806092a864886f70d010108300b0609608648016503040202a203020130",
           "3032a00f300d06096086480165030402020500a11a301806092a864886f70d010108300b0609608648016503040202a203020130",
           "3032a00d300b0609608648016503040202a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130",
       }) {
    ASSERT_OK(const auto scheme, parse_signature_algorithm(hex(pss(parameters))));
    EXPECT_EQ(scheme, SignatureScheme::rsa_pss_sha384);
  }
}

TEST(SignatureAlgorithm, pss_must_have_one_sha2_hash_and_a_salt_as_long) {
  for (const auto* parameters : {
           "",                                        // absent
           "3000",                                    // all defaults: SHA-1
           "3011a00f300d06096086480165030402010500",  // no mask: MGF1 with SHA-1
           "300da00b300906052b0e03021a0500",          // SHA-1 spelt out
           // MGF1 with SHA-384 under SHA-256
           "3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040202a203020120",
           // no salt length: 20
           "302ba00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201",
           // salt of 20, 0, -1 and 222 bytes (openssl's "max")
           "3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a203020114",
           "3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a203020100",
           "3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a2030201ff",
           "3031a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a204020200de",
           // a trailer field, even the default's value
           "3035a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a203020120a303020"
           "101",
           // a mask other than MGF1
           "3030a00d300b0609608648016503040201a11a301806092a864886f70d010109300b0609608648016503040201a203020120",
       }) {
    EXPECT_REFUSED(parse_signature_algorithm(hex(pss(parameters))), X509Reason::unsupported_algorithm);
  }
}

TEST(SignatureAlgorithm, pss_is_strict_der) {
  for (const auto* parameters : {
           "0500",
           // something behind the hash, inside [0]
           "3032a00f300b06096086480165030402010500a11a301806092a864886f70d010108300b0609608648016503040201a203020120",
           // a NULL with content
           "3033a010300e0609608648016503040201050100a11a301806092a864886f70d010108300b0609608648016503040201a203020120",
           // a salt length that is not the shortest form
           "3031a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a20402020020",
           // something behind the parameters
           "3030a00d300b0609608648016503040201a11a301806092a864886f70d010108300b0609608648016503040201a2030201200500",
       }) {
    EXPECT_REFUSED(parse_signature_algorithm(hex(pss(parameters))), X509Reason::malformed);
  }
}

}  // namespace
}  // namespace proofmark::x509
