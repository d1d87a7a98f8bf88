#include "lambda_package/verify.h"

#include <fmt/format.h>

#include "lambda_package/boundaries.h"
#include "lambda_package/signature_member.h"

namespace proofmark::lambda_package {

Reading Verifier::verify(const RandomAccess& package, Instant now, const Progress& progress) {
  auto reading = read(package, now, progress);
  if (!reading) return std::move(reading).error();
  return *std::move(reading);
}

Result<Reading> Verifier::read(const RandomAccess& package, Instant now, const Progress& progress) {
  PM_TRY(const auto archive, codec::zip::Archive::open(package, zip_limits()));
  // All bodies are read even when nobody signed: "unsigned" is said of a sound archive only.
  PM_TRY(const auto content, content_digest(archive, {}, progress));
  return verify_content(archive, content, now);
}

Result<Reading> Verifier::verify_content(const codec::zip::Archive& archive, const crypto::Digest& content,
                                         Instant now) {
  PM_TRY(const auto signed_data, read_signature(archive, certificates_));
  if (!signed_data) return UnsignedPackage{};

  PM_TRY(auto claims, read_claims(*signed_data));
  PM_TRY(auto verified, envelope::cms::VerifiedSignedData::verify(
                            *signed_data, crypto::hash(crypto::HashAlgorithm::sha384, content.bytes()), roots_,
                            x509::ChainProfile::lambda(), chains_));
  if (claims.signing_time > now) {
    return fail(PackageReason::signed_in_the_future,
                fmt::format("the package says that it was signed at {}, which is still to come",
                            to_rfc3339(claims.signing_time)));
  }
  const auto pinned = require_pinned_boundaries(archive);
  // A list that does not fit is proof of tampering in every mode; no list is refused in strict mode only.
  const bool tolerable =
      boundaries_ == Boundaries::any && !pinned && pinned.error().is(PackageReason::boundaries_not_pinned);
  if (!pinned && !tolerable) return std::unexpected(pinned.error());
  return VerifiedPackage(std::move(claims), verified.chain(), content, pinned.has_value());
}

}  // namespace proofmark::lambda_package
