#include "lambda_package/signature_member.h"

#include <fmt/format.h>

#include <array>

#include "codec/pem.h"
#include "lambda_package/content.h"

namespace proofmark::lambda_package {
namespace {

using codec::der::Oid;
using codec::der::Reader;

constexpr std::string_view kLabel = "PKCS7";

// 1.3.187.137.1.{2,3,4}: AWS Signer's own. aws-signing facts 1.4
constexpr std::array<std::uint8_t, 7> kJobBytes{0x2b, 0x81, 0x3b, 0x81, 0x09, 0x01, 0x02};
constexpr std::array<std::uint8_t, 7> kExpiryBytes{0x2b, 0x81, 0x3b, 0x81, 0x09, 0x01, 0x03};
constexpr std::array<std::uint8_t, 7> kProfileBytes{0x2b, 0x81, 0x3b, 0x81, 0x09, 0x01, 0x04};
constexpr Oid kJob{kJobBytes};
constexpr Oid kExpiry{kExpiryBytes};
constexpr Oid kProfile{kProfileBytes};

std::unexpected<Error> bad_claim(std::string_view what) {
  return fail(PackageReason::bad_claim, fmt::format("the signature's {} is missing or not what it must be", what));
}

Result<std::string_view> read_text(const envelope::cms::UnverifiedSignedData& signed_data, const Oid& type,
                                   std::string_view what) {
  const auto value = signed_data.attribute(type);
  if (!value) return bad_claim(what);
  const auto text = Reader(*value).read_utf8_string();
  if (!text) return bad_claim(what);
  return *text;
}

}  // namespace

Result<std::optional<envelope::cms::UnverifiedSignedData>> read_signature(const codec::zip::Archive& archive,
                                                                          x509::CertificateCache& certificates) {
  const auto* member = archive.find(kSignatureName);
  if (member == nullptr) return std::nullopt;
  PM_TRY(const Bytes text, archive.read_all(*member, kMaxSignature));
  auto block = codec::read_only_pem(as_text(text));
  if (!block || block->label != kLabel) {
    Error error(PackageReason::bad_signature_member,
                fmt::format("{} is not one PEM block labelled {}", kSignatureName, kLabel));
    if (!block) error = std::move(error).caused_by(std::move(block).error());
    return std::unexpected(std::move(error));
  }
  PM_TRY(auto signed_data, envelope::cms::UnverifiedSignedData::parse(block->data, certificates));
  return signed_data;
}

Result<Claims> read_claims(const envelope::cms::UnverifiedSignedData& signed_data) {
  PM_TRY(const auto job_text, read_text(signed_data, kJob, "signing job ARN"));
  PM_TRY(const auto profile_text, read_text(signed_data, kProfile, "signing profile version ARN"));
  auto job = aws::SigningJobArn::parse(job_text);
  if (!job) return bad_claim("signing job ARN");
  auto profile = aws::ProfileVersionArn::parse(profile_text);
  if (!profile) return bad_claim("signing profile version ARN");
  const auto expiry_value = signed_data.attribute(kExpiry);
  if (!expiry_value) return bad_claim("expiry");
  const auto expiry = Reader(*expiry_value).read_time(Reader::Fractions::allowed);
  if (!expiry) return bad_claim("expiry");
  Claims claims{*std::move(job), *std::move(profile), signed_data.signing_time(), *expiry};
  PM_TRY_VOID(check_claims(claims));
  return claims;
}

Result<void> check_claims(const Claims& claims) {
  const auto& job = claims.job.arn();
  const auto& profile = claims.profile_version.arn();
  if (job.partition() != profile.partition() || job.region() != profile.region()) {
    return fail(PackageReason::claims_disagree, "the signing job and the signing profile are of different Regions");
  }
  if (claims.expiry <= claims.signing_time) {
    return fail(PackageReason::claims_disagree, "the signature expires before it was made");
  }
  return {};
}

std::vector<envelope::cms::NewAttribute> claim_attributes(const Claims& claims) {
  return {{kJob, codec::der::encode_utf8(claims.job.text())},
          {kExpiry, codec::der::encode_millisecond_time(claims.expiry)},
          {kProfile, codec::der::encode_utf8(claims.profile_version.text())}};
}

std::string signature_text(ByteView cms) {
  return codec::write_pem(kLabel, cms);
}

}  // namespace proofmark::lambda_package
