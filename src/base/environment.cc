#include "base/environment.h"

#include <cstdlib>

namespace proofmark {
namespace {

class SystemEnvironment final : public Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
};

}  // namespace

const Environment& system_environment() {
  static const SystemEnvironment environment;
  return environment;
}

}  // namespace proofmark
