// Every single bit of an envelope, flipped.
#include "cms_builder.h"
#include "envelope/cms/signed_data.h"

namespace proofmark::envelope::cms {
namespace {

using proofmark::test::signing_authority;
using namespace test;

// Nothing of an envelope may change without being noticed, but for the wrappers' own bytes that do not change what is
// read.
TEST(CmsMutation, no_flipped_bit_verifies) {
  const CmsBuilder builder;
  const Bytes good = builder.build();
  x509::CertificateCache certificates;
  x509::ChainCache chains;
  const auto roots = signing_authority().roots();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto unverified = UnverifiedSignedData::parse(bad, certificates);
    if (!unverified) continue;
    const auto verified =
        VerifiedSignedData::verify(*unverified, builder.content, roots, x509::ChainProfile::lambda(), chains);
    // The root's copy in the envelope is a hint only: the trusted root is used in its place. What it says cannot change
    // a verdict.
    if (verified) {
      EXPECT_EQ(verified->chain(), signing_authority().chain) << "bit " << bit;
      EXPECT_FALSE(std::ranges::find(unverified->certificates(), signing_authority().chain[2]) !=
                   unverified->certificates().end())
          << "bit " << bit;
    }
  }
}

}  // namespace
}  // namespace proofmark::envelope::cms
