#include "support/support.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace proofmark::test {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "proofmark-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

namespace {

void feed_and_drain(int in, int out, int err, std::string_view input, Outcome& outcome) {
  std::array<pollfd, 3> fds{pollfd{input.empty() ? -1 : in, POLLOUT, 0}, pollfd{out, POLLIN, 0},
                            pollfd{err, POLLIN, 0}};
  if (input.empty()) {
    close(in);
  } else {
    // Input that the program doesn't read yet must not keep us from reading its output.
    fcntl(in, F_SETFL, O_NONBLOCK);
  }
  const std::array<std::string*, 3> texts{nullptr, &outcome.out, &outcome.err};
  while (fds[0].fd >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0) {
    if (poll(fds.data(), fds.size(), -1) < 0) continue;
    if (fds[0].fd >= 0 && fds[0].revents != 0) {
      const ssize_t put = ::write(in, input.data(), input.size());
      if (put > 0) input.remove_prefix(static_cast<std::size_t>(put));
      if ((put < 0 && errno != EAGAIN) || input.empty()) {
        close(in);
        fds[0].fd = -1;
      }
    }
    for (std::size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      std::array<char, 65536> buffer{};
      const ssize_t got = ::read(fds[i].fd, buffer.data(), buffer.size());
      if (got > 0) {
        texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
      } else {
        close(fds[i].fd);
        fds[i].fd = -1;
      }
    }
  }
}

}  // namespace

Outcome run(const std::vector<std::string>& command, const std::filesystem::path& folder, std::string_view input) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0)
    abort();
  std::vector<char*> arguments;
  std::vector<std::string> copy = command;
  for (auto& argument : copy) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  signal(SIGPIPE, SIG_IGN);
  const pid_t pid = fork();
  if (pid == 0) {
    signal(SIGPIPE, SIG_DFL);
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    if (chdir(folder.c_str()) == 0) execvp(arguments[0], arguments.data());
    const std::string message = "cannot run " + command[0] + "\n";
    (void)!::write(2, message.data(), message.size());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  Outcome outcome;
  feed_and_drain(in[1], out[0], err[0], input, outcome);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
  }
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (outcome.exit_code == 127) ADD_FAILURE() << "the peer is missing: " << command[0] << " (./dev setup installs it)";
  return outcome;
}

Bytes hex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return bytes;
}

Bytes read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  EXPECT_TRUE(file.good()) << path;
}

std::uint64_t FakeRandom::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

void FakeRandom::fill(std::span<std::uint8_t> out) {
  for (auto& byte : out) byte = static_cast<std::uint8_t>(next());
}

Instant at(std::string_view rfc3339) {
  auto instant = parse_rfc3339(rfc3339);
  EXPECT_TRUE(instant.has_value()) << rfc3339;
  return instant.value_or(Instant{});
}

}  // namespace proofmark::test

namespace proofmark {
void PrintTo(const Error& error, std::ostream* out) {
  *out << error.domain() << "." << error.reason() << ": " << error.describe();
}
}  // namespace proofmark
