// The limits, at their edges: 250 MiB and 100 000 members.
#include "lambda_package/content.h"
#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

TEST(LambdaPackageLimits, refuses_more_than_lambda_unpacks) {
  const std::string half(kMaxUncompressed / 2, '\0');
  EXPECT_OK(sign_zip(make_zip({{"a", half}, {"b", half}})));
  EXPECT_REFUSED(sign_zip(make_zip({{"a", half}, {"b", half}, {"c", "x"}})), PackageReason::too_large);
}

TEST(LambdaPackageLimits, refuses_more_members_than_a_signed_package_may_have) {
  Members members;
  for (int i = 0; i < 99'999; ++i) members.emplace_back("f" + std::to_string(i), "");
  EXPECT_REFUSED(sign_zip(make_zip(members, Method::stored)), PackageReason::too_large);
  members.pop_back();
  EXPECT_OK(sign_zip(make_zip(members, Method::stored)));
}

TEST(LambdaPackageLimits, a_package_over_the_limit_is_not_intact) {
  const std::string half(kMaxUncompressed / 2, '\0');
  EXPECT_NOT_INTACT(verify_zip(make_zip({{"a", half}, {"b", half}, {"c", "x"}})), PackageReason::too_large);
}

}  // namespace
}  // namespace proofmark::lambda_package
