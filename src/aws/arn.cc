#include "aws/arn.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace proofmark::aws {
namespace {

constexpr std::size_t kMaxArn = 2048;
constexpr std::string_view kProfiles = "/signing-profiles/";
constexpr std::string_view kJobs = "/signing-jobs/";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}
bool is_lower_or_dash(char c) {
  return is_lower(c) || is_digit(c) || c == '-';
}

std::unexpected<Error> refuse(std::string_view text, std::string_view wanted) {
  return fail(ArnReason::malformed, fmt::format("{} is not {}", quoted(text), wanted));
}

bool is_profile_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= 64 &&
         std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_'; });
}

bool is_profile_version(std::string_view version) {
  return version.size() == 10 && std::ranges::all_of(version, is_alphanumeric);
}

bool is_uuid(std::string_view id) {
  if (id.size() != 36) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? id[i] != '-' : !(is_digit(id[i]) || (id[i] >= 'a' && id[i] <= 'f'))) return false;
  }
  return true;
}

/// An ARN of AWS Signer, in a Region and an account.
Result<Arn> parse_signer_arn(std::string_view text, std::string_view wanted) {
  PM_TRY(auto arn, Arn::parse(text));
  if (arn.service() != "signer" || arn.region().empty() || arn.account().empty()) return refuse(text, wanted);
  return arn;
}

}  // namespace

Result<Arn> Arn::parse(std::string_view text) {
  constexpr std::string_view wanted = "an ARN (arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE)";
  if (text.size() > kMaxArn || !text.starts_with("arn:") || std::ranges::count(text, ':') < 5 ||
      !std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return refuse(text, wanted);
  }
  Arn arn(text);
  const auto account = arn.account();
  const bool good =
      !arn.partition().empty() && std::ranges::all_of(arn.partition(), is_lower_or_dash) && !arn.service().empty() &&
      std::ranges::all_of(arn.service(), is_lower_or_dash) && std::ranges::all_of(arn.region(), is_lower_or_dash) &&
      (account.empty() || (account.size() == 12 && std::ranges::all_of(account, is_digit))) && !arn.resource().empty();
  if (!good) return refuse(text, wanted);
  return arn;
}

std::string_view Arn::part(int n) const {
  constexpr int kResource = 4;  // it may hold colons itself
  std::string_view rest = std::string_view(text_).substr(4);
  for (int i = 0; i < n; ++i) rest.remove_prefix(rest.find(':') + 1);
  return n == kResource ? rest : rest.substr(0, rest.find(':'));
}

Result<SigningProfileArn> SigningProfileArn::parse(std::string_view text) {
  constexpr std::string_view wanted =
      "a signing profile's ARN (arn:aws:signer:REGION:ACCOUNT:/signing-profiles/NAME[/VERSION], the version 10 letters "
      "or digits)";
  PM_TRY(auto arn, parse_signer_arn(text, wanted));
  if (!arn.resource().starts_with(kProfiles)) return refuse(text, wanted);
  SigningProfileArn profile(std::move(arn));
  const bool versioned = profile.arn().resource().find('/', kProfiles.size()) != std::string_view::npos;
  if (!is_profile_name(profile.name()) || (versioned && !is_profile_version(profile.version()))) {
    return refuse(text, wanted);
  }
  return profile;
}

std::string_view SigningProfileArn::name() const {
  const auto rest = arn_.resource().substr(kProfiles.size());
  return rest.substr(0, rest.find('/'));
}

std::string_view SigningProfileArn::version() const {
  const auto rest = arn_.resource().substr(kProfiles.size());
  const auto slash = rest.find('/');
  return slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
}

Result<ProfileVersionArn> ProfileVersionArn::parse(std::string_view text) {
  PM_TRY(auto profile, SigningProfileArn::parse(text));
  if (profile.version().empty()) {
    return refuse(text, "a signing profile version's ARN: the version is missing (…/signing-profiles/NAME/VERSION)");
  }
  return ProfileVersionArn(std::move(profile));
}

bool ProfileVersionArn::is_covered_by(const SigningProfileArn& allowed) const {
  if (!allowed.version().empty()) return allowed == profile_;
  return text().size() > allowed.text().size() && text().starts_with(allowed.text()) &&
         text()[allowed.text().size()] == '/';
}

Result<SigningJobArn> SigningJobArn::parse(std::string_view text) {
  constexpr std::string_view wanted =
      "a signing job's ARN (arn:aws:signer:REGION:ACCOUNT:/signing-jobs/JOB, the job a lower-case UUID)";
  PM_TRY(auto arn, parse_signer_arn(text, wanted));
  if (!arn.resource().starts_with(kJobs) || !is_uuid(arn.resource().substr(kJobs.size()))) return refuse(text, wanted);
  return SigningJobArn(std::move(arn));
}

}  // namespace proofmark::aws
