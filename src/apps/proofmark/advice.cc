#include "apps/proofmark/advice.h"

#include <variant>

#include "base/file.h"
#include "codec/zip/reasons.h"
#include "crypto/reasons.h"
#include "envelope/cms/signed_data.h"
#include "lambda_package/reasons.h"
#include "x509/reasons.h"

namespace proofmark::cli {

using codec::zip::ZipReason;
using crypto::CryptoReason;
using envelope::cms::CmsReason;
using lambda_package::PackageReason;
using lambda_package::Refusal;
using x509::X509Reason;

std::string_view advice_for(const Error& error) {
  if (error.is(CryptoReason::passphrase_required)) {
    return "The key is encrypted: give --passphrase-file FILE or set PROOFMARK_KEY_PASSPHRASE.";
  }
  if (error.is(CryptoReason::wrong_passphrase))
    return "Check the passphrase: it is the first line of the file, without its line end.";
  if (error.is(CryptoReason::malformed_key))
    return "A private key is a PEM file that starts with -----BEGIN PRIVATE KEY----- or the like.";
  if (error.is(CmsReason::unsupported_algorithm) || error.is(X509Reason::wrong_key)) {
    return "Lambda packages are signed with EC P-384 keys; make one with: proofmark ca issue DIR NAME, "
           "or with: openssl ecparam -name secp384r1 -genkey";
  }
  if (error.is(CmsReason::no_signer_certificate))
    return "Give the chain that belongs to the key: its certificate first, then each issuer up to the root.";
  if (error.is(X509Reason::issuer_not_found))
    return "Append the missing certificates to the chain file: intermediates, then the root.";
  if (error.is(X509Reason::expired))
    return "Issue a new certificate (proofmark ca issue DIR NAME), or renew the expired one.";
  if (error.is(X509Reason::wrong_purpose)) return "The signing certificate needs the extended key usage codeSigning.";
  if (error.is(X509Reason::no_certificate))
    return "A certificate file is PEM: -----BEGIN CERTIFICATE----- blocks, leaf first.";
  if (error.is(PackageReason::already_signed))
    return "Sign the zip as your build made it; a signed one is verified, not signed again.";
  if (error.is(PackageReason::empty)) return "Zip the function's files first, for example: zip -r function.zip .";
  if (error.is(PackageReason::too_large))
    return "Lambda unpacks 250 MiB at most; leave out what the function does not need at run time.";
  if (error.is(ZipReason::no_end_record) || error.is(ZipReason::truncated)) return "Is it a ZIP archive, and complete?";
  if (error.is(ZipReason::header_mismatch) || error.is(ZipReason::gap) || error.is(ZipReason::overlap) ||
      error.is(ZipReason::trailing_bytes)) {
    return "Different readers would see different files in it; pack it anew with an ordinary zip program.";
  }
  if (error.is(ZipReason::duplicate_name)) return "Keep one of the two, and pack the archive anew.";
  if (error.is(FileReason::already_exists))
    return "Nothing was overwritten. Choose another name, or move the old file away.";
  return {};
}

std::string_view advice_for(const lambda_package::Reading& reading, const lambda_package::Verdict& verdict) {
  if (const auto* error = std::get_if<Error>(&reading)) {
    if (error->is(X509Reason::untrusted_root) || error->is(X509Reason::issuer_not_found)) {
      return "Trusted are AWS Signer's roots, or those that --root names. If the signer is yours, give its root: "
             "--root root.crt";
    }
    if (error->is(PackageReason::boundaries_not_pinned)) return "Ask its publisher to sign it with --pin-boundaries.";
    return advice_for(*error);
  }
  for (const auto& result : verdict.checks) {
    if (!result.refusal) continue;
    switch (*result.refusal) {
      case Refusal::publisher_unlisted:
        return "To trust this publisher: --allowed-profile ARN (with the version: exactly that one; without: all of "
               "the profile's).";
      case Refusal::unsigned_package:
        return "Sign it with: proofmark lambda sign";
      case Refusal::expired:
        return "Sign the package again, or ask with --at what held at another time.";
      case Refusal::job_revoked:
      case Refusal::profile_revoked:
        return "Do not run it. Find out why it was revoked, rebuild, and sign with a valid profile.";
      case Refusal::not_intact:
        return {};
    }
  }
  return {};
}

}  // namespace proofmark::cli
