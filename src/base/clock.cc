#include "base/clock.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace proofmark {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hh_mm_ss;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return floor<milliseconds>(std::chrono::system_clock::now()); }
};

/// Takes `count` decimal digits off the front of `text`.
bool take_number(std::string_view& text, std::size_t count, int& value) {
  if (text.size() < count) return false;
  value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text, int& millis) {
  millis = 0;
  if (!take(text, ".")) return true;
  std::size_t digits = 0;
  for (int scale = 100; !text.empty() && text[0] >= '0' && text[0] <= '9'; scale /= 10, ++digits) {
    millis += (text[0] - '0') * scale;
    text.remove_prefix(1);
  }
  return digits > 0;
}

bool take_offset(std::string_view& text, minutes& offset) {
  offset = minutes{0};
  if (take(text, "Zz")) return true;
  if (text.empty()) return false;
  const bool west = text[0] == '-';
  int h = 0;
  int m = 0;
  if (!take(text, "+-") || !take_number(text, 2, h) || !take(text, ":") || !take_number(text, 2, m)) return false;
  if (h > 23 || m > 59) return false;
  offset = minutes{(west ? -1 : 1) * (h * 60 + m)};
  return true;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string to_rfc3339(Instant instant) {
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss time{instant - day};
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                          time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:03}", time.subseconds().count());
  return text + "Z";
}

Result<Instant> parse_rfc3339(std::string_view text) {
  const auto refuse = [whole = text] {
    return fail(TimeReason::not_rfc3339,
                fmt::format("{} is not a time like 2026-09-28T09:19:26Z (RFC 3339)", quoted(whole, 60)));
  };
  int y = 0;
  int mo = 0;
  int d = 0;
  if (!take_number(text, 4, y) || !take(text, "-") || !take_number(text, 2, mo) || !take(text, "-") ||
      !take_number(text, 2, d)) {
    return refuse();
  }
  const year_month_day date{std::chrono::year{y}, std::chrono::month{static_cast<unsigned>(mo)},
                            std::chrono::day{static_cast<unsigned>(d)}};
  if (!date.ok() || y < 1) return refuse();
  Instant instant = std::chrono::sys_days{date};
  if (text.empty()) return instant;
  int h = 0;
  int mi = 0;
  int s = 0;
  int millis = 0;
  minutes offset{};
  if (!take(text, "Tt ") || !take_number(text, 2, h) || !take(text, ":") || !take_number(text, 2, mi) ||
      !take(text, ":") || !take_number(text, 2, s) || !take_fraction(text, millis) || !take_offset(text, offset) ||
      !text.empty() || h > 23 || mi > 59 || s > 59) {
    return refuse();
  }
  return instant + hours{h} + minutes{mi} + seconds{s} + milliseconds{millis} - offset;
}

Instant add_months(Instant start, int count) {
  const auto day = floor<days>(start);
  auto date = year_month_day{day} + std::chrono::months{count};
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return std::chrono::sys_days{date} + (start - day);
}

}  // namespace proofmark
