#include "apps/proofmark/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"

namespace proofmark::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::unexpected<Error> refuse(const std::vector<std::string>& path, std::string message) {
  std::string place = "proofmark";
  if (!path.empty()) place += " " + joined(path);
  return fail(UsageReason::bad_usage, fmt::format("{}\nTry '{} --help'.", message, place));
}

bool asks_for_help(const std::string& word) {
  return word == "--help" || word == "-h";
}

/// Sorts the words behind a command into options and arguments. Options may stand anywhere before "--", as --name value
/// or
/// --name=value, written out in full: an abbreviation could come to mean something else with the next version.
class WordReader {
 public:
  WordReader(const Command& command, const std::vector<std::string>& words) : command_(command), words_(words) {}

  Result<Arguments> read() {
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (word == "--") {
        plain_.insert(plain_.end(), words_.begin() + static_cast<std::ptrdiff_t>(next_), words_.end());
        break;
      }
      if (word.size() < 2 || word[0] != '-') {
        plain_.push_back(word);
        continue;
      }
      PM_TRY_VOID(read_option(word));
    }
    PM_TRY_VOID(assign_plain_words());
    PM_TRY_VOID(complete());
    Arguments arguments;
    for (auto& [name, values] : values_) arguments.add(name, std::move(values));
    return arguments;
  }

 private:
  Result<void> read_option(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option = std::ranges::find(command_.options, name, &Option::name);
    if (option == command_.options.end())
      return refuse(command_.path, fmt::format("there is no option {}", quoted(name, 60)));
    if (values_.contains(name) && !option->repeatable)
      return refuse(command_.path, fmt::format("{} is given twice", name));
    if (option->value.empty()) {
      if (equals != std::string::npos) return refuse(command_.path, fmt::format("{} takes no value", name));
      values_[name] = {};
      return {};
    }
    if (equals == std::string::npos && next_ == words_.size()) {
      return refuse(command_.path, fmt::format("{} needs a value: {}", name, option->help));
    }
    std::string value = equals == std::string::npos ? words_[next_++] : word.substr(equals + 1);
    PM_TRY_VOID(check_choice(name, value, option->choices));
    values_[name].push_back(std::move(value));
    return {};
  }

  Result<void> check_choice(const std::string& name, const std::string& value,
                            const std::vector<std::string>& choices) const {
    if (choices.empty() || std::ranges::find(choices, value) != choices.end()) return {};
    return refuse(command_.path,
                  fmt::format("{} can be {}, not {}", name, fmt::join(choices, ", "), quoted(value, 60)));
  }

  /// The arguments in order; only the last one of a command may be repeatable.
  Result<void> assign_plain_words() {
    std::size_t used = 0;
    for (const auto& argument : command_.arguments) {
      const std::size_t count =
          argument.repeatable ? plain_.size() - used : std::min<std::size_t>(1, plain_.size() - used);
      for (std::size_t i = 0; i < count; ++i) {
        PM_TRY_VOID(check_choice(argument.name, plain_[used + i], argument.choices));
        values_[argument.name].push_back(plain_[used + i]);
      }
      if (count == 0 && !argument.optional) {
        return refuse(command_.path, fmt::format("{} is missing: {}", argument.name, argument.help));
      }
      used += count;
    }
    if (used < plain_.size())
      return refuse(command_.path, fmt::format("{} is one word too many", quoted(plain_[used], 60)));
    return {};
  }

  Result<void> complete() {
    for (const auto& option : command_.options) {
      if (values_.contains(option.name)) continue;
      if (option.required) {
        return refuse(command_.path, fmt::format("{} {} is missing: {}", option.name, option.value, option.help));
      }
      if (!option.initial.empty()) values_[option.name] = {option.initial};
    }
    return {};
  }

  const Command& command_;
  const std::vector<std::string>& words_;
  std::size_t next_ = 0;
  std::vector<std::string> plain_;
  std::map<std::string, std::vector<std::string>> values_;
};

/// The command whose path is the front of `words`.
const Command* find_command(const Program& program, const std::vector<std::string>& words) {
  for (const auto& command : program.commands) {
    const auto& path = command.path;
    if (words.size() >= path.size() && std::equal(path.begin(), path.end(), words.begin())) return &command;
  }
  return nullptr;
}

bool is_group(const Program& program, const std::string& word) {
  return std::ranges::any_of(program.groups, [&](const Group& group) { return group.name == word; });
}

}  // namespace

Result<Parsed> parse_command_line(const Program& program, const std::vector<std::string>& given) {
  std::vector<std::string> words = given;
  if (!words.empty() && words.front() == "--version") words.front() = "version";
  bool help = words.empty();
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    help = true;
  }
  if (const Command* command = find_command(program, words)) {
    std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(command->path.size()), words.end());
    const auto end = std::ranges::find(rest, "--");
    if (help || std::any_of(rest.begin(), end, asks_for_help)) return Parsed{.help_path = command->path};
    PM_TRY(auto arguments, WordReader(*command, rest).read());
    return Parsed{.command = command, .arguments = std::move(arguments), .help_path = {}};
  }
  if (words.empty() || asks_for_help(words.front())) return Parsed{};
  if (!is_group(program, words.front())) {
    return refuse({}, fmt::format("there is no command {}", quoted(words.front(), 60)));
  }
  if (words.size() == 1 || asks_for_help(words[1])) return Parsed{.help_path = {words.front()}};
  return refuse({words.front()}, fmt::format("there is no command {} in {}", quoted(words[1], 60), words.front()));
}

}  // namespace proofmark::cli
