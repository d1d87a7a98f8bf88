#include "lambda_package/signature_member.h"

#include "codec/pem.h"
#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;
using codec::der::encode_utf8;
using envelope::cms::NewAttribute;

/// The claims of an envelope that holds these attributes.
Result<Claims> claims_of(const std::vector<NewAttribute>& attributes, Instant signing_time = kSigned) {
  static x509::CertificateCache cache;
  const auto& authority = signing_authority();
  PM_TRY(const auto cms, envelope::cms::sign(crypto::hash(crypto::HashAlgorithm::sha384, {}), *authority.leaf_key,
                                             authority.chain, signing_time, attributes));
  PM_TRY(const auto parsed, envelope::cms::UnverifiedSignedData::parse(cms, cache));
  return read_claims(parsed);
}

TEST(SignatureMember, claims_survive_the_round_trip) {
  ASSERT_OK(const auto found, claims_of(claim_attributes(claims())));
  EXPECT_EQ(found.job.text(), kJob);
  EXPECT_EQ(found.profile_version.text(), kProfile);
  EXPECT_EQ(found.signing_time, kSigned);
  EXPECT_EQ(found.expiry, kExpiry);
}

// DER body hex of the three object identifiers. aws-signing facts 1.4
TEST(SignatureMember, attributes_have_aws_signers_object_identifiers) {
  const auto attributes = claim_attributes(claims());
  ASSERT_EQ(attributes.size(), 3U);
  EXPECT_EQ(to_hex(attributes[0].type.content), "2b813b81090102");
  EXPECT_EQ(to_hex(attributes[1].type.content), "2b813b81090103");
  EXPECT_EQ(to_hex(attributes[2].type.content), "2b813b81090104");
  EXPECT_EQ(codec::der::to_string(attributes[0].type), "1.3.187.137.1.2");
}

TEST(SignatureMember, a_claim_that_is_missing_or_wrong_is_refused) {
  const auto good = claim_attributes(claims());
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto missing = good;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_REFUSED(claims_of(missing), PackageReason::bad_claim);
    auto wrong = good;
    wrong[i].value = encode_utf8("nonsense");
    EXPECT_REFUSED(claims_of(wrong), PackageReason::bad_claim);
    wrong[i].value = codec::der::encode_small_integer(1);
    EXPECT_REFUSED(claims_of(wrong), PackageReason::bad_claim);
  }
  auto unversioned = good;
  unversioned[2].value = encode_utf8("arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app");
  EXPECT_REFUSED(claims_of(unversioned), PackageReason::bad_claim);
}

TEST(SignatureMember, claims_that_disagree_are_refused) {
  auto other = claims();
  other.expiry = other.signing_time;
  EXPECT_REFUSED(claims_of(claim_attributes(other)), PackageReason::claims_disagree);
  other = claims();
  other.profile_version =
      aws::ProfileVersionArn::parse("arn:aws-cn:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh12")
          .value();
  EXPECT_REFUSED(claims_of(claim_attributes(other)), PackageReason::claims_disagree);
}

Reading with_signature_text(const std::function<std::string(std::string)>& change) {
  const auto signed_zip = sign_zip(make_zip(kFunction)).value();
  return verify_zip(
      rebuilt(signed_zip, [&](Members& members) { members.back().second = change(members.back().second); }));
}

TEST(SignatureMember, is_one_pem_block_labelled_pkcs7) {
  EXPECT_TRUE(is_verified(with_signature_text([](std::string text) { return text; })));
  EXPECT_TRUE(is_verified(with_signature_text([](std::string text) { return "\n" + text + "\r\n "; })));
  for (const auto& bad : std::initializer_list<std::function<std::string(std::string)>>{
           [](const std::string&) { return std::string(); },
           [](const std::string&) { return std::string("not a signature"); },
           [](std::string text) { return text + text; }, [](std::string text) { return text + "trailing"; },
           [](std::string text) { return "leading\n" + text; },
           [](const std::string& text) { return codec::write_pem("CMS", codec::read_only_pem(text)->data); },
           [](const std::string& text) { return text.substr(0, text.size() / 2); }}) {
    EXPECT_NOT_INTACT(with_signature_text(bad), PackageReason::bad_signature_member);
  }
}

TEST(SignatureMember, is_of_a_bounded_size) {
  EXPECT_NOT_INTACT(
      with_signature_text([](const std::string& text) { return text + std::string(kMaxSignature, '\n'); }),
      codec::zip::ZipReason::entry_too_large);
}

}  // namespace
}  // namespace proofmark::lambda_package
