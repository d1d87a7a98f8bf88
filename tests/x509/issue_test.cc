#include "x509/issue.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "codec/der.h"
#include "crypto/hash.h"
#include "x509/chain.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

CertificateRequest request(CertificateKind kind, std::string common_name = "Name") {
  return {.kind = kind,
          .common_name = std::move(common_name),
          .not_before = test::at("2026-01-01T00:00:00Z"),
          .not_after = test::at("2036-01-01T00:00:00Z")};
}

struct Issued {
  test::SharedKey key;
  Certificate certificate;
};

Issued issue_with(const CertificateRequest& what, const Issued* issuer, test::SharedKey key = test::new_key()) {
  test::FakeRandom random(1);
  auto certificate = issue(what, key->public_key(), issuer == nullptr ? nullptr : &issuer->certificate,
                           issuer == nullptr ? *key : *issuer->key, random);
  EXPECT_TRUE(certificate.has_value()) << ::testing::PrintToString(certificate.error());
  return {key, *std::move(certificate)};
}

/// The key's id by RFC 7093, method 1, worked out anew from the end of the SPKI: the point of a P-384 key has 97 bytes.
std::string expected_key_id(const crypto::PublicKey& key) {
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha256, key.spki().last(97));
  return to_hex(digest.bytes().first(20));
}

TEST(Issue, a_root) {
  const Issued root = issue_with(request(CertificateKind::root, "My Root"), nullptr);
  const auto& certificate = root.certificate;
  EXPECT_EQ(name_to_string(certificate.subject()), "CN=My Root,O=Proofmark");
  EXPECT_TRUE(certificate.is_self_issued());
  EXPECT_TRUE(certificate.basic_constraints()->is_ca);
  EXPECT_FALSE(certificate.basic_constraints()->path_length.has_value());
  EXPECT_TRUE(certificate.basic_constraints_critical());
  EXPECT_EQ(certificate.key_usage(), test::usage_bits({KeyUsage::key_cert_sign, KeyUsage::crl_sign}));
  EXPECT_TRUE(certificate.key_usage_critical());
  EXPECT_FALSE(certificate.extended_key_usage().has_value());
  EXPECT_EQ(to_hex(certificate.subject_key_id().value()), expected_key_id(root.key->public_key()));
  EXPECT_TRUE(equal(*certificate.subject_key_id(), *certificate.authority_key_id()));
  EXPECT_EQ(certificate.signature_scheme(), crypto::SignatureScheme::ecdsa_sha384);
  EXPECT_OK(certificate.verify_signed_by(root.key->public_key()));
}

TEST(Issue, an_intermediate) {
  const Issued root = issue_with(request(CertificateKind::root), nullptr);
  const Issued ca = issue_with(request(CertificateKind::intermediate, "My CA"), &root);
  EXPECT_TRUE(ca.certificate.basic_constraints()->is_ca);
  EXPECT_EQ(ca.certificate.basic_constraints()->path_length, 0U);
  EXPECT_TRUE(ca.certificate.basic_constraints_critical());
  EXPECT_EQ(ca.certificate.key_usage(), test::usage_bits({KeyUsage::key_cert_sign, KeyUsage::crl_sign}));
  EXPECT_TRUE(equal(ca.certificate.issuer(), root.certificate.subject()));
  EXPECT_TRUE(equal(*ca.certificate.authority_key_id(), *root.certificate.subject_key_id()));
  EXPECT_EQ(to_hex(ca.certificate.subject_key_id().value()), expected_key_id(ca.key->public_key()));
}

TEST(Issue, a_code_signing_leaf_whose_chain_is_valid) {
  const Issued root = issue_with(request(CertificateKind::root, "Root"), nullptr);
  const Issued ca = issue_with(request(CertificateKind::intermediate, "CA"), &root);
  const Issued leaf = issue_with(request(CertificateKind::code_signing, "Leaf"), &ca);
  EXPECT_FALSE(leaf.certificate.basic_constraints()->is_ca);
  EXPECT_EQ(leaf.certificate.key_usage(), test::usage_bits({KeyUsage::digital_signature}));
  EXPECT_TRUE(leaf.certificate.key_usage_critical());
  EXPECT_EQ(leaf.certificate.extended_key_usage(), std::vector{Purpose::code_signing});
  ASSERT_OK(const auto chain, build_chain(leaf.certificate, {ca.certificate}, TrustedRoots({root.certificate}),
                                          ChainProfile::lambda(), test::pki_time()));
  EXPECT_EQ(chain, (Chain{leaf.certificate, ca.certificate, root.certificate}));
}

