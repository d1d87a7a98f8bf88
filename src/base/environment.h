// Environment variables, read in one place so that nothing below reads them by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace proofmark {

/// The process' environment as a port.
class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  virtual ~Environment() = default;
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& name) const = 0;
};

const Environment& system_environment();

}  // namespace proofmark
