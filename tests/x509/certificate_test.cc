#include "x509/certificate.h"

#include <gtest/gtest.h>

#include <functional>

#include "codec/der.h"
#include "crypto/hash.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;
using test::hex;

Certificate from_data(const std::string& name) {
  auto chain = parse_pem_chain(test::read(std::string(PROOFMARK_TEST_DATA "/") + name));
  EXPECT_TRUE(chain.has_value()) << name;
  return chain->front();
}

/// A code signing leaf in which `spoil` changed something before it was signed.
Result<Certificate> parse_spoilt(const std::function<void(test::CertificateParts&)>& spoil,
                                 const test::CertificateSpec& spec = test::leaf_spec()) {
  const auto& issuer = test::shared_pki().intermediate;
  auto parts = test::parts_of(spec, *issuer.key, &issuer);
  spoil(parts);
  return Certificate::parse(test::assemble(parts, *issuer.key));
}

/// The same for a self-signed certificate.
Result<Certificate> parse_spoilt_root(const std::function<void(test::CertificateParts&)>& spoil,
                                      const test::CertificateSpec& spec) {
  const auto& key = *test::shared_pki().root.key;
  auto parts = test::parts_of(spec, key);
  spoil(parts);
  return Certificate::parse(test::assemble(parts, key));
}

Bytes version(std::int64_t number) {
  return der::encode(der::context_constructed(0), {der::encode_small_integer(number)});
}

Bytes time_of(der::Tag tag, std::string_view text) {
  return der::encode(tag, as_bytes(text));
}

// The public root of AWS Signer's Lambda platform, as openssl x509 -text shows it. aws-signing facts 1.5
TEST(Certificate, reads_the_aws_lambda_root) {
  const Certificate root = from_data("aws-signer-lambda-root.pem");
  EXPECT_EQ(serial_to_string(root), "b00fe94a1469191b833dfc069ad11b9b");
  EXPECT_EQ(root.serial().size(), 17U);
  EXPECT_EQ(name_to_string(root.subject()), "CN=Signer us-west-2 ROOT CA,ST=WA,OU=Cryptography,O=AWS,C=US");
  EXPECT_TRUE(root.is_self_issued());
  EXPECT_FALSE(root.is_version_1());
  EXPECT_EQ(to_rfc3339(root.not_before()), "2020-07-16T18:21:47Z");
  EXPECT_EQ(to_rfc3339(root.not_after()), "2120-07-16T19:21:47Z");
  EXPECT_EQ(root.public_key().type(), crypto::KeyType::ec_p384);
  EXPECT_EQ(root.signature_scheme(), crypto::SignatureScheme::ecdsa_sha384);
  ASSERT_TRUE(root.basic_constraints().has_value());
  EXPECT_TRUE(root.basic_constraints()->is_ca);
  EXPECT_FALSE(root.basic_constraints()->path_length.has_value());
  EXPECT_TRUE(root.basic_constraints_critical());
  EXPECT_EQ(root.key_usage(),
            test::usage_bits({KeyUsage::digital_signature, KeyUsage::key_cert_sign, KeyUsage::crl_sign}));
  EXPECT_TRUE(root.key_usage_critical());
  EXPECT_FALSE(root.extended_key_usage().has_value());
  EXPECT_EQ(to_hex(root.subject_key_id().value()), "79ec699df4b0fd2237fb2f33463f41b108f6a15f");
  EXPECT_FALSE(root.authority_key_id().has_value());
  EXPECT_TRUE(root.unknown_critical_extensions().empty());
  EXPECT_EQ(to_hex(root.fingerprint()), "410220a72bba4576767ba5941b694a9bddc40817f76957f6919fdac89a7849c7");
  EXPECT_OK(root.verify_signed_by(root.public_key()));
}

// That of its Notation platform: another key. aws-signing facts 1.5
TEST(Certificate, reads_the_aws_notation_root) {
  const Certificate root = from_data("aws-signer-notation-root.pem");
  EXPECT_EQ(serial_to_string(root), "cab92e6b78aea9d4762f2a33878819b6");
  EXPECT_EQ(name_to_string(root.subject()), "CN=AWS Signer Code Signing Root CA G1,ST=WA,OU=Cryptography,O=AWS,C=US");
  EXPECT_EQ(to_rfc3339(root.not_before()), "2022-10-27T21:33:22Z");
  EXPECT_EQ(to_rfc3339(root.not_after()), "2122-10-27T22:33:22Z");
  EXPECT_EQ(to_hex(root.subject_key_id().value()), "38d85ddda6cf5fcee5e1858ac63cacbf6f10c006");
  EXPECT_EQ(to_hex(root.fingerprint()), "90a87d0543c3f094dbff9589b6649affe2f3d6e0f308799be2258461c686473f");
  EXPECT_OK(root.verify_signed_by(root.public_key()));
  EXPECT_REFUSED(root.verify_signed_by(from_data("aws-signer-lambda-root.pem").public_key()),
                 X509Reason::bad_signature);
}

