#include "envelope/cms/signer.h"

#include "cms_builder.h"

namespace proofmark::envelope::cms {
namespace {

using proofmark::test::at;
using proofmark::test::signing_authority;

const crypto::Digest kContent = crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content"));

TEST(CmsSigner, what_it_signs_verifies) {
  const auto& authority = signing_authority();
  const Instant time = at("2026-09-28T09:19:26.806Z");
  ASSERT_OK(const auto encoded, sign(kContent, *authority.leaf_key, authority.chain, time,
                                     {{test::kSha256, codec::der::encode_utf8("extra")}}));
  x509::CertificateCache certificates;
  x509::ChainCache chains;
  ASSERT_OK(const auto unverified, UnverifiedSignedData::parse(encoded, certificates));
  ASSERT_OK(const auto verified,
            VerifiedSignedData::verify(unverified, kContent, authority.roots(), x509::ChainProfile::lambda(), chains));
  EXPECT_EQ(verified.signing_time(), time);
  EXPECT_EQ(unverified.attributes().size(), 5U);
  ASSERT_TRUE(verified.attribute(test::kSha256).has_value());
  EXPECT_TRUE(equal(*verified.attribute(test::kSha256), codec::der::encode_utf8("extra")));
  EXPECT_EQ(unverified.certificates().size(), 3U);
}

// GeneralizedTime with exactly three digits, before 2050 too: as AWS writes it. aws-signing facts 1.4
TEST(CmsSigner, writes_the_signing_time_as_aws_does) {
  const auto& authority = signing_authority();
  ASSERT_OK(const auto encoded, sign(kContent, *authority.leaf_key, authority.chain, at("2026-09-28T09:19:26Z"), {}));
  EXPECT_NE(as_text(encoded).find("\x18\x13"
                                  "20260928091926.000Z"),
            std::string_view::npos);
}

TEST(CmsSigner, refuses_keys_and_attributes_that_do_not_fit) {
  const auto& authority = signing_authority();
  const Instant time = at("2026-09-28");
  EXPECT_REFUSED(sign(kContent, *authority.root_key, authority.chain, time, {}), CmsReason::no_signer_certificate);
  EXPECT_REFUSED(sign(kContent, *authority.leaf_key, {}, time, {}), CmsReason::no_signer_certificate);
  EXPECT_REFUSED(sign(kContent, *authority.leaf_key, authority.chain, time,
                      {{oids::kMessageDigest, encode(codec::der::Tag::null, ByteView{})}}),
                 CmsReason::duplicate_attribute);
  const Bytes null = encode(codec::der::Tag::null, ByteView{});
  EXPECT_REFUSED(
      sign(kContent, *authority.leaf_key, authority.chain, time, {{test::kSha256, null}, {test::kSha256, null}}),
      CmsReason::duplicate_attribute);

  proofmark::test::FakeRandom random(7);
  ASSERT_OK(const auto p256, crypto::generate_signing_key(crypto::KeyType::ec_p256));
  ASSERT_OK(const auto certificate,
            x509::issue({.kind = x509::CertificateKind::code_signing,
                         .common_name = "P-256",
                         .not_before = at("2026-01-01"),
                         .not_after = at("2027-01-01")},
                        p256->public_key(), &authority.chain[1], *authority.intermediate_key, random));
  EXPECT_REFUSED(sign(kContent, *p256, {certificate, authority.chain[1], authority.chain[2]}, time, {}),
                 CmsReason::unsupported_algorithm);
}

}  // namespace
}  // namespace proofmark::envelope::cms
