#include "base/clock.h"

#include "support/support.h"

namespace proofmark {
namespace {

using test::at;

TEST(Clock, reads_and_writes_rfc_3339) {
  EXPECT_EQ(to_rfc3339(at("2026-09-28T09:19:26.806Z")), "2026-09-28T09:19:26.806Z");
  EXPECT_EQ(to_rfc3339(at("2026-09-28T09:19:26Z")), "2026-09-28T09:19:26Z");
  EXPECT_EQ(to_rfc3339(at("2026-09-28")), "2026-09-28T00:00:00Z");
  EXPECT_EQ(to_rfc3339(at("2026-09-28t09:19:26z")), "2026-09-28T09:19:26Z");
  EXPECT_EQ(to_rfc3339(at("2026-09-28T00:30:00+02:00")), "2026-09-27T22:30:00Z");
  EXPECT_EQ(to_rfc3339(at("2026-09-28T23:30:00-01:30")), "2026-09-29T01:00:00Z");
  EXPECT_EQ(to_rfc3339(at("2026-09-28T09:19:26.8069999Z")), "2026-09-28T09:19:26.806Z");
  EXPECT_EQ(to_rfc3339(at("0001-01-01T00:00:00Z")), "0001-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(kLatestInstant), "9999-12-31T23:59:59.999Z");
}

TEST(Clock, refuses_what_is_not_rfc_3339) {
  for (const auto* text :
       {"", "2026", "2026-13-01", "2026-02-29", "2026-09-28T", "2026-09-28T09:19Z", "2026-09-28T24:00:00Z",
        "2026-09-28T09:60:00Z", "2026-09-28T09:19:61Z", "2026-09-28T09:19:26", "2026-09-28T09:19:26.Z",
        "2026-09-28T09:19:26Zx", "2026-09-28T09:19:26+2:00", "2026-09-28T09:19:26+24:00", "0000-01-01", "tomorrow",
        "-2026-01-01"}) {
    EXPECT_REFUSED(parse_rfc3339(text), TimeReason::not_rfc3339);
  }
}

// AWS counts a signature's validity in calendar months: 2023-07-18 + 135 months is 2034-10-18. aws-signing facts 2.4
TEST(Clock, adds_calendar_months) {
  EXPECT_EQ(add_months(at("2023-07-18T01:02:03.004Z"), 135), at("2034-10-18T01:02:03.004Z"));
  EXPECT_EQ(add_months(at("2026-01-31"), 1), at("2026-02-28"));
  EXPECT_EQ(add_months(at("2028-01-31"), 1), at("2028-02-29"));
  EXPECT_EQ(add_months(at("2026-03-31T23:59:59.999Z"), -1), at("2026-02-28T23:59:59.999Z"));
}

TEST(Clock, the_system_clock_is_the_machines) {
  const auto before = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  EXPECT_GE(system_clock().now(), before);
}

}  // namespace
}  // namespace proofmark
