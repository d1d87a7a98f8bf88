// The person at the other end: text out, progress while something takes long (on a terminal only), a passphrase in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace proofmark::cli {

class Terminal {
 public:
  Terminal() = default;
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  virtual ~Terminal() = default;
  /// Results. What can't be written makes `broken()` true.
  virtual void out(std::string_view text) = 0;
  /// Messages, warnings, progress.
  virtual void err(std::string_view text) = 0;
  /// Standard output could not be written (disk full): the command must not report success.
  [[nodiscard]] virtual bool broken() const = 0;
  [[nodiscard]] virtual bool out_is_terminal() const = 0;
  /// A line of progress that the next one overwrites; nothing when standard error is no terminal. An empty text clears
  /// it.
  virtual void progress(std::string_view text) = 0;
  /// Asks without echo. Reason: bad_usage when there is no terminal to ask on.
  virtual Result<SecretBytes> ask_secret(std::string_view prompt) = 0;
};

/// Standard input, output and error that the caller closed are taken by something that can't be used, so that no file
/// gets their number and what is printed lands in it. At start, before anything is opened.
void occupy_closed_streams();

/// Standard output and error of this process.
Terminal& standard_terminal();

/// "what NAME 45%", at most ten times a second's worth of change: whole percents only.
std::function<void(std::uint64_t)> percent_progress(Terminal& terminal, std::string what, std::uint64_t total);

}  // namespace proofmark::cli
