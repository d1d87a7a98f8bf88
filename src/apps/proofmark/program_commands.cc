#include <fmt/format.h>

#include "apps/proofmark/commands.h"
#include "apps/proofmark/help.h"
#include "apps/proofmark/report.h"

namespace proofmark::cli {
namespace {

constexpr std::string_view kVersion = PROOFMARK_VERSION;

Result<Exit> run_version(const Arguments& arguments, Context& context) {
  if (wants_json(arguments)) {
    print_json(context.terminal, codec::json::Object{{"name", "proofmark"}, {"version", kVersion}});
  } else {
    context.terminal.out(fmt::format("proofmark {}\n", kVersion));
  }
  return Exit::success;
}

Result<Exit> run_completion(const Arguments& arguments, Context& context) {
  context.terminal.out(completion_script(program(), arguments.one("SHELL")));
  return Exit::success;
}

}  // namespace

void add_program_commands(Program& program) {
  program.commands.push_back({.path = {"version"},
                              .summary = "Print the version",
                              .description = {},
                              .arguments = {},
                              .options = {output_option()},
                              .examples = {},
                              .run = run_version});
  program.commands.push_back({.path = {"completion"},
                              .summary = "Print a completion script for a shell",
                              .description = "Add the line below for your shell to its start-up file.",
                              .arguments = {{.name = "SHELL",
                                             .help = "bash, zsh or fish",
                                             .offer = Offer::choices,
                                             .choices = {"bash", "zsh", "fish"}}},
                              .options = {},
                              .examples = {"eval \"$(proofmark completion bash)\"     # ~/.bashrc",
                                           "eval \"$(proofmark completion zsh)\"      # ~/.zshrc",
                                           "proofmark completion fish | source      # ~/.config/fish/config.fish"},
                              .run = run_completion});
}

const Program& program() {
  static const Program whole = [] {
    Program made;
    add_lambda_commands(made);
    add_ca_commands(made);
    add_program_commands(made);
    return made;
  }();
  return whole;
}

}  // namespace proofmark::cli
