#include "lambda_package/sign.h"

#include "envelope/cms/signed_data.h"
#include "lambda_package/boundaries.h"
#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

// Original members in order, then META_INF/, then the signature. aws-signing facts 1.1
TEST(LambdaPackageSign, appends_the_folder_and_the_signature) {
  ASSERT_OK(const auto zip, sign_zip(make_zip(kFunction)));
  const auto members = members_of(zip);
  ASSERT_EQ(members.size(), kFunction.size() + 2);
  for (std::size_t i = 0; i < kFunction.size(); ++i) EXPECT_EQ(members[i], kFunction[i]);
  EXPECT_EQ(members[3], (std::pair<std::string, std::string>{"META_INF/", ""}));
  EXPECT_EQ(members[4].first, kSignatureName);
  EXPECT_TRUE(members[4].second.starts_with("-----BEGIN PKCS7-----\n"));
  EXPECT_TRUE(members[4].second.ends_with("-----END PKCS7-----\n"));

  const MemoryAccess in(zip);
  const auto archive = codec::zip::Archive::open(in, zip_limits()).value();
  EXPECT_EQ(archive.entries()[3].method, Method::stored);
  EXPECT_EQ(archive.entries()[4].method, Method::deflated);
}

TEST(LambdaPackageSign, copies_the_members_byte_for_byte) {
  const auto unsigned_zip = make_zip(kFunction);
  ASSERT_OK(const auto zip, sign_zip(unsigned_zip));
  const MemoryAccess in(unsigned_zip);
  const auto end = codec::zip::Archive::open(in, zip_limits()).value().central_directory_offset();
  EXPECT_TRUE(equal(ByteView(zip).first(end), ByteView(unsigned_zip).first(end)));
}

TEST(LambdaPackageSign, keeps_a_folder_that_is_there) {
  ASSERT_OK(const auto zip, sign_zip(make_zip({{"META_INF/", ""}, {"a", "b"}})));
  EXPECT_EQ(members_of(zip).size(), 3U);
  EXPECT_TRUE(is_verified(verify_zip(zip)));
}

TEST(LambdaPackageSign, what_it_returns_is_what_verifies) {
  proofmark::test::MemoryFile out;
  const auto in_bytes = make_zip(kFunction);
  const MemoryAccess in(in_bytes);
  ASSERT_OK(const auto package,
            sign(in, out, {claims(), Boundaries::any}, *signing_authority().leaf_key, signing_authority().chain));
  EXPECT_EQ(package.claims().profile_version.text(), kProfile);
  EXPECT_EQ(package.claims().job.text(), kJob);
  EXPECT_EQ(package.claims().expiry, kExpiry);
  EXPECT_EQ(package.chain().size(), 3U);
  const MemoryAccess signed_in(out.bytes());
  EXPECT_EQ(package_digest(in).value(), package.content());
  EXPECT_EQ(package_digest(signed_in).value(), package.content());
}

// Documented failures of the Lambda platform: empty, already signed, malformed. aws-signing facts 1.9
TEST(LambdaPackageSign, refuses_empty_signed_and_malformed_packages) {
  EXPECT_REFUSED(sign_zip(make_zip({})), PackageReason::empty);
  ASSERT_OK(const auto once, sign_zip(make_zip(kFunction)));
  EXPECT_REFUSED(sign_zip(once), PackageReason::already_signed);
  EXPECT_REFUSED(sign_zip(Bytes{}), codec::zip::ZipReason::no_end_record);
  EXPECT_REFUSED(sign_zip(make_zip({{std::string(kBoundariesName), "boundaries 1\n"}}), Boundaries::pinned),
                 PackageReason::already_signed);
}

TEST(LambdaPackageSign, refuses_claims_that_contradict_each_other) {
  auto what = claims();
  what.expiry = what.signing_time;
  EXPECT_REFUSED(sign_zip(make_zip(kFunction), Boundaries::any, what), PackageReason::claims_disagree);
  what = claims();
  what.job = aws::SigningJobArn::parse(
                 "arn:aws:signer:eu-west-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11")
                 .value();
  EXPECT_REFUSED(sign_zip(make_zip(kFunction), Boundaries::any, what), PackageReason::claims_disagree);
}

/// A disk that loses a byte of the body between writing and reading back.
class LyingFile final : public FileWriter {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override { return file_.write(bytes); }
  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override {
    changed_ = file_.bytes();
    std::string text(as_text(changed_));
    changed_[text.find("1 2 3")] = '9';
    return std::make_unique<MemoryAccess>(changed_);
  }
  [[nodiscard]] Result<void> commit() override { return file_.commit(); }

 private:
  proofmark::test::MemoryFile file_;
  Bytes changed_;
};

TEST(LambdaPackageSign, hands_out_nothing_that_does_not_read_back) {
  const auto zip = make_zip(kFunction, Method::stored);
  const MemoryAccess in(zip);
  LyingFile out;
  EXPECT_REFUSED(sign(in, out, {claims(), Boundaries::any}, *signing_authority().leaf_key, signing_authority().chain),
                 PackageReason::read_back_failed);
}

// A profile may be used by another account. aws-signing facts 1.4, 7.4
TEST(LambdaPackageSign, job_and_profile_may_be_of_different_accounts) {
  auto what = claims();
  what.job = aws::SigningJobArn::parse(
                 "arn:aws:signer:us-east-1:210987654321:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11")
                 .value();
  EXPECT_OK(sign_zip(make_zip(kFunction), Boundaries::any, what));
}

TEST(LambdaPackageSign, finds_the_chain_of_its_key) {
  const auto& authority = signing_authority();
  const auto& chain = authority.chain;
  ASSERT_OK(const auto found, signing_chain({chain[2], chain[0], chain[1]}, *authority.leaf_key, kSigned));
  EXPECT_EQ(found, chain);
  EXPECT_REFUSED(signing_chain({chain[0], chain[1]}, *authority.leaf_key, kSigned), x509::X509Reason::issuer_not_found);
  EXPECT_REFUSED(signing_chain({chain[1], chain[2]}, *authority.leaf_key, kSigned),
                 envelope::cms::CmsReason::no_signer_certificate);
  EXPECT_REFUSED(signing_chain(chain, *authority.leaf_key, at("2026-10-01")), x509::X509Reason::expired);
}

TEST(LambdaPackageSign, validity_periods) {
  const auto expiry = [](std::string_view text) -> Result<Instant> {
    PM_TRY(const auto period, parse_validity(text));
    return expiry_after(at("2026-09-28T09:19:26.806Z"), period);
  };
  // 135 months: the default and the maximum. aws-signing facts 1.4, 2.4
  EXPECT_EQ(expiry("135m").value(), at("2037-12-28T09:19:26.806Z"));
  EXPECT_EQ(expiry("1d").value(), at("2026-09-29T09:19:26.806Z"));
  EXPECT_EQ(expiry("11y").value(), at("2037-09-28T09:19:26.806Z"));
  EXPECT_EQ(expiry("4109d").value(), at("2037-12-28T09:19:26.806Z"));
  for (const auto* text :
       {"", "m", "135", "0m", "-1m", "136m", "12y", "4110d", "1.5y", "1w", " 1m", "1m ", "99999999999m", "1M"}) {
    EXPECT_REFUSED(expiry(text), PackageReason::bad_validity);
  }
}

}  // namespace
}  // namespace proofmark::lambda_package
