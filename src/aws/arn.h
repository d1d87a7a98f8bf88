// Amazon Resource Names: parsed once at the edge, typed from there on. aws-signing facts 2.4 and 2.5.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace proofmark::aws {

enum class ArnReason { malformed };
constexpr std::string_view reason_domain(ArnReason) {
  return "arn";
}
constexpr ReasonInfo reason_info(ArnReason) {
  return {Code::invalid_argument, "malformed"};
}
constexpr ArnReason last_reason(ArnReason) {
  return ArnReason::malformed;
}

/// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, at most 2048 bytes of printable ASCII. Every part but the region and
/// the account must be there; an account is 12 digits.
class Arn {
 public:
  static Result<Arn> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string_view partition() const { return part(0); }
  [[nodiscard]] std::string_view service() const { return part(1); }
  [[nodiscard]] std::string_view region() const { return part(2); }
  [[nodiscard]] std::string_view account() const { return part(3); }
  [[nodiscard]] std::string_view resource() const { return part(4); }

  friend bool operator==(const Arn& a, const Arn& b) { return a.text_ == b.text_; }
  friend auto operator<=>(const Arn& a, const Arn& b) { return a.text_ <=> b.text_; }

 private:
  explicit Arn(std::string_view text) : text_(text) {}
  /// The n-th part behind "arn:"; the last one is all that remains.
  [[nodiscard]] std::string_view part(int n) const;
  std::string text_;
};

/// arn:P:signer:REGION:ACCOUNT:/signing-profiles/NAME[/VERSION]: NAME is 2 to 64 of [A-Za-z0-9_], VERSION 10 of
/// [A-Za-z0-9].
class SigningProfileArn {
 public:
  static Result<SigningProfileArn> parse(std::string_view text);
  [[nodiscard]] const Arn& arn() const { return arn_; }
  [[nodiscard]] const std::string& text() const { return arn_.text(); }
  [[nodiscard]] std::string_view name() const;
  /// Empty when the ARN names the profile and no version.
  [[nodiscard]] std::string_view version() const;
  friend auto operator<=>(const SigningProfileArn&, const SigningProfileArn&) = default;

 private:
  explicit SigningProfileArn(Arn arn) : arn_(std::move(arn)) {}
  Arn arn_;
};

/// A SigningProfileArn with a version: what a signature names as its publisher.
class ProfileVersionArn {
 public:
  static Result<ProfileVersionArn> parse(std::string_view text);
  [[nodiscard]] const Arn& arn() const { return profile_.arn(); }
  [[nodiscard]] const std::string& text() const { return profile_.text(); }
  /// Whether `allowed` is this version, or names this profile without a version.
  [[nodiscard]] bool is_covered_by(const SigningProfileArn& allowed) const;
  friend auto operator<=>(const ProfileVersionArn&, const ProfileVersionArn&) = default;

 private:
  explicit ProfileVersionArn(SigningProfileArn profile) : profile_(std::move(profile)) {}
  SigningProfileArn profile_;
};

/// arn:P:signer:REGION:ACCOUNT:/signing-jobs/JOB, where JOB is a lower-case hyphenated UUID.
class SigningJobArn {
 public:
  static Result<SigningJobArn> parse(std::string_view text);
  [[nodiscard]] const Arn& arn() const { return arn_; }
  [[nodiscard]] const std::string& text() const { return arn_.text(); }
  friend auto operator<=>(const SigningJobArn&, const SigningJobArn&) = default;

 private:
  explicit SigningJobArn(Arn arn) : arn_(std::move(arn)) {}
  Arn arn_;
};

}  // namespace proofmark::aws
