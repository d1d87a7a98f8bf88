// The META_INF/aws_signer_signature_v1.0.SF member: a PEM block around CMS, and the three attributes of AWS Signer in
// it. aws-signing facts 1.3 and 1.4.
#pragma once

#include <optional>

#include "aws/arn.h"
#include "base/clock.h"
#include "base/result.h"
#include "codec/zip/reader.h"
#include "envelope/cms/signed_data.h"
#include "envelope/cms/signer.h"
#include "lambda_package/verify.h"

namespace proofmark::lambda_package {

/// The envelope in the signature member, or nothing when the archive has none.
/// Reasons: bad_signature_member, ZipReason, CmsReason, X509Reason.
Result<std::optional<envelope::cms::UnverifiedSignedData>> read_signature(const codec::zip::Archive& archive,
                                                                          x509::CertificateCache& certificates);

/// The claims as the envelope states them. Reasons: bad_claim, claims_disagree.
Result<Claims> read_claims(const envelope::cms::UnverifiedSignedData& signed_data);

/// What must hold between the claims, signed or to be signed: signing crosses accounts (a profile may be shared), but
/// neither Regions nor partitions, and a signature expires after it was made. facts 1.9, 7.4. Reason: claims_disagree.
Result<void> check_claims(const Claims& claims);

/// The three attributes to sign.
std::vector<envelope::cms::NewAttribute> claim_attributes(const Claims& claims);

/// The text of the member. Its label is PKCS7.
std::string signature_text(ByteView cms);

}  // namespace proofmark::lambda_package
