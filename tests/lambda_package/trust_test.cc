#include "lambda_package/trust.h"

#include "support/support.h"

namespace proofmark::lambda_package {
namespace {

// aws-signing facts 1.5: recorded from a StartSigningJob output.
TEST(LambdaPackageTrust, the_built_in_root_is_aws_signers_lambda_root) {
  const auto& roots = aws_signer_roots().certificates();
  ASSERT_EQ(roots.size(), 1U);
  const auto& root = roots.front();
  EXPECT_EQ(to_hex(root.fingerprint()), "410220a72bba4576767ba5941b694a9bddc40817f76957f6919fdac89a7849c7");
  EXPECT_EQ(x509::name_to_string(root.subject()), "CN=Signer us-west-2 ROOT CA,ST=WA,OU=Cryptography,O=AWS,C=US");
  EXPECT_EQ(x509::serial_to_string(root), "b00fe94a1469191b833dfc069ad11b9b");
  EXPECT_EQ(root.not_before(), proofmark::test::at("2020-07-16T18:21:47Z"));
  EXPECT_EQ(root.not_after(), proofmark::test::at("2120-07-16T19:21:47Z"));
  EXPECT_EQ(root.public_key().type(), crypto::KeyType::ec_p384);
  EXPECT_TRUE(root.basic_constraints_critical());
  EXPECT_TRUE(root.basic_constraints()->is_ca);
  EXPECT_FALSE(root.basic_constraints()->path_length.has_value());
  EXPECT_EQ(to_hex(root.subject_key_id().value()), "79ec699df4b0fd2237fb2f33463f41b108f6a15f");
  EXPECT_OK(root.verify_signed_by(root.public_key()));
}

}  // namespace
}  // namespace proofmark::lambda_package
