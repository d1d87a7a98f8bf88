// A command as data: what it is called, takes and says. Parsing, help and completion all read the same table.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "apps/proofmark/terminal.h"
#include "base/clock.h"
#include "base/environment.h"
#include "base/random.h"
#include "base/result.h"

namespace proofmark::cli {

enum class UsageReason { bad_usage };
constexpr std::string_view reason_domain(UsageReason) {
  return "usage";
}
constexpr ReasonInfo reason_info(UsageReason) {
  return {Code::invalid_argument, "bad_usage"};
}
constexpr UsageReason last_reason(UsageReason) {
  return UsageReason::bad_usage;
}

/// What the shell should offer for a value.
enum class Offer : std::uint8_t { nothing, file, folder, choices };

struct Option {
  std::string name;   // "--root"
  std::string value;  // "PEM"; empty: a flag
  std::string help;
  bool required = false;
  bool repeatable = false;
  std::string initial;  // the value when none is given
  Offer offer = Offer::nothing;
  std::vector<std::string> choices;
};

struct Argument {
  std::string name;  // "FILE.zip"
  std::string help;
  bool repeatable = false;
  bool optional = false;
  Offer offer = Offer::file;
  std::vector<std::string> choices;
};

/// What the person gave, checked against the command's table.
class Arguments {
 public:
  void add(const std::string& name, std::vector<std::string> values) { values_[name] = std::move(values); }
  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  /// The one value; empty when absent.
  [[nodiscard]] std::string one(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> all(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// The world outside, passed in.
struct Context {
  Terminal& terminal;
  const Clock& clock;
  const Environment& environment;
  Random& random;
};

/// 0: everything asked for is done, and true. 1: it is not.
enum class Exit : int { success = 0, failure = 1 };

struct Command {
  std::vector<std::string> path;  // {"lambda", "sign"}
  std::string summary;            // one line, no full stop
  std::string description;        // what it does and what to know, in short paragraphs
  std::vector<Argument> arguments;
  std::vector<Option> options;
  std::vector<std::string> examples;  // command lines
  Result<Exit> (*run)(const Arguments&, Context&);
};

/// A word that holds commands: "lambda", "ca".
struct Group {
  std::string name;
  std::string summary;
};

struct Program {
  std::vector<Group> groups;
  std::vector<Command> commands;
};

/// --output text|json, the same everywhere.
Option output_option();
bool wants_json(const Arguments& arguments);

}  // namespace proofmark::cli
