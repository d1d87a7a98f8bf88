// Signs a package: copies its members as they are and appends META_INF/ and the signature. aws-signing facts 1.1
// to 1.4.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"
#include "crypto/key.h"
#include "lambda_package/verify.h"
#include "x509/certificate.h"

namespace proofmark::lambda_package {

/// How long a signature holds: DAYS, MONTHS or YEARS of AWS Signer, at most 135 months. facts 2.4
struct ValidityPeriod {
  enum class Unit : std::uint8_t { days, months, years };
  int value = 135;
  Unit unit = Unit::months;
};
/// "135m", "90d", "2y". Reason: bad_validity.
Result<ValidityPeriod> parse_validity(std::string_view text);
/// `start` plus the period, by calendar months. Reason: bad_validity (longer than 135 months, or shorter than a day).
Result<Instant> expiry_after(Instant start, const ValidityPeriod& period);

/// The chain of `key`'s certificate to its root, out of `certificates` in any order, valid at `at`: what sign() embeds.
/// The root must be among them, as AWS Signer's are. Reasons: CmsReason::no_signer_certificate, X509Reason.
Result<x509::Chain> signing_chain(const std::vector<x509::Certificate>& certificates, const crypto::SigningKey& key,
                                  Instant at);

struct SigningRequest {
  Claims claims;
  /// pinned: adds the boundary list (boundaries.h), so that a strict verifier accepts the package.
  Boundaries boundaries = Boundaries::any;
};

/// Writes the signed package to `out`, reads it back, and only then returns; the caller commits `out`. Reading back
/// means: the archive is opened by the strict reader, the copied members are compared with the source byte for byte
/// (they were inflated and hashed a moment ago; that isn't done twice), and the envelope goes through the verifier.
/// `chain` is leaf first; its last certificate is the root that the package is read back against. Reasons: empty,
/// already_signed, too_large, claims_disagree, read_back_failed, and those of the reader, the writer and the envelope.
Result<VerifiedPackage> sign(const RandomAccess& package, FileWriter& out, const SigningRequest& request,
                             const crypto::SigningKey& key, const std::vector<x509::Certificate>& chain,
                             const Progress& progress = {});

/// The content that is signed, or, of an unsigned package, that would be: META_INF/ counts even when it is still to be
/// added. Reasons: those of reading the archive, PackageReason::too_large.
Result<crypto::Digest> package_digest(const RandomAccess& package, const Progress& progress = {});

}  // namespace proofmark::lambda_package
