// The help that a person reads, and the completion scripts that a shell reads: both made from the command table.
#pragma once

#include <string>
#include <vector>

#include "apps/proofmark/command.h"

namespace proofmark::cli {

/// Help for the program ({}), a group ({"lambda"}) or a command ({"lambda", "sign"}).
std::string help_text(const Program& program, const std::vector<std::string>& path);

/// A completion script; `shell` is bash, zsh or fish.
std::string completion_script(const Program& program, const std::string& shell);

}  // namespace proofmark::cli
