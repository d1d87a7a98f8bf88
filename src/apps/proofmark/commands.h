// The commands of this program, as tables. Each file of commands adds its own.
#pragma once

#include "apps/proofmark/command.h"

namespace proofmark::cli {

void add_lambda_commands(Program& program);
void add_ca_commands(Program& program);
/// version and completion.
void add_program_commands(Program& program);

/// The whole program.
const Program& program();

}  // namespace proofmark::cli
