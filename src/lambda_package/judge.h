// Decides whether a package may be deployed: the four checks of Lambda code signing, under a policy.
// Pure: it reads no clock, no store, no network. aws-signing facts 1.6, 2.7 and 4.3.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aws/arn.h"
#include "base/clock.h"
#include "lambda_package/verify.h"

namespace proofmark::lambda_package {

/// The four checks, in the order in which they are reported.
enum class Check : std::uint8_t { integrity, expiry, mismatch, revocation };
inline constexpr std::array kChecks{Check::integrity, Check::expiry, Check::mismatch, Check::revocation};
std::string_view name(Check check);

/// What a code-signing configuration does when a check other than integrity fails.
enum class UntrustedArtifact : std::uint8_t { warn, enforce };

/// Why a check failed.
enum class Refusal : std::uint8_t {
  not_intact,          // integrity: altered, wrongly signed, or not by anybody trusted
  expired,             // expiry
  unsigned_package,    // mismatch
  publisher_unlisted,  // mismatch: signed by a profile that the policy does not list
  job_revoked,         // revocation
  profile_revoked,     // revocation: signed after the moment from which the profile version is revoked
};
std::string_view name(Refusal refusal);

enum class Outcome : std::uint8_t {
  passed,
  failed,
  not_checked,  // nothing to check it on: the package is unsigned, or not intact
};
std::string_view name(Outcome outcome);

struct CheckResult {
  Check check;
  Outcome outcome;
  std::optional<Refusal> refusal;  // of a failed check
  std::string message;             // one sentence for a person
};

/// Who may have signed. An empty list allows nobody; to allow everybody must be said.
struct AnyPublisherUnsafe {};
using AllowedPublishers = std::variant<std::vector<aws::SigningProfileArn>, AnyPublisherUnsafe>;

struct DeploymentPolicy {
  UntrustedArtifact on_untrusted = UntrustedArtifact::warn;
  AllowedPublishers allowed_publishers;
};

/// What was revoked, as the caller fetched it.
struct Revocations {
  std::set<aws::SigningJobArn> jobs;
  /// Signatures made after this moment are revoked; those made at it or before are not.
  std::map<aws::ProfileVersionArn, Instant> profile_versions;
};

struct Verdict {
  std::array<CheckResult, kChecks.size()> checks;
  /// All four passed.
  bool trusted = false;
  /// Integrity always counts; the others under enforce only.
  bool deployable = false;
};

/// Never fails: a doubt is a failed check. `now` decides expiry (at the very moment of expiry it is expired).
Verdict judge(const Reading& reading, const DeploymentPolicy& policy, const Revocations& revocations, Instant now);

/// AWS's word for the verdict (signatureStatus): VALID, or that of the first failed check; INVALID when not intact.
std::string_view signature_status(const Verdict& verdict);

}  // namespace proofmark::lambda_package
