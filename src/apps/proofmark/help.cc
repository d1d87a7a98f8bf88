#include "apps/proofmark/help.h"

#include <fmt/format.h>

#include <algorithm>

namespace proofmark::cli {
namespace {

constexpr std::size_t kWidth = 100;

/// `text` in lines of at most kWidth columns, each starting with `indent` blanks; the first line is `first` instead,
/// padded.
std::string paragraph(std::string_view text, std::size_t indent, std::string first = {}) {
  if (first.size() + 2 > indent && !first.empty()) {
    first += "\n" + std::string(indent, ' ');
  } else {
    first.resize(indent, ' ');
  }
  std::string out = first;
  std::size_t column = indent;
  bool line_start = true;
  while (!text.empty()) {
    const auto end = text.find(' ');
    const auto word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line_start && column + 1 + word.size() > kWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
      line_start = true;
    }
    if (!line_start) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    line_start = false;
  }
  return out + "\n";
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string usage(const Command& command) {
  std::string line = "proofmark " + joined(command.path);
  for (const auto& option : command.options) {
    std::string part = option.value.empty() ? option.name : option.name + " " + option.value;
    if (!option.required) part = fmt::format("[{}]", part);
    if (option.repeatable) part += "...";
    line += " " + part;
  }
  for (const auto& argument : command.arguments) {
    std::string part = argument.name;
    if (argument.optional) part = fmt::format("[{}]", part);
    if (argument.repeatable) part += "...";
    line += " " + part;
  }
  return line;
}

std::string command_help(const Command& command) {
  // A hanging indent: what follows a break in the usage line stands further in.
  std::string text = command.summary + ".\n\nUsage:\n" + paragraph(usage(command), 6).substr(4);
  std::string_view description = command.description;
  while (!description.empty()) {
    const auto end = description.find('\n');
    text += "\n" + paragraph(description.substr(0, end), 0);
    description.remove_prefix(end == std::string_view::npos ? description.size() : end + 1);
  }
  if (!command.arguments.empty()) text += "\nArguments:\n";
  for (const auto& argument : command.arguments) text += paragraph(argument.help, 28, "  " + argument.name);
  text += "\nOptions:\n";
  for (const auto& option : command.options) {
    std::string help = option.help;
    if (!option.choices.empty()) help += fmt::format(" ({})", fmt::join(option.choices, ", "));
    if (!option.initial.empty()) help += fmt::format("; default {}", option.initial);
    if (option.repeatable) help += "; may be given more than once";
    if (option.required) help += " (required)";
    text += paragraph(help, 28, fmt::format("  {} {}", option.name, option.value));
  }
  text += paragraph("this text", 28, "  --help");
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const auto& example : command.examples) text += "  " + example + "\n";
  return text;
}

std::string list_line(const std::string& name, const std::string& summary) {
  return paragraph(summary, 22, "  " + name);
}

std::string group_help(const Program& program, const Group& group) {
  std::string text = group.summary + ".\n\nCommands:\n";
  for (const auto& command : program.commands) {
    if (command.path.size() == 2 && command.path[0] == group.name) text += list_line(command.path[1], command.summary);
  }
  return text + fmt::format("\n'proofmark {} COMMAND --help' explains a command.\n", group.name);
}

std::string program_help(const Program& program) {
  std::string text =
      "Proofmark signs what a team ships and lets nothing run that is not properly signed.\n\nUsage:\n  proofmark "
      "COMMAND ...\n";
  for (const auto& group : program.groups) {
    text += fmt::format("\n{}:\n", group.summary);
    for (const auto& command : program.commands) {
      if (command.path.size() == 2 && command.path[0] == group.name)
        text += list_line(joined(command.path), command.summary);
    }
  }
  text += "\nOther commands:\n";
  for (const auto& command : program.commands) {
    if (command.path.size() == 1) text += list_line(command.path[0], command.summary);
  }
  text += list_line("help", "explain a command: proofmark help lambda sign");
  return text +
         "\nStart here:\n"
         "  proofmark ca init my-ca                 a certificate authority of your own\n"
         "  proofmark ca issue my-ca signer         a signing key and its certificate\n"
         "  proofmark lambda sign --help            sign a function's zip with it\n"
         "\nExit status: 0 when everything asked for is done and true, 1 when not.\n";
}

// --- completion ---

/// The words that can follow a place in the tree.
std::vector<std::string> next_words(const Program& program, const std::vector<std::string>& path) {
  std::vector<std::string> words;
  for (const auto& command : program.commands) {
    if (command.path.size() <= path.size() || !std::equal(path.begin(), path.end(), command.path.begin())) continue;
    if (std::ranges::find(words, command.path[path.size()]) == words.end()) words.push_back(command.path[path.size()]);
  }
  if (path.empty()) words.emplace_back("help");
  return words;
}

std::string option_words(const Command& command) {
  std::string words = "--help";
  for (const auto& option : command.options) words += " " + option.name;
  return words;
}

std::string bash_offer(Offer offer, const std::vector<std::string>& choices) {
  switch (offer) {
    case Offer::choices:
      return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))", fmt::join(choices, " "));
    case Offer::folder:
      return "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$word\"))";
    case Offer::file:
      return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\"))";
    case Offer::nothing:
      return "COMPREPLY=()";
  }
  return {};
}

