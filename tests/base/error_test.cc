#include "base/error.h"

#include "base/file.h"
#include "base/result.h"
#include "support/support.h"

namespace proofmark {
namespace {

Result<int> halve(int n) {
  if (n % 2 != 0) return fail(FileReason::changed, "odd");
  return n / 2;
}

Result<int> halve_twice(int n) {
  PM_TRY(const int once, halve(n));
  PM_TRY_VOID(halve(once));
  return once / 2;
}

TEST(Error, passes_through_the_macros) {
  EXPECT_EQ(halve_twice(8).value(), 2);
  EXPECT_REFUSED(halve_twice(7), FileReason::changed);
  EXPECT_REFUSED(halve_twice(6), FileReason::changed);
}

TEST(Error, says_its_module_reason_and_causes) {
  Error error = Error(FileReason::cannot_read, "reading failed").caused_by(Error(FileReason::changed, "it shrank"));
  error = std::move(error).within("a.zip");
  EXPECT_EQ(error.describe(), "a.zip: reading failed: it shrank");
  EXPECT_EQ(error.domain(), "file");
  EXPECT_EQ(error.reason(), "cannot_read");
  EXPECT_EQ(error.code(), Code::unavailable);
  EXPECT_TRUE(error.retryable());
  EXPECT_FALSE(error.cause()->retryable());
  EXPECT_TRUE(error.is(FileReason::cannot_read));
  EXPECT_FALSE(error.is(FileReason::changed));
  EXPECT_FALSE(error.is(TimeReason::not_rfc3339));
}

TEST(Error, codes_have_stable_names) {
  EXPECT_EQ(name(Code::invalid_argument), "invalid_argument");
  EXPECT_EQ(name(Code::malformed), "malformed");
  EXPECT_EQ(name(Code::unsupported), "unsupported");
  EXPECT_EQ(name(Code::not_found), "not_found");
  EXPECT_EQ(name(Code::conflict), "conflict");
  EXPECT_EQ(name(Code::denied), "denied");
  EXPECT_EQ(name(Code::untrusted), "untrusted");
  EXPECT_EQ(name(Code::expired), "expired");
  EXPECT_EQ(name(Code::unavailable), "unavailable");
  EXPECT_EQ(name(Code::exhausted), "exhausted");
  EXPECT_EQ(name(Code::cancelled), "cancelled");
  EXPECT_EQ(name(Code::internal), "internal");
}

}  // namespace
}  // namespace proofmark
