#include "lambda_package/inspect.h"

#include <algorithm>

#include "lambda_package/boundaries.h"
#include "lambda_package/signature_member.h"

namespace proofmark::lambda_package {
namespace {

/// The certificates as a person wants to see them: the signer, its issuer, and so on by name; strangers last.
std::vector<x509::Certificate> in_chain_order(const envelope::cms::UnverifiedSignedData& signed_data) {
  std::vector<x509::Certificate> ordered{signed_data.signer_certificate()};
  std::vector<x509::Certificate> others;
  for (const auto& certificate : signed_data.certificates()) {
    if (!(certificate == ordered.front())) others.push_back(certificate);
  }
  while (true) {
    const auto& last = ordered.back();
    const auto issuer = std::ranges::find_if(others, [&](const auto& c) { return equal(c.subject(), last.issuer()); });
    if (issuer == others.end()) break;
    ordered.push_back(*issuer);
    others.erase(issuer);
  }
  ordered.insert(ordered.end(), others.begin(), others.end());
  return ordered;
}

}  // namespace

Result<Inspection> inspect(const RandomAccess& package) {
  PM_TRY(const auto archive, codec::zip::Archive::open(package, zip_limits()));
  x509::CertificateCache certificates;
  PM_TRY(const auto signed_data, read_signature(archive, certificates));
  Inspection inspection{
      .members = archive.entries().size(), .uncompressed = archive.total_uncompressed(), .signature = {}};
  if (!signed_data) return inspection;
  inspection.uncompressed -= archive.find(kSignatureName)->uncompressed_size;
  PM_TRY(auto claims, read_claims(*signed_data));
  inspection.signature = Inspection::Signature{.claims = std::move(claims),
                                               .message_digest = signed_data->message_digest(),
                                               .signer = signed_data->signer_certificate(),
                                               .certificates = in_chain_order(*signed_data),
                                               .has_boundary_list = archive.find(kBoundariesName) != nullptr};
  return inspection;
}

}  // namespace proofmark::lambda_package