TEST(Certificate, says_what_a_leaf_says) {
  const auto& pki = test::shared_pki();
  const Certificate& leaf = pki.leaf.certificate;
  EXPECT_TRUE(leaf.allows(KeyUsage::digital_signature));
  EXPECT_FALSE(leaf.allows(KeyUsage::key_cert_sign));
  EXPECT_FALSE(leaf.basic_constraints()->is_ca);
  EXPECT_TRUE(leaf.has_purpose(Purpose::code_signing));
  EXPECT_FALSE(leaf.has_purpose(Purpose::any));
  EXPECT_EQ(leaf.extended_key_usage_count(), 1U);
  EXPECT_TRUE(equal(leaf.issuer(), pki.intermediate.certificate.subject()));
  EXPECT_TRUE(equal(*leaf.authority_key_id(), *pki.intermediate.certificate.subject_key_id()));
  EXPECT_TRUE(equal(leaf.public_key().spki(), pki.leaf.key->public_key().spki()));
  EXPECT_FALSE(leaf.is_self_issued());
  EXPECT_OK(leaf.verify_signed_by(pki.intermediate.certificate.public_key()));
  // tbs() is what is signed, signature() what stands behind it.
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha384, leaf.tbs());
  EXPECT_OK(pki.intermediate.certificate.public_key().verify(leaf.signature_scheme(), crypto::SignatureEncoding::der,
                                                             digest, leaf.signature()));
}

TEST(Certificate, is_equal_by_content) {
  const auto& pki = test::shared_pki();
  ASSERT_OK(const auto again, Certificate::parse(pki.leaf.certificate.der()));
  EXPECT_EQ(again, pki.leaf.certificate);
  EXPECT_NE(again, pki.root.certificate);
}

TEST(Certificate, keeps_its_bytes_when_the_input_goes) {
  Bytes input = to_bytes(test::shared_pki().leaf.certificate.der());
  ASSERT_OK(const auto certificate, Certificate::parse(input));
  std::ranges::fill(input, std::uint8_t{0});
  EXPECT_EQ(name_to_string(certificate.subject()), "CN=Test Leaf");
  EXPECT_EQ(certificate, test::shared_pki().leaf.certificate);
}

TEST(Certificate, a_key_of_another_kind_did_not_sign_it) {
  const auto& leaf = test::shared_pki().leaf.certificate;
  EXPECT_REFUSED(leaf.verify_signed_by(test::rsa_key(2048)->public_key()), X509Reason::bad_signature);
  EXPECT_REFUSED(leaf.verify_signed_by(test::new_key()->public_key()), X509Reason::bad_signature);
}

TEST(Certificate, the_outer_form_is_strict) {
  const Bytes good = to_bytes(test::shared_pki().leaf.certificate.der());
  EXPECT_REFUSED(Certificate::parse({}), X509Reason::malformed);
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_REFUSED(Certificate::parse(ByteView(good).first(length)), X509Reason::malformed);
  }
  Bytes trailing = good;
  trailing.push_back(0);
  EXPECT_REFUSED(Certificate::parse(trailing), X509Reason::malformed);
  const der::Element outer = der::read_only(good, der::Tag::sequence).value();
  EXPECT_REFUSED(Certificate::parse(der::encode(der::Tag::sequence, {outer.content, hex("0500")})),
                 X509Reason::malformed);
  EXPECT_REFUSED(Certificate::parse(der::encode(der::Tag::set, outer.content)), X509Reason::malformed);
}