std::string bash_command(const Command& command) {
  std::string text = fmt::format("    \"{}\")\n      case \"$previous\" in\n", joined(command.path));
  for (const auto& option : command.options) {
    if (!option.value.empty())
      text += fmt::format("        {}) {}; return;;\n", option.name, bash_offer(option.offer, option.choices));
  }
  text += fmt::format(
      "      esac\n      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return; fi\n",
      option_words(command));
  if (!command.arguments.empty()) {
    const auto& argument = command.arguments.front();
    text += fmt::format("      {}\n", bash_offer(argument.offer, argument.choices));
  }
  return text + "      ;;\n";
}

/// bash and zsh (through bashcompinit) share one script.
std::string bash_completion(const Program& program) {
  std::string text =
      "# Completion for proofmark. bash: eval \"$(proofmark completion bash)\"\n"
      "_proofmark() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} place=\"\" i\n"
      "  for ((i = 1; i < COMP_CWORD && i < 3; i++)); do\n"
      "    case \"$place ${COMP_WORDS[i]}\" in\n";
  for (const auto& group : program.groups) text += fmt::format("      \" {0}\") place=\"{0}\";;\n", group.name);
  for (const auto& command : program.commands) {
    text += command.path.size() == 1 ? fmt::format("      \" {0}\") place=\"{0}\";;\n", command.path[0])
                                     : fmt::format("      \"{0}\") place=\"{0}\";;\n", joined(command.path));
  }
  text += "    esac\n  done\n  COMPREPLY=()\n  case \"$place\" in\n";
  text += fmt::format("    \"\") COMPREPLY=($(compgen -W \"{}\" -- \"$word\"));;\n", joined(next_words(program, {})));
  for (const auto& group : program.groups) {
    text += fmt::format("    \"{}\") COMPREPLY=($(compgen -W \"{}\" -- \"$word\"));;\n", group.name,
                        joined(next_words(program, {group.name})));
  }
  for (const auto& command : program.commands) text += bash_command(command);
  return text + "  esac\n}\ncomplete -F _proofmark proofmark\n";
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string fish_completion(const Program& program) {
  std::string text = "# Completion for proofmark. fish: proofmark completion fish | source\ncomplete -c proofmark -f\n";
  for (const auto& group : program.groups) {
    text += fmt::format("complete -c proofmark -n __fish_use_subcommand -a {} -d {}\n", group.name,
                        fish_quoted(group.summary));
  }
  for (const auto& command : program.commands) {
    const bool in_group = command.path.size() == 2;
    const std::string before =
        in_group ? fmt::format("__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}",
                               command.path[0], joined(next_words(program, {command.path[0]})))
                 : std::string("__fish_use_subcommand");
    text += fmt::format("complete -c proofmark -n {} -a {} -d {}\n", fish_quoted(before), command.path.back(),
                        fish_quoted(command.summary));
    std::string inside = fmt::format("__fish_seen_subcommand_from {}", command.path[0]);
    if (in_group) inside += fmt::format("; and __fish_seen_subcommand_from {}", command.path[1]);
    for (const auto& option : command.options) {
      text += fmt::format(
          "complete -c proofmark -n {} -l {}{}{} -d {}\n", fish_quoted(inside), option.name.substr(2),
          option.value.empty() ? "" : (option.offer == Offer::file || option.offer == Offer::folder ? " -r -F" : " -x"),
          option.choices.empty() ? "" : " -a " + fish_quoted(joined(option.choices)), fish_quoted(option.help));
    }
    if (!command.arguments.empty()) {
      const auto& argument = command.arguments.front();
      text += argument.offer == Offer::choices ? fmt::format("complete -c proofmark -n {} -a {}\n", fish_quoted(inside),
                                                             fish_quoted(joined(argument.choices)))
                                               : fmt::format("complete -c proofmark -n {} -F\n", fish_quoted(inside));
    }
  }
  return text;
}

}  // namespace

std::string help_text(const Program& program, const std::vector<std::string>& path) {
  for (const auto& command : program.commands) {
    if (command.path == path) return command_help(command);
  }
  for (const auto& group : program.groups) {
    if (path.size() == 1 && path[0] == group.name) return group_help(program, group);
  }
  return program_help(program);
}

std::string completion_script(const Program& program, const std::string& shell) {
  if (shell == "fish") return fish_completion(program);
  if (shell == "zsh") {
    return "# zsh: eval \"$(proofmark completion zsh)\"\nautoload -U +X bashcompinit && bashcompinit\n" +
           bash_completion(program);
  }
  return bash_completion(program);
}

}  // namespace proofmark::cli
