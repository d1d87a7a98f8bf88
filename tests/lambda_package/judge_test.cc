#include "lambda_package/judge.h"

#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

const Instant kNow = at("2030-01-01");

const Reading& intact() {
  static const Reading reading = verify_zip(sign_zip(make_zip(kFunction)).value());
  return reading;
}
const Reading kUnsigned = UnsignedPackage{};
const Reading kBroken = Error(PackageReason::bad_claim, "broken");

DeploymentPolicy policy(UntrustedArtifact on_untrusted,
                        std::initializer_list<std::string_view> publishers = {kProfile}) {
  std::vector<aws::SigningProfileArn> allowed;
  for (const auto text : publishers) allowed.push_back(aws::SigningProfileArn::parse(text).value());
  return {on_untrusted, std::move(allowed)};
}

/// The outcome words of the four checks: "passed passed failed passed".
std::string outcomes(const Verdict& verdict) {
  std::string text;
  for (std::size_t i = 0; i < verdict.checks.size(); ++i) {
    EXPECT_EQ(verdict.checks[i].check, kChecks[i]);
    EXPECT_EQ(verdict.checks[i].refusal.has_value(), verdict.checks[i].outcome == Outcome::failed);
    EXPECT_FALSE(verdict.checks[i].message.empty());
    text += std::string(text.empty() ? "" : " ") + std::string(name(verdict.checks[i].outcome));
  }
  return text;
}

// aws-signing facts 4.3: integrity blocks always, the others under Enforce only.
void expect_verdict(const Reading& reading, std::initializer_list<std::string_view> publishers,
                    const Revocations& revocations, Instant now, std::string_view wanted, std::string_view status,
                    std::optional<Refusal> refusal, bool under_warn) {
  const auto enforced = judge(reading, policy(UntrustedArtifact::enforce, publishers), revocations, now);
  const auto warned = judge(reading, policy(UntrustedArtifact::warn, publishers), revocations, now);
  EXPECT_EQ(outcomes(enforced), wanted);
  EXPECT_EQ(outcomes(warned), wanted);
  EXPECT_EQ(signature_status(enforced), status);
  EXPECT_EQ(enforced.trusted, status == "VALID");
  EXPECT_EQ(enforced.deployable, status == "VALID");
  EXPECT_EQ(warned.deployable, under_warn);
  std::optional<Refusal> found;
  for (const auto& check : enforced.checks) {
    if (check.refusal && !found) found = check.refusal;
  }
  EXPECT_EQ(found, refusal);
}

TEST(LambdaPackageJudge, a_package_of_an_allowed_publisher_is_deployable) {
  expect_verdict(intact(), {kProfile}, {}, kNow, "passed passed passed passed", "VALID", std::nullopt, true);
}

TEST(LambdaPackageJudge, a_tampered_package_is_refused_even_under_warn) {
  expect_verdict(kBroken, {kProfile}, {}, kNow, "failed not_checked not_checked not_checked", "INVALID",
                 Refusal::not_intact, false);
}

TEST(LambdaPackageJudge, an_unsigned_package_is_a_mismatch) {
  expect_verdict(kUnsigned, {kProfile}, {}, kNow, "not_checked not_checked failed not_checked", "MISMATCH",
                 Refusal::unsigned_package, true);
}

TEST(LambdaPackageJudge, a_signature_expires_at_its_very_moment) {
  expect_verdict(intact(), {kProfile}, {}, kExpiry, "passed failed passed passed", "EXPIRED", Refusal::expired, true);
  expect_verdict(intact(), {kProfile}, {}, kExpiry - std::chrono::milliseconds{1}, "passed passed passed passed",
                 "VALID", std::nullopt, true);
}

TEST(LambdaPackageJudge, another_publisher_is_a_mismatch) {
  constexpr std::string_view other = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh13";
  expect_verdict(intact(), {other}, {}, kNow, "passed passed failed passed", "MISMATCH", Refusal::publisher_unlisted,
                 true);
  expect_verdict(intact(), {other, kProfile}, {}, kNow, "passed passed passed passed", "VALID", std::nullopt, true);
}

