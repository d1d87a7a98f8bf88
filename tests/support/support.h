// What every test needs: folders that go away, programs to run, bytes from hex, and errors in readable form.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/result.h"

namespace proofmark::test {

/// A fresh folder that is removed with this object.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// What a program did. `exit_code` is 128 + n when signal n ended it.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs a program (searched in PATH) in `folder`, with `input` on its standard input and nothing of a terminal. A
/// program that isn't there fails the test: peers are not skipped in silence.
Outcome run(const std::vector<std::string>& command, const std::filesystem::path& folder = ".",
            std::string_view input = {});

/// Bytes from hexadecimal; white space is passed over.
Bytes hex(std::string_view text);

Bytes read(const std::filesystem::path& path);
void write(const std::filesystem::path& path, ByteView bytes);
inline void write(const std::filesystem::path& path, std::string_view text) {
  write(path, as_bytes(text));
}

/// A clock that stands still until it is set.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant now) : now_(now) {}
  [[nodiscard]] Instant now() const override { return now_; }
  void set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

/// Repeatable "random" bytes from a seed (splitmix64).
class FakeRandom final : public Random {
 public:
  explicit FakeRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;
  std::uint64_t next();

 private:
  std::uint64_t state_;
};

/// Instant of "2026-09-28T09:19:26Z".
Instant at(std::string_view rfc3339);

}  // namespace proofmark::test

namespace proofmark {
/// So that a failed expectation prints the error.
void PrintTo(const Error& error, std::ostream* out);
}  // namespace proofmark

/// The value of a Result that must have one: ASSERT_OK(auto x, f());
#define ASSERT_OK(declaration, expression) ASSERT_OK_(PM_CONCAT(pm_test_, __LINE__), declaration, expression)
#define ASSERT_OK_(result, declaration, expression)                            \
  auto result = (expression);                                                  \
  ASSERT_TRUE(result.has_value()) << ::testing::PrintToString(result.error()); \
  declaration = *std::move(result)
#define EXPECT_OK(expression)                                                          \
  do {                                                                                 \
    auto pm_result = (expression);                                                     \
    EXPECT_TRUE(pm_result.has_value()) << ::testing::PrintToString(pm_result.error()); \
  } while (false)
/// The Result must be a refusal for exactly this reason.
#define EXPECT_REFUSED(expression, wanted)                                                                             \
  do {                                                                                                                 \
    auto pm_result = (expression);                                                                                     \
    if (pm_result.has_value()) {                                                                                       \
      ADD_FAILURE() << #expression << " was accepted; wanted " << reason_info(wanted).name;                            \
    } else {                                                                                                           \
      EXPECT_TRUE(pm_result.error().is(wanted))                                                                        \
          << "wanted " << reason_info(wanted).name << ", refused for " << ::testing::PrintToString(pm_result.error()); \
    }                                                                                                                  \
  } while (false)
