// Every single bit of a signed package, flipped: it is refused, or what it holds is what was signed. Nothing else
// exists.
#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

void sweep(const Bytes& good, Boundaries boundaries) {
  const auto wanted = members_of(good);
  Verifier verifier(signing_authority().roots(), boundaries);
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const MemoryAccess in(bad);
    if (!is_verified(verifier.verify(in, at("2030-01-01")))) continue;
    ++accepted;
    auto found = members_of(bad);
    // The signature's own text may differ where it isn't covered (the root's copy); all that is signed may not.
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].first, wanted[i].first) << "bit " << bit;
      if (found[i].first != kSignatureName) ASSERT_EQ(found[i].second, wanted[i].second) << "bit " << bit;
    }
  }
  // Times, permissions, version made by: there are bits that nothing covers, and they are few.
  EXPECT_GT(accepted, 0U);
  EXPECT_LT(accepted, good.size());
}

TEST(LambdaPackageMutation, no_flipped_bit_changes_what_verifies) {
  sweep(sign_zip(
            make_zip({{"handler.py", "def handler(event, context):\n    return 1\n"}, {"data/table.txt", "1 2 3\n"}}))
            .value(),
        Boundaries::any);
}

TEST(LambdaPackageMutation, no_flipped_bit_changes_what_verifies_with_pinned_boundaries) {
  sweep(sign_zip(make_zip({{"a", "body"}}, Method::stored), Boundaries::pinned).value(), Boundaries::pinned);
}

// Deflate hides bytes from the CRC only when it inflates to the same; the envelope itself, stored, is swept without
// that shield: the attacker writes right checksums.
TEST(LambdaPackageMutation, no_flipped_bit_of_the_envelope_verifies_under_right_checksums) {
  const auto good = sign_zip(make_zip({{"a", "body"}})).value();
  const auto text = members_of(good).back().second;
  Verifier verifier(signing_authority().roots());
  for (std::size_t bit = 0; bit < text.size() * 8; bit += 3) {
    auto bad = text;
    bad[bit / 8] = static_cast<char>(static_cast<unsigned char>(bad[bit / 8]) ^ (1U << (bit % 8)));
    const auto zip = rebuilt(good, [&](Members& members) { members.back().second = bad; });
    const MemoryAccess in(zip);
    const auto reading = verifier.verify(in, at("2030-01-01"));
    if (!is_verified(reading)) continue;
    EXPECT_EQ(std::get<VerifiedPackage>(reading).chain(), signing_authority().chain) << "bit " << bit;
    EXPECT_EQ(std::get<VerifiedPackage>(reading).claims().profile_version.text(), kProfile) << "bit " << bit;
    EXPECT_EQ(std::get<VerifiedPackage>(reading).claims().expiry, kExpiry) << "bit " << bit;
  }
}

}  // namespace
}  // namespace proofmark::lambda_package