TEST(LambdaPackageJudge, nobody_is_allowed_unless_somebody_says_so) {
  expect_verdict(intact(), {}, {}, kNow, "passed passed failed passed", "MISMATCH", Refusal::publisher_unlisted, true);
  const auto anybody = judge(intact(), {UntrustedArtifact::enforce, AnyPublisherUnsafe{}}, {}, kNow);
  EXPECT_TRUE(anybody.trusted);
  EXPECT_FALSE(judge(kUnsigned, {UntrustedArtifact::enforce, AnyPublisherUnsafe{}}, {}, kNow).trusted);
  EXPECT_FALSE(judge(kBroken, {UntrustedArtifact::warn, AnyPublisherUnsafe{}}, {}, kNow).deployable);
}

TEST(LambdaPackageJudge, a_revoked_job_is_refused) {
  Revocations revocations;
  revocations.jobs.insert(aws::SigningJobArn::parse(kJob).value());
  expect_verdict(intact(), {kProfile}, revocations, kNow, "passed passed passed failed", "REVOKED",
                 Refusal::job_revoked, true);
}

// Signatures made after the effective time are untrusted; one made at that time is not. aws-signing facts 2.7
TEST(LambdaPackageJudge, a_revoked_profile_counts_from_its_effective_time_on) {
  Revocations revocations;
  const auto profile = aws::ProfileVersionArn::parse(kProfile).value();
  revocations.profile_versions.insert_or_assign(profile, kSigned - std::chrono::milliseconds{1});
  expect_verdict(intact(), {kProfile}, revocations, kNow, "passed passed passed failed", "REVOKED",
                 Refusal::profile_revoked, true);
  revocations.profile_versions.insert_or_assign(profile, kSigned);
  expect_verdict(intact(), {kProfile}, revocations, kNow, "passed passed passed passed", "VALID", std::nullopt, true);
}

TEST(LambdaPackageJudge, what_is_revoked_of_others_does_not_count) {
  Revocations revocations;
  revocations.jobs.insert(
      aws::SigningJobArn::parse(
          "arn:aws:signer:us-east-1:123456789012:/signing-jobs/00000000-0000-0000-0000-000000000000")
          .value());
  revocations.profile_versions.insert_or_assign(
      aws::ProfileVersionArn::parse("arn:aws:signer:us-east-1:123456789012:/signing-profiles/other/AbCdEfGh12").value(),
      at("2020-01-01"));
  expect_verdict(intact(), {kProfile}, revocations, kNow, "passed passed passed passed", "VALID", std::nullopt, true);
}

// Expired before mismatched before revoked: the order of the checks. facts 1.6
TEST(LambdaPackageJudge, all_failures_are_reported_and_the_first_is_the_status) {
  Revocations revocations;
  revocations.jobs.insert(aws::SigningJobArn::parse(kJob).value());
  expect_verdict(intact(), {}, revocations, kExpiry, "passed failed failed failed", "EXPIRED", Refusal::expired, true);
  expect_verdict(intact(), {}, revocations, kNow, "passed passed failed failed", "MISMATCH",
                 Refusal::publisher_unlisted, true);
}

TEST(LambdaPackageJudge, names_are_stable) {
  EXPECT_EQ(name(Check::integrity), "integrity");
  EXPECT_EQ(name(Check::expiry), "expiry");
  EXPECT_EQ(name(Check::mismatch), "mismatch");
  EXPECT_EQ(name(Check::revocation), "revocation");
  EXPECT_EQ(name(Refusal::not_intact), "not_intact");
  EXPECT_EQ(name(Refusal::expired), "expired");
  EXPECT_EQ(name(Refusal::unsigned_package), "unsigned");
  EXPECT_EQ(name(Refusal::publisher_unlisted), "publisher_unlisted");
  EXPECT_EQ(name(Refusal::job_revoked), "job_revoked");
  EXPECT_EQ(name(Refusal::profile_revoked), "profile_revoked");
}

}  // namespace
}  // namespace proofmark::lambda_package
