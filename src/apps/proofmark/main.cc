// proofmark: the command line. Wires the commands to the process: its words, its terminal, its clock.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "apps/proofmark/commands.h"
#include "apps/proofmark/help.h"
#include "apps/proofmark/parse.h"
#include "apps/proofmark/report.h"

namespace {

using namespace proofmark;

int fail_with(cli::Terminal& terminal, const Error& error) {
  terminal.err(cli::error_text(error));
  return static_cast<int>(cli::Exit::failure);
}

/// What could not be printed was not done.
int finish(cli::Terminal& terminal, cli::Exit exit) {
  if (!terminal.broken()) return static_cast<int>(exit);
  terminal.err("proofmark: standard output could not be written\n");
  return static_cast<int>(cli::Exit::failure);
}

int run(const std::vector<std::string>& words) {
  cli::occupy_closed_streams();
  auto& terminal = cli::standard_terminal();
  const auto parsed = cli::parse_command_line(cli::program(), words);
  if (!parsed) return fail_with(terminal, parsed.error());
  if (parsed->command == nullptr) {
    terminal.out(cli::help_text(cli::program(), parsed->help_path));
    return finish(terminal, cli::Exit::success);
  }
  cli::Context context{terminal, system_clock(), system_environment(), system_random()};
  const auto exit = parsed->command->run(parsed->arguments, context);
  terminal.progress({});
  if (!exit) return fail_with(terminal, exit.error());
  return finish(terminal, *exit);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    // Memory, most likely. Whatever it was, nothing was verified.
    (void)std::fprintf(stderr, "proofmark: %s\n", error.what());
    return static_cast<int>(cli::Exit::failure);
  }
}