TEST(Certificate, takes_up_to_64_kib) {
  const auto with_padding = [](std::size_t size) {
    return parse_spoilt([&](auto& parts) {
      auto spec = test::leaf_spec();
      spec.more_extensions = {test::extension(hex("2a0305"), false, Bytes(size))};
      const auto& issuer = test::shared_pki().intermediate;
      parts.extensions = test::parts_of(spec, *issuer.key, &issuer).extensions;
    });
  };
  EXPECT_OK(with_padding(60000));
  EXPECT_REFUSED(with_padding(65536), X509Reason::too_large);
  EXPECT_REFUSED(Certificate::parse(Bytes(64UL * 1024 + 1)), X509Reason::too_large);
  EXPECT_REFUSED(Certificate::parse(Bytes(64UL * 1024)), X509Reason::malformed);
}

// RFC 5280, 4.1.2.1
TEST(Certificate, version_3_is_the_one) {
  EXPECT_OK(parse_spoilt([](auto& parts) { parts.version = version(2); }));
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.version = version(0); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.version = version(1); }), X509Reason::unsupported_version);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.version = version(3); }), X509Reason::unsupported_version);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.version = version(-1); }), X509Reason::unsupported_version);
  EXPECT_REFUSED(
      parse_spoilt([](auto& parts) { parts.version = der::encode(der::context_constructed(0), hex("020102 0500")); }),
      X509Reason::malformed);
}

TEST(Certificate, version_1_is_for_self_issued_ones_without_extensions) {
  auto spec = test::root_spec();
  spec.version_1 = true;
  ASSERT_OK(const auto root, parse_spoilt_root([](auto&) {}, spec));
  EXPECT_TRUE(root.is_version_1());
  EXPECT_FALSE(root.basic_constraints().has_value());
  EXPECT_FALSE(root.key_usage().has_value());
  EXPECT_FALSE(root.allows(KeyUsage::key_cert_sign));
  auto leaf = test::leaf_spec();
  leaf.version_1 = true;
  EXPECT_REFUSED(parse_spoilt([](auto&) {}, leaf), X509Reason::unsupported_version);
  EXPECT_REFUSED(parse_spoilt_root([](auto& parts) { parts.version.clear(); }, test::root_spec()),
                 X509Reason::unsupported_version);
}

// RFC 5280, 4.1.2.2; the AWS root has 17 octets.
TEST(Certificate, serials_are_zero_to_twenty_octets) {
  const auto with = [](std::string_view content) {
    return parse_spoilt([&](auto& parts) { parts.serial = der::encode(der::Tag::integer, hex(content)); });
  };
  const auto shown = [&](std::string_view content) { return serial_to_string(with(content).value()); };
  EXPECT_EQ(shown("00"), "00");
  EXPECT_EQ(shown("01"), "01");
  EXPECT_EQ(shown("7f"), "7f");
  EXPECT_EQ(shown("0080"), "80");
  EXPECT_EQ(shown("0b0f"), "0b0f");
  EXPECT_EQ(shown("7f00000000000000000000000000000000000001"), "7f00000000000000000000000000000000000001");
  EXPECT_REFUSED(with("80"), X509Reason::malformed);
  EXPECT_REFUSED(with("ff7f"), X509Reason::malformed);
  EXPECT_REFUSED(with(""), X509Reason::malformed);
  EXPECT_REFUSED(with("0001"), X509Reason::malformed);
  EXPECT_REFUSED(with("7f0000000000000000000000000000000000000001"), X509Reason::malformed);
  EXPECT_REFUSED(with("00ff0000000000000000000000000000000000000001"), X509Reason::malformed);
}

TEST(Certificate, inner_and_outer_algorithm_are_the_same) {
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.outer_algorithm = hex("300a06082a8648ce3d040302"); }),
                 X509Reason::algorithm_mismatch);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.algorithm = hex("300a06082a8648ce3d040304"); }),
                 X509Reason::algorithm_mismatch);
}

// Once more than the field's own syntax: the inner one is only compared.
TEST(Certificate, sha1_is_unsupported) {
  EXPECT_REFUSED(parse_spoilt([](auto& parts) {
                   parts.algorithm = hex("300906072a8648ce3d0401");  // ecdsa-with-SHA1
                   parts.outer_algorithm = parts.algorithm;
                 }),
                 X509Reason::unsupported_algorithm);
}

TEST(Certificate, the_issuer_has_a_name) {
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.issuer = hex("3000"); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.issuer = hex("0500"); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.subject = hex("30023100"); }), X509Reason::malformed);
}

// RFC 5280, 4.1.2.6
TEST(Certificate, only_a_leaf_may_do_without_a_subject) {
  EXPECT_OK(parse_spoilt([](auto& parts) { parts.subject = hex("3000"); }));
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.subject = hex("3000"); }, test::intermediate_spec()),
                 X509Reason::malformed);
}