// RSA-3072 and 4096, whose keys are slow to make: issue_openssl_test and issue_interop_test.
TEST(Issue, every_key_signs_with_its_default_scheme) {
  struct Case {
    test::SharedKey key;
    crypto::SignatureScheme scheme;
  };
  using crypto::SignatureScheme;
  for (const auto& each : {
           Case{test::new_key(crypto::KeyType::ec_p256), SignatureScheme::ecdsa_sha256},
           Case{test::new_key(crypto::KeyType::ec_p384), SignatureScheme::ecdsa_sha384},
           Case{test::new_key(crypto::KeyType::ec_p521), SignatureScheme::ecdsa_sha512},
           Case{test::rsa_key(2048), SignatureScheme::rsa_pss_sha256},
       }) {
    const Issued root = issue_with(request(CertificateKind::root), nullptr, each.key);
    EXPECT_EQ(root.certificate.signature_scheme(), each.scheme);
  }
}

// RFC 5280, 4.1.2.5
TEST(Issue, times_are_cut_to_the_second_and_change_form_in_2050) {
  auto what = request(CertificateKind::root);
  what.not_before = test::at("2026-01-01T00:00:00.999Z");
  what.not_after = test::at("2049-12-31T23:59:59.999Z");
  const Issued before = issue_with(what, nullptr);
  EXPECT_EQ(to_rfc3339(before.certificate.not_before()), "2026-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(before.certificate.not_after()), "2049-12-31T23:59:59Z");
  what.not_after = test::at("2050-01-01T00:00:00Z");
  const Issued after = issue_with(what, nullptr);
  EXPECT_EQ(to_rfc3339(after.certificate.not_after()), "2050-01-01T00:00:00Z");
  EXPECT_NE(as_text(after.certificate.tbs()).find("20500101000000Z"), std::string_view::npos);
  what.not_after = kLatestInstant;
  EXPECT_EQ(to_rfc3339(issue_with(what, nullptr).certificate.not_after()), "9999-12-31T23:59:59Z");
}

TEST(Issue, the_serial_is_128_random_bits) {
  const Issued root = issue_with(request(CertificateKind::root), nullptr);
  std::array<std::uint8_t, 16> expected{};
  test::FakeRandom(1).fill(expected);
  EXPECT_EQ(serial_to_string(root.certificate), to_hex(expected));
}

TEST(Issue, the_organization_may_be_left_out) {
  auto what = request(CertificateKind::root, "Alone");
  what.organization.clear();
  EXPECT_EQ(name_to_string(issue_with(what, nullptr).certificate.subject()), "CN=Alone");
}

Result<Certificate> try_root(const CertificateRequest& what) {
  test::FakeRandom random(1);
  const auto& key = *test::shared_pki().root.key;
  return issue(what, key.public_key(), nullptr, key, random);
}

// RFC 5280, appendix A: ub-common-name
TEST(Issue, names_are_1_to_64_characters_of_plain_text) {
  const auto named = [](std::string name) { return try_root(request(CertificateKind::root, std::move(name))); };
  EXPECT_REFUSED(named(""), X509Reason::malformed);
  EXPECT_OK(named(std::string(64, 'x')));
  EXPECT_REFUSED(named(std::string(65, 'x')), X509Reason::malformed);
  std::string umlauts;
  for (int i = 0; i < 64; ++i) umlauts += "ü";
  EXPECT_OK(named(umlauts));
  EXPECT_REFUSED(named(umlauts + "ü"), X509Reason::malformed);
  EXPECT_REFUSED(named("a\xff"), X509Reason::malformed);
  EXPECT_REFUSED(named("a\nb"), X509Reason::malformed);
  EXPECT_REFUSED(named(std::string("a\0b", 3)), X509Reason::malformed);
  EXPECT_REFUSED(named("a\x7f"), X509Reason::malformed);
  auto what = request(CertificateKind::root);
  what.organization = std::string(65, 'x');
  EXPECT_REFUSED(try_root(what), X509Reason::malformed);
  what.organization = "a\tb";
  EXPECT_REFUSED(try_root(what), X509Reason::malformed);
}

TEST(Issue, the_validity_lies_in_1950_to_9999) {
  auto what = request(CertificateKind::root);
  what.not_before = test::at("1950-01-01T00:00:00Z");
  EXPECT_OK(try_root(what));
  what.not_before = test::at("1949-12-31T23:59:59Z");
  EXPECT_REFUSED(try_root(what), X509Reason::malformed);
  what = request(CertificateKind::root);
  what.not_after = kLatestInstant + std::chrono::milliseconds{1};
  EXPECT_REFUSED(try_root(what), X509Reason::malformed);
  what.not_after = what.not_before - std::chrono::milliseconds{1};
  EXPECT_REFUSED(try_root(what), X509Reason::malformed);
}

TEST(Issue, the_issuer_goes_with_the_kind_and_the_key) {
  const auto& pki = test::shared_pki();
  test::FakeRandom random(1);
  const auto& other = *pki.leaf.key;
  const auto root = request(CertificateKind::root);
  const auto leaf = request(CertificateKind::code_signing);
  EXPECT_REFUSED(issue(root, other.public_key(), &pki.root.certificate, *pki.root.key, random), X509Reason::malformed);
  EXPECT_REFUSED(issue(root, other.public_key(), nullptr, *pki.root.key, random), X509Reason::malformed);
  EXPECT_REFUSED(issue(leaf, other.public_key(), nullptr, *pki.root.key, random), X509Reason::malformed);
  EXPECT_REFUSED(issue(leaf, other.public_key(), &pki.root.certificate, other, random), X509Reason::malformed);
  EXPECT_OK(issue(leaf, other.public_key(), &pki.root.certificate, *pki.root.key, random));
}

TEST(Issue, the_issuer_must_be_able_to_issue) {
  const auto& pki = test::shared_pki();
  test::FakeRandom random(1);
  EXPECT_REFUSED(issue(request(CertificateKind::code_signing), pki.root.key->public_key(), &pki.leaf.certificate,
                       *pki.leaf.key, random),
                 X509Reason::not_a_ca);
  const Issued root = issue_with(request(CertificateKind::root), nullptr);
  const Issued ca = issue_with(request(CertificateKind::intermediate), &root);
  EXPECT_REFUSED(
      issue(request(CertificateKind::intermediate), pki.leaf.key->public_key(), &ca.certificate, *ca.key, random),
      X509Reason::path_too_long);
}

TEST(Issue, an_issuer_without_a_key_id_leaves_the_authoritys_out) {
  auto spec = test::root_spec();
  spec.key_ids = false;
  const auto root = test::mint(spec);
  test::FakeRandom random(1);
  ASSERT_OK(const auto leaf, issue(request(CertificateKind::code_signing), test::shared_pki().leaf.key->public_key(),
                                   &root.certificate, *root.key, random));
  EXPECT_FALSE(leaf.authority_key_id().has_value());
  EXPECT_TRUE(leaf.subject_key_id().has_value());
}

/// A key whose signatures are another key's: a broken token.
class LyingKey final : public crypto::SigningKey {
 public:
  LyingKey(const crypto::SigningKey& shown, const crypto::SigningKey& used) : shown_(shown), used_(used) {}
  [[nodiscard]] const crypto::PublicKey& public_key() const override { return shown_.public_key(); }
  [[nodiscard]] Result<Bytes> sign(crypto::SignatureScheme scheme, crypto::SignatureEncoding encoding,
                                   const crypto::Digest& digest) const override {
    return used_.sign(scheme, encoding, digest);
  }

 private:
  const crypto::SigningKey& shown_;
  const crypto::SigningKey& used_;
};

TEST(Issue, a_signature_that_does_not_verify_is_not_handed_out) {
  const auto& pki = test::shared_pki();
  const LyingKey key(*pki.root.key, *pki.leaf.key);
  test::FakeRandom random(1);
  EXPECT_REFUSED(issue(request(CertificateKind::root), key.public_key(), nullptr, key, random),
                 X509Reason::bad_signature);
}

}  // namespace
}  // namespace proofmark::x509
