// From the words of a command line to a command and its arguments.
#pragma once

#include <string>
#include <vector>

#include "apps/proofmark/command.h"

namespace proofmark::cli {

/// What to do: run a command, or show the help of a place in the tree ({} is the program, {"lambda"} a group).
struct Parsed {
  const Command* command = nullptr;  // null: show help
  Arguments arguments;
  std::vector<std::string> help_path;
};

/// `words` without the program's name. The error says what is wrong and how to get help. Reason: bad_usage.
Result<Parsed> parse_command_line(const Program& program, const std::vector<std::string>& words);

}  // namespace proofmark::cli