// RFC 5280, 4.1.2.5
TEST(Certificate, validity_is_utc_time_until_2049_and_generalized_time_from_2050) {
  const auto with = [](Bytes first, Bytes second) {
    return parse_spoilt([&](auto& parts) { parts.validity = der::encode(der::Tag::sequence, {first, second}); });
  };
  const auto utc = [](std::string_view text) { return time_of(der::Tag::utc_time, text); };
  const auto generalized = [](std::string_view text) { return time_of(der::Tag::generalized_time, text); };
  ASSERT_OK(const auto wide, with(utc("500101000000Z"), generalized("99991231235959Z")));
  EXPECT_EQ(to_rfc3339(wide.not_before()), "1950-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(wide.not_after()), "9999-12-31T23:59:59Z");
  ASSERT_OK(const auto border, with(utc("491231235959Z"), generalized("20500101000000Z")));
  EXPECT_EQ(border.not_after() - border.not_before(), std::chrono::seconds{1});
  EXPECT_OK(with(utc("260101000000Z"), utc("260101000000Z")));
  EXPECT_REFUSED(with(utc("260101000001Z"), utc("260101000000Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(generalized("20260101000000Z"), utc("270101000000Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(utc("260101000000Z"), generalized("20491231235959Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(generalized("19490101000000Z"), utc("270101000000Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(utc("2601010000Z"), utc("270101000000Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(utc("260101000000+0000"), utc("270101000000Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(utc("260101000000Z"), generalized("20500101000000.5Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(utc("261301000000Z"), utc("270101000000Z")), X509Reason::malformed);
  EXPECT_REFUSED(with(utc("260101000000Z"), {}), X509Reason::malformed);
}

TEST(Certificate, the_key_is_checked_by_crypto) {
  using crypto::CryptoReason;
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.public_key = hex("3000"); }), CryptoReason::malformed_key);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.public_key.back() ^= 1; }), CryptoReason::invalid_key);
  // Ed25519 (RFC 8410)
  EXPECT_REFUSED(
      parse_spoilt([](auto& parts) { parts.public_key = hex("302a300506032b6570032100" + std::string(64, '7')); }),
      CryptoReason::unsupported_key);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.public_key = hex("0500"); }), X509Reason::malformed);
}

// RFC 5280, 4.1.2.8
TEST(Certificate, unique_ids_are_refused) {
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.unique_ids = hex("81020000"); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.unique_ids = hex("82020000"); }), X509Reason::malformed);
}

TEST(Certificate, nothing_follows_the_extensions) {
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { append(parts.extensions, hex("0500")); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.extensions = hex("a300"); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.extensions = hex("a3023000"); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { parts.extensions = hex("a400"); }), X509Reason::malformed);
  EXPECT_REFUSED(parse_spoilt([](auto& parts) { append(parts.extensions, parts.extensions); }), X509Reason::malformed);
  EXPECT_OK(parse_spoilt([](auto& parts) { parts.extensions.clear(); }));
}

TEST(Certificate, the_signature_is_whole_bytes) {
  const auto& good = test::shared_pki().leaf.certificate;
  const der::Element outer = der::read_only(good.der(), der::Tag::sequence).value();
  const std::size_t head = outer.content.size() - der::encode_bit_string(good.signature()).size();
  const auto with = [&](Bytes bits) {
    return Certificate::parse(der::encode(der::Tag::sequence, {outer.content.first(head), bits}));
  };
  EXPECT_OK(with(der::encode_bit_string(good.signature())));
  EXPECT_REFUSED(with(hex("03020780")), X509Reason::malformed);
  EXPECT_REFUSED(with(hex("0300")), X509Reason::malformed);
  EXPECT_REFUSED(with(hex("0400")), X509Reason::malformed);
  ASSERT_OK(const auto empty, with(hex("030100")));
  EXPECT_REFUSED(empty.verify_signed_by(test::shared_pki().intermediate.certificate.public_key()),
                 X509Reason::bad_signature);
}

TEST(Certificate, errors_say_which_part_and_why) {
  const auto refused = parse_spoilt([](auto& parts) { parts.serial = hex("02020001"); });
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message(), "the certificate's serialNumber is not valid DER");
  ASSERT_NE(refused.error().cause(), nullptr);
  EXPECT_TRUE(refused.error().cause()->is(der::DerReason::bad_value));
}

}  // namespace
}  // namespace proofmark::x509
