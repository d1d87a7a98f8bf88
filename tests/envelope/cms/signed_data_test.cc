#include "envelope/cms/signed_data.h"

#include <map>

#include "cms_builder.h"

namespace proofmark::envelope::cms {
namespace {

using proofmark::test::signing_authority;
using namespace test;

Result<UnverifiedSignedData> parse(const Bytes& encoded) {
  static x509::CertificateCache cache;
  return UnverifiedSignedData::parse(encoded, cache);
}

Result<VerifiedSignedData> verify(const Bytes& encoded, const crypto::Digest& content,
                                  const x509::TrustedRoots& roots) {
  x509::ChainCache chains;
  PM_TRY(const auto unverified, parse(encoded));
  return VerifiedSignedData::verify(unverified, content, roots, x509::ChainProfile::lambda(), chains);
}

Result<VerifiedSignedData> verify(const CmsBuilder& builder) {
  return verify(builder.build(), builder.content, signing_authority().roots());
}

TEST(CmsSignedData, a_good_envelope_verifies_and_tells_its_claims) {
  const CmsBuilder builder;
  ASSERT_OK(const auto verified, verify(builder));
  EXPECT_EQ(verified.signing_time(), builder.signing_time);
  ASSERT_EQ(verified.chain().size(), 3U);
  EXPECT_EQ(verified.chain().front(), signing_authority().chain.front());
  EXPECT_EQ(verified.chain().back(), signing_authority().chain.back());
  ASSERT_OK(const auto unverified, parse(builder.build()));
  EXPECT_EQ(unverified.attributes().size(), 4U);
  EXPECT_EQ(unverified.signer_certificate(), signing_authority().chain.front());
  EXPECT_EQ(unverified.message_digest(), builder.content);
}

// AWS Signer writes indefinite lengths around definite DER. aws-signing facts 1.3
TEST(CmsSignedData, wrappers_may_have_indefinite_lengths) {
  CmsBuilder builder;
  builder.indefinite_wrappers = true;
  EXPECT_OK(verify(builder));
}

// RFC 5754, 2: NULL parameters are tolerated; facts 1.3.
TEST(CmsSignedData, algorithms_may_have_null_parameters) {
  CmsBuilder builder;
  builder.digest_algorithms = {algorithm_with_null(oids::kSha384)};
  builder.signer_digest_algorithm = algorithm_with_null(oids::kSha384);
  EXPECT_OK(verify(builder));
}

// The certificates are a SET: their order means nothing. facts 1.3
TEST(CmsSignedData, certificates_may_come_in_any_order_and_without_the_root) {
  const auto& chain = signing_authority().chain;
  CmsBuilder builder;
  builder.certificates = {to_bytes(chain[2].der()), to_bytes(chain[0].der()), to_bytes(chain[1].der())};
  EXPECT_OK(verify(builder));
  builder.certificates = {to_bytes(chain[1].der()), to_bytes(chain[0].der())};
  EXPECT_OK(verify(builder));
}

TEST(CmsSignedData, algorithm_protection_may_be_absent) {
  CmsBuilder builder;
  builder.attributes = builder.standard_attributes();
  builder.attributes.pop_back();
  EXPECT_OK(verify(builder));
}

TEST(CmsSignedData, an_attribute_that_nobody_knows_is_kept) {
  CmsBuilder builder;
  builder.attributes = builder.standard_attributes();
  builder.attributes.push_back(attribute(kSha256, {codec::der::encode_utf8("x")}));
  ASSERT_OK(const auto verified, verify(builder));
  EXPECT_TRUE(verified.attribute(kSha256).has_value());
}

/// Replaces the attribute of that type by `encoded`.
std::vector<Bytes> with(const std::vector<Bytes>& attributes, std::size_t index, Bytes encoded) {
  auto changed = attributes;
  changed[index] = std::move(encoded);
  return changed;
}

// One way for each reason; the walk below proves that none was forgotten.
std::map<CmsReason, std::vector<CmsBuilder>> refusals() {
  const CmsBuilder good;
  const auto standard = good.standard_attributes();
  const auto& chain = signing_authority().chain;
  std::map<CmsReason, std::vector<CmsBuilder>> all;
  const auto add = [&](CmsReason reason, auto&& change) {
    CmsBuilder builder;
    change(builder);
    all[reason].push_back(builder);
  };
  add(CmsReason::malformed, [](CmsBuilder& b) { b.after = {0}; });
  add(CmsReason::malformed, [](CmsBuilder& b) { b.after_signer = {5, 0}; });
  add(CmsReason::malformed,
      [](CmsBuilder& b) { b.digest_algorithms = {algorithm(oids::kSha384), algorithm(oids::kSha384)}; });
  add(CmsReason::malformed, [](CmsBuilder& b) { b.digest_algorithms = {}; });
  add(CmsReason::malformed, [](CmsBuilder& b) {
    b.signature_algorithm = encode(Tag::sequence, {encode_oid(oids::kEcdsaSha384), encode_small_integer(1)});
  });
  add(CmsReason::malformed, [](CmsBuilder& b) { b.attributes = {indefinite(Tag::sequence, encode_oid(oids::kData))}; });
  add(CmsReason::malformed,
      [](CmsBuilder& b) { b.signer_identifier = encode(codec::der::context_primitive(0), Bytes(20)); });
  add(CmsReason::too_large,
      [&](CmsBuilder& b) { b.certificates.assign(kMaxCertificates + 1, to_bytes(chain[2].der())); });
  add(CmsReason::too_large, [](CmsBuilder& b) { b.after.assign(kMaxEnvelope, 0); });
  add(CmsReason::too_large, [&](CmsBuilder& b) {
    b.attributes = standard;
    for (std::uint8_t i = 0; i < kMaxAttributes; ++i) {
      const Bytes oid{0x2a, i};
      b.attributes.push_back(attribute(Oid{oid}, {encode_small_integer(1)}));
    }
  });
  add(CmsReason::not_signed_data, [](CmsBuilder& b) { b.outer_type = oids::kData; });
  add(CmsReason::unsupported_version, [](CmsBuilder& b) { b.version = 3; });
  add(CmsReason::unsupported_version, [](CmsBuilder& b) { b.signer_version = 3; });
  add(CmsReason::unsupported_algorithm, [](CmsBuilder& b) { b.digest_algorithms = {algorithm(kSha256)}; });
  add(CmsReason::unsupported_algorithm, [](CmsBuilder& b) { b.signer_digest_algorithm = algorithm(kSha256); });
  add(CmsReason::unsupported_algorithm, [](CmsBuilder& b) { b.signature_algorithm = algorithm(oids::kSha384); });
  add(CmsReason::unsupported_algorithm, [](CmsBuilder& b) { b.content_type = oids::kSignedData; });
  add(CmsReason::attached_content, [](CmsBuilder& b) {
    b.encapsulated = encode(context_constructed(0), encode(Tag::octet_string, as_bytes("content")));
  });
  add(CmsReason::unexpected_field, [](CmsBuilder& b) { b.crls = encode(context_constructed(1), ByteView{}); });
  add(CmsReason::unexpected_field, [](CmsBuilder& b) {
    b.unsigned_attributes = encode(context_constructed(1), attribute(kSha256, {encode_small_integer(1)}));
  });
  add(CmsReason::not_one_signer, [](CmsBuilder& b) { b.signer_count = 0; });
  add(CmsReason::not_one_signer, [](CmsBuilder& b) { b.signer_count = 2; });
  add(CmsReason::no_signer_certificate, [](CmsBuilder& b) { b.no_certificates = true; });
  add(CmsReason::no_signer_certificate,
      [&](CmsBuilder& b) { b.certificates = {to_bytes(chain[1].der()), to_bytes(chain[2].der())}; });
  add(CmsReason::no_signer_certificate, [&](CmsBuilder& b) {
    b.certificates = {to_bytes(chain[0].der()), to_bytes(chain[0].der()), to_bytes(chain[1].der())};
  });
  add(CmsReason::no_signer_certificate, [&](CmsBuilder& b) {
    b.signer_identifier = encode(Tag::sequence, {chain[0].subject(), encode(Tag::integer, chain[0].serial())});
  });
  add(CmsReason::attributes_not_sorted, [&](CmsBuilder& b) {
    b.attributes = standard;
    std::ranges::sort(b.attributes, std::greater<>{});
    b.sort_attributes = false;
  });
  add(CmsReason::duplicate_attribute, [&](CmsBuilder& b) {
    b.attributes = standard;
    b.attributes.push_back(standard[1]);
  });
  add(CmsReason::bad_attribute, [&](CmsBuilder& b) {
    b.attributes = with(standard, 0, attribute(oids::kContentType, {encode_oid(oids::kSignedData)}));
  });
  add(CmsReason::bad_attribute, [&](CmsBuilder& b) {
    b.attributes = with(standard, 1, attribute(oids::kMessageDigest, {encode(Tag::octet_string, Bytes(32))}));
  });
  add(CmsReason::bad_attribute, [&](CmsBuilder& b) {
    b.attributes = with(standard, 2, attribute(oids::kSigningTime, {codec::der::encode_utf8("now")}));
  });
  add(CmsReason::bad_attribute,
      [&](CmsBuilder& b) { b.attributes = with(standard, 1, attribute(oids::kMessageDigest, {})); });
  add(CmsReason::bad_attribute, [&](CmsBuilder& b) {
    const Bytes value = encode(Tag::octet_string, b.content.bytes());
    b.attributes = with(standard, 1, attribute(oids::kMessageDigest, {value, value}));
  });
  for (std::size_t missing = 0; missing < 3; ++missing) {
    add(CmsReason::missing_attribute, [&](CmsBuilder& b) {
      b.attributes = standard;
      b.attributes.erase(b.attributes.begin() + static_cast<std::ptrdiff_t>(missing));
    });
  }
  add(CmsReason::algorithm_protection, [&](CmsBuilder& b) {
    b.attributes =
        with(standard, 3,
             attribute(
                 oids::kAlgorithmProtection,
                 {encode(Tag::sequence, {algorithm(kSha256), algorithm(oids::kEcdsaSha384, context_constructed(1))})}));
  });
  add(CmsReason::bad_signature, [](CmsBuilder& b) { b.flip_signature = true; });
  add(CmsReason::digest_mismatch, [&](CmsBuilder& b) {
    b.attributes = with(standard, 1, attribute(oids::kMessageDigest, {encode(Tag::octet_string, Bytes(48))}));
  });
  return all;
}

TEST(CmsSignedData, every_reason_to_refuse) {
  const auto all = refusals();
  for (int i = 0; i <= static_cast<int>(last_reason(CmsReason{})); ++i) {
    const auto reason = static_cast<CmsReason>(i);
    ASSERT_TRUE(all.contains(reason)) << "no test refuses for " << reason_info(reason).name;
    for (const auto& builder : all.at(reason)) EXPECT_REFUSED(verify(builder), reason);
  }
}

TEST(CmsSignedData, another_content_is_refused) {
  const CmsBuilder builder;
  EXPECT_REFUSED(verify(builder.build(), crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("other")),
                        signing_authority().roots()),
                 CmsReason::digest_mismatch);
  EXPECT_REFUSED(verify(builder.build(), crypto::hash(crypto::HashAlgorithm::sha256, as_bytes("content")),
                        signing_authority().roots()),
                 CmsReason::digest_mismatch);
}

TEST(CmsSignedData, another_root_is_refused) {
  const CmsBuilder builder;
  EXPECT_REFUSED(verify(builder.build(), builder.content, proofmark::test::make_signing_authority(2).roots()),
                 x509::X509Reason::untrusted_root);
  EXPECT_REFUSED(verify(builder.build(), builder.content, x509::TrustedRoots({})), x509::X509Reason::untrusted_root);
}

// The leaf lives from 2026-09-27 to 2026-09-30, and the chain is judged at the signed time. facts 1.6
TEST(CmsSignedData, the_chain_is_judged_at_the_signing_time) {
  CmsBuilder builder;
  builder.signing_time = proofmark::test::at("2026-10-01T00:00:01Z");
  EXPECT_REFUSED(verify(builder), x509::X509Reason::expired);
  builder.signing_time = proofmark::test::at("2026-09-26T23:59:59Z");
  EXPECT_REFUSED(verify(builder), x509::X509Reason::not_yet_valid);
}

}  // namespace
}  // namespace proofmark::envelope::cms
