#include "lambda_package/inspect.h"

#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

Result<Inspection> inspect_zip(const Bytes& zip) {
  const MemoryAccess in(zip);
  return inspect(in);
}

TEST(LambdaPackageInspect, shows_what_the_signature_says) {
  ASSERT_OK(const auto inspection, inspect_zip(sign_zip(make_zip(kFunction)).value()));
  EXPECT_EQ(inspection.members, 5U);
  EXPECT_EQ(inspection.uncompressed, kFunction[0].second.size() + kFunction[2].second.size());
  ASSERT_TRUE(inspection.signature.has_value());
  EXPECT_EQ(inspection.signature->claims.job.text(), kJob);
  EXPECT_EQ(inspection.signature->signer, signing_authority().chain.front());
  EXPECT_EQ(inspection.signature->certificates, signing_authority().chain);
  EXPECT_FALSE(inspection.signature->has_boundary_list);
}

TEST(LambdaPackageInspect, shows_unsigned_and_tampered_packages_too) {
  ASSERT_OK(const auto plain, inspect_zip(make_zip(kFunction)));
  EXPECT_FALSE(plain.signature.has_value());
  const auto tampered =
      rebuilt(sign_zip(make_zip(kFunction), Boundaries::pinned).value(), [](Members& m) { m[0].second = "evil"; });
  ASSERT_OK(const auto inspection, inspect_zip(tampered));
  EXPECT_TRUE(inspection.signature->has_boundary_list);
}

TEST(LambdaPackageInspect, refuses_what_cannot_be_read) {
  EXPECT_REFUSED(inspect_zip(Bytes(100)), codec::zip::ZipReason::no_end_record);
}

}  // namespace
}  // namespace proofmark::lambda_package
