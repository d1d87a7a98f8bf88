// CMS SignedData from hostile bytes: parsing never crashes, and nothing that is parsed verifies under no trusted root.
#include <cstdint>
#include <cstdlib>

#include "envelope/cms/signed_data.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace proofmark;
  static x509::CertificateCache certificates(64);
  static x509::ChainCache chains(16);
  const auto parsed = envelope::cms::UnverifiedSignedData::parse({data, size}, certificates);
  if (!parsed) return 0;
  if (parsed->certificates().empty() || parsed->attributes().size() < 3) std::abort();
  for (const auto& attribute : parsed->attributes()) (void)codec::der::to_string(attribute.type);
  const auto verified = envelope::cms::VerifiedSignedData::verify(
      *parsed, parsed->message_digest(), x509::TrustedRoots({}), x509::ChainProfile::lambda(), chains);
  if (verified) std::abort();
  return 0;
}
