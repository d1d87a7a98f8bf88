#include "lambda_package/judge.h"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::lambda_package {

std::string_view name(Check check) {
  switch (check) {
    case Check::integrity:
      return "integrity";
    case Check::expiry:
      return "expiry";
    case Check::mismatch:
      return "mismatch";
    case Check::revocation:
      return "revocation";
  }
  return "integrity";
}

std::string_view name(Refusal refusal) {
  switch (refusal) {
    case Refusal::not_intact:
      return "not_intact";
    case Refusal::expired:
      return "expired";
    case Refusal::unsigned_package:
      return "unsigned";
    case Refusal::publisher_unlisted:
      return "publisher_unlisted";
    case Refusal::job_revoked:
      return "job_revoked";
    case Refusal::profile_revoked:
      return "profile_revoked";
  }
  return "not_intact";
}

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::not_checked:
      return "not_checked";
  }
  return "failed";
}

namespace {

CheckResult passed(Check check, std::string message) {
  return {check, Outcome::passed, std::nullopt, std::move(message)};
}
CheckResult failed(Check check, Refusal refusal, std::string message) {
  return {check, Outcome::failed, refusal, std::move(message)};
}
CheckResult not_checked(Check check, std::string message) {
  return {check, Outcome::not_checked, std::nullopt, std::move(message)};
}

CheckResult check_expiry(const Claims& claims, Instant now) {
  const auto until = to_rfc3339(claims.expiry);
  if (now < claims.expiry) return passed(Check::expiry, fmt::format("valid until {}", until));
  return failed(Check::expiry, Refusal::expired, fmt::format("the signature expired at {}", until));
}

CheckResult check_publisher(const Claims& claims, const AllowedPublishers& allowed) {
  const auto& publisher = claims.profile_version;
  if (std::holds_alternative<AnyPublisherUnsafe>(allowed)) {
    return passed(Check::mismatch, fmt::format("signed by {}; any publisher was allowed", publisher.text()));
  }
  const auto& list = std::get<std::vector<aws::SigningProfileArn>>(allowed);
  if (std::ranges::any_of(list, [&](const auto& one) { return publisher.is_covered_by(one); })) {
    return passed(Check::mismatch, fmt::format("signed by the allowed profile {}", publisher.text()));
  }
  return failed(Check::mismatch, Refusal::publisher_unlisted,
                list.empty() ? fmt::format("signed by {}, but no publisher is allowed", publisher.text())
                             : fmt::format("signed by {}, which is not an allowed publisher", publisher.text()));
}

CheckResult check_revocation(const Claims& claims, const Revocations& revocations) {
  if (revocations.jobs.contains(claims.job)) {
    return failed(Check::revocation, Refusal::job_revoked,
                  fmt::format("the signature of {} was revoked", claims.job.text()));
  }
  const auto profile = revocations.profile_versions.find(claims.profile_version);
  if (profile != revocations.profile_versions.end() && claims.signing_time > profile->second) {
    return failed(Check::revocation, Refusal::profile_revoked,
                  fmt::format("signed at {}, after {} was revoked from {} on", to_rfc3339(claims.signing_time),
                              claims.profile_version.text(), to_rfc3339(profile->second)));
  }
  return passed(Check::revocation, "neither the signing job nor the signing profile is known to be revoked");
}

struct Judge {
  const DeploymentPolicy& policy;
  const Revocations& revocations;
  Instant now;

  using Checks = std::array<CheckResult, kChecks.size()>;

  Checks operator()(const VerifiedPackage& package) const {
    const auto& claims = package.claims();
    return {passed(Check::integrity,
                   fmt::format("every name and body is as it was signed at {}{}", to_rfc3339(claims.signing_time),
                               package.boundaries_pinned() ? ", boundaries pinned" : "")),
            check_expiry(claims, now), check_publisher(claims, policy.allowed_publishers),
            check_revocation(claims, revocations)};
  }

  Checks operator()(const UnsignedPackage&) const {
    const std::string unsigned_message = "the package is not signed";
    return {not_checked(Check::integrity, unsigned_message), not_checked(Check::expiry, unsigned_message),
            failed(Check::mismatch, Refusal::unsigned_package, "the package is not signed: nobody vouches for it"),
            not_checked(Check::revocation, unsigned_message)};
  }

  Checks operator()(const Error& error) const {
    const std::string doubted = "the package is not intact, so nothing that it says counts";
    return {failed(Check::integrity, Refusal::not_intact, error.describe()), not_checked(Check::expiry, doubted),
            not_checked(Check::mismatch, doubted), not_checked(Check::revocation, doubted)};
  }
};

}  // namespace

Verdict judge(const Reading& reading, const DeploymentPolicy& policy, const Revocations& revocations, Instant now) {
  Verdict verdict{.checks = std::visit(Judge{policy, revocations, now}, reading)};
  verdict.trusted = std::ranges::all_of(verdict.checks, [](const auto& c) { return c.outcome == Outcome::passed; });
  const bool intact = !std::holds_alternative<Error>(reading);
  verdict.deployable = verdict.trusted || (intact && policy.on_untrusted == UntrustedArtifact::warn);
  return verdict;
}

std::string_view signature_status(const Verdict& verdict) {
  for (const auto& result : verdict.checks) {
    if (result.outcome != Outcome::failed) continue;
    switch (result.check) {
      case Check::integrity:
        return "INVALID";
      case Check::expiry:
        return "EXPIRED";
      case Check::mismatch:
        return "MISMATCH";
      case Check::revocation:
        return "REVOKED";
    }
  }
  return verdict.trusted ? "VALID" : "INVALID";
}

}  // namespace proofmark::lambda_package
