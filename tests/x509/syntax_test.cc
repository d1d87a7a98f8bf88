#include "x509/syntax.h"

#include <gtest/gtest.h>

#include "codec/der.h"
#include "support/support.h"

namespace proofmark::x509 {
namespace {

TEST(Syntax, a_value_passes) {
  EXPECT_EQ(reading("serialNumber", Result<int>(7)).value(), 7);
}

TEST(Syntax, an_error_of_the_reader_becomes_the_cause_of_ours) {
  const auto refused = reading("keyUsage", codec::der::Reader({}).read_integer(), X509Reason::bad_extension);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(X509Reason::bad_extension));
  ASSERT_NE(refused.error().cause(), nullptr);
  EXPECT_TRUE(refused.error().cause()->is(codec::der::DerReason::truncated));
}

}  // namespace
}  // namespace proofmark::x509
