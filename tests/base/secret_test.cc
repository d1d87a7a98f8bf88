#include "base/secret.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace proofmark {
namespace {

static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);

TEST(Secret, moves_and_leaves_nothing_behind) {
  SecretBytes a(std::string_view("pass"));
  SecretBytes b(std::move(a));
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(as_text(b.reveal()), "pass");
  SecretBytes c(std::string_view("other"));
  c = std::move(b);
  EXPECT_EQ(as_text(c.reveal()), "pass");
  EXPECT_EQ(c.size(), 4U);
}

TEST(Secret, wipe_overwrites_every_byte) {
  Bytes bytes{1, 2, 3};
  wipe(bytes);
  EXPECT_EQ(bytes, (Bytes{0, 0, 0}));
}

}  // namespace
}  // namespace proofmark
