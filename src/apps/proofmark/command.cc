#include "apps/proofmark/command.h"

namespace proofmark::cli {

std::string Arguments::one(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() || it->second.empty() ? std::string{} : it->second.front();
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>{} : it->second;
}

Option output_option() {
  return {.name = "--output",
          .value = "FORMAT",
          .help = "text for people, json for programs (docs/json-output.md describes it)",
          .initial = "text",
          .offer = Offer::choices,
          .choices = {"text", "json"}};
}

bool wants_json(const Arguments& arguments) {
  return arguments.one("--output") == "json";
}

}  // namespace proofmark::cli
