// Time: instants in UTC to the millisecond, and the clock as a port. Only base reads the system's clock.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace proofmark {

/// A point in time, UTC, to the millisecond (what AWS Signer records).
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The years that our formats can write: 1 to 9999.
inline constexpr Instant kLatestInstant =
    std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + std::chrono::hours{24} - std::chrono::milliseconds{1};

enum class TimeReason { not_rfc3339 };
constexpr std::string_view reason_domain(TimeReason) {
  return "time";
}
constexpr ReasonInfo reason_info(TimeReason) {
  return {Code::invalid_argument, "not_rfc3339"};
}
constexpr TimeReason last_reason(TimeReason) {
  return TimeReason::not_rfc3339;
}

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's clock.
const Clock& system_clock();

/// 2026-09-28T09:19:26Z, or 2026-09-28T09:19:26.806Z when there are milliseconds. RFC 3339, section 5.6.
std::string to_rfc3339(Instant instant);

/// Reads RFC 3339 in UTC or with an offset; fractions past the millisecond are cut. A date alone is midnight UTC.
/// Reason: not_rfc3339.
Result<Instant> parse_rfc3339(std::string_view text);

/// `start` plus calendar months; a day that the month does not have becomes its last day.
Instant add_months(Instant start, int months);

}  // namespace proofmark
