#include "aws/arn.h"

#include "support/support.h"

namespace proofmark::aws {
namespace {

constexpr std::string_view kProfile = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app";
constexpr std::string_view kVersion = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh12";
constexpr std::string_view kJob =
    "arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11";

TEST(Arn, falls_into_its_parts) {
  ASSERT_OK(const auto arn, Arn::parse("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:name:1"));
  EXPECT_EQ(arn.partition(), "aws-us-gov");
  EXPECT_EQ(arn.service(), "lambda");
  EXPECT_EQ(arn.region(), "us-gov-west-1");
  EXPECT_EQ(arn.account(), "123456789012");
  EXPECT_EQ(arn.resource(), "function:name:1");
  ASSERT_OK(const auto bucket, Arn::parse("arn:aws:s3:::bucket"));
  EXPECT_EQ(bucket.region(), "");
  EXPECT_EQ(bucket.account(), "");
  EXPECT_EQ(bucket.resource(), "bucket");
}

TEST(Arn, refuses_what_is_not_one) {
  for (const auto& text : std::initializer_list<std::string>{
           "", "arn", "arn:aws:s3::bucket", "arn:aws:s3:::", "ARN:aws:s3:::b", "arn::s3:::b", "arn:aws::::b",
           "arn:aws:s3::123:b", "arn:aws:s3::12345678901a:b", "arn:aws:s3:us east:123456789012:b", "arn:aws:s3:::b\n",
           "arn:aws:s3:::b\xc3\xa9", "arn:aws:s3:::" + std::string(2048, 'b')}) {
    EXPECT_REFUSED(Arn::parse(text), ArnReason::malformed);
  }
}

TEST(Arn, signing_profiles_have_a_name_and_perhaps_a_version) {
  ASSERT_OK(const auto profile, SigningProfileArn::parse(kProfile));
  EXPECT_EQ(profile.name(), "my_app");
  EXPECT_EQ(profile.version(), "");
  ASSERT_OK(const auto versioned, SigningProfileArn::parse(kVersion));
  EXPECT_EQ(versioned.name(), "my_app");
  EXPECT_EQ(versioned.version(), "AbCdEfGh12");
  EXPECT_REFUSED(ProfileVersionArn::parse(kProfile), ArnReason::malformed);
  for (const auto* text :
       {"arn:aws:signer:us-east-1:123456789012:/signing-profiles/a",
        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my-app",
        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/",
        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/short",
        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh1_",
        "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh12/x",
        "arn:aws:signer:us-east-1:123456789012:signing-profiles/my_app",
        "arn:aws:signer::123456789012:/signing-profiles/my_app", "arn:aws:signer:us-east-1::/signing-profiles/my_app",
        "arn:aws:lambda:us-east-1:123456789012:/signing-profiles/my_app"}) {
    EXPECT_REFUSED(SigningProfileArn::parse(text), ArnReason::malformed);
  }
}

TEST(Arn, a_version_is_covered_by_itself_and_by_its_profile) {
  ASSERT_OK(const auto version, ProfileVersionArn::parse(kVersion));
  const auto covered = [&](std::string_view allowed) {
    return version.is_covered_by(SigningProfileArn::parse(allowed).value());
  };
  EXPECT_TRUE(covered(kVersion));
  EXPECT_TRUE(covered(kProfile));
  EXPECT_FALSE(covered("arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh13"));
  EXPECT_FALSE(covered("arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_ap"));
  EXPECT_FALSE(covered("arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app2"));
  EXPECT_FALSE(covered("arn:aws:signer:us-east-1:210987654321:/signing-profiles/my_app"));
  EXPECT_FALSE(covered("arn:aws:signer:us-west-2:123456789012:/signing-profiles/my_app"));
  EXPECT_FALSE(covered("arn:aws-cn:signer:us-east-1:123456789012:/signing-profiles/my_app"));
}

TEST(Arn, signing_jobs_are_lower_case_uuids) {
  EXPECT_OK(SigningJobArn::parse(kJob));
  for (const auto* text :
       {"arn:aws:signer:us-east-1:123456789012:/signing-jobs/0F5E1A4C-6C1B-4A5E-9C57-1F4F3F1D9A11",
        "arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c6c1b4a5e9c571f4f3f1d9a11",
        "arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a1",
        "arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11/x"}) {
    EXPECT_REFUSED(SigningJobArn::parse(text), ArnReason::malformed);
  }
}

}  // namespace
}  // namespace proofmark::aws
