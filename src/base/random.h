// Randomness as a port, so that tests can be repeated. Only base asks the system for it.
#pragma once

#include <cstdint>
#include <span>

namespace proofmark {

class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  /// Fills `out` with unpredictable bytes. Ends the program when the system has none: nothing may go on without.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// The kernel's generator (getrandom).
Random& system_random();

}  // namespace proofmark
