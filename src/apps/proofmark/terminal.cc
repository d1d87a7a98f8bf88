#include "apps/proofmark/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "apps/proofmark/command.h"

namespace proofmark::cli {
namespace {

class StandardTerminal final : public Terminal {
 public:
  void out(std::string_view text) override { broken_ = !put(STDOUT_FILENO, text) || broken_; }

  void err(std::string_view text) override {
    progress({});
    put(STDERR_FILENO, text);
  }

  [[nodiscard]] bool broken() const override { return broken_; }
  [[nodiscard]] bool out_is_terminal() const override { return isatty(STDOUT_FILENO) == 1; }

  void progress(std::string_view text) override {
    if (!progresses_ || (text.empty() && !shown_)) return;
    put(STDERR_FILENO, fmt::format("\r\x1b[K{}", text));
    shown_ = !text.empty();
  }

  Result<SecretBytes> ask_secret(std::string_view prompt) override {
    termios before{};
    if (isatty(STDIN_FILENO) != 1 || tcgetattr(STDIN_FILENO, &before) != 0) {
      return fail(UsageReason::bad_usage, "there is no terminal to ask for a passphrase on; use --passphrase-file");
    }
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    put(STDERR_FILENO, prompt);
    std::array<std::uint8_t, 1024> line{};
    const ssize_t got = ::read(STDIN_FILENO, line.data(), line.size());
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    put(STDERR_FILENO, "\n");
    std::size_t size = got > 0 ? static_cast<std::size_t>(got) : 0;
    while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r')) --size;
    SecretBytes secret(as_text(ByteView(line).first(size)));
    wipe(line);
    return secret;
  }

 private:
  static bool put(int fd, std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::write(fd, text.data(), text.size());
      if (n < 0 && errno != EINTR) return false;
      if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  bool progresses_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
  bool broken_ = false;
};

}  // namespace

void occupy_closed_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() takes the lowest number that is free: this one. In the other direction, so that using it still fails.
    if (fcntl(fd, F_GETFD) == -1) (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

Terminal& standard_terminal() {
  static StandardTerminal terminal;
  return terminal;
}

std::function<void(std::uint64_t)> percent_progress(Terminal& terminal, std::string what, std::uint64_t total) {
  return [&terminal, what = std::move(what), total, last = std::uint64_t{101}](std::uint64_t done) mutable {
    const std::uint64_t percent = total == 0 ? 100 : done * 100 / total;
    if (percent == std::exchange(last, percent)) return;
    terminal.progress(fmt::format("{} {}%", what, percent));
  };
}

}  // namespace proofmark::cli
