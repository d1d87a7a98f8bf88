// What can go wrong, as a value. Every fallible function of ours returns Result<T>; exceptions of third-party code stop
// at the edge of the module that called it.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace proofmark {

/// What kind of failure it is: stable, shared by every module, enough to pick an HTTP status or an exit code.
enum class Code : std::uint8_t {
  invalid_argument,  // the caller asked for something that makes no sense
  malformed,         // bytes from outside do not have the form they claim
  unsupported,       // well-formed, but we do not do that
  not_found,
  conflict,
  denied,     // the caller may not
  untrusted,  // a signature, certificate or identity that must not be relied on
  expired,
  unavailable,  // try again later
  exhausted,    // a limit was reached
  cancelled,
  internal,  // our own fault, or the machine's
};

/// The stable lower-case name of a code, as JSON output carries it.
std::string_view name(Code code);

/// What a module says about one enumerator of its own reason enum.
struct ReasonInfo {
  Code code;
  std::string_view name;  // stable, lower_snake_case: it appears in JSON output
};

/// A module's reasons to refuse: an enum, contiguous from 0, for which ADL finds
///   constexpr std::string_view reason_domain(E);   // "zip", "cms", …
///   constexpr ReasonInfo reason_info(E);           // a switch over all enumerators
///   constexpr E last_reason(E);                    // the last enumerator, so that tests can walk them all
template <class E>
concept ReasonEnum = std::is_enum_v<E> && requires(E e) {
  { reason_domain(e) } -> std::convertible_to<std::string_view>;
  { reason_info(e) } -> std::same_as<ReasonInfo>;
  { last_reason(e) } -> std::same_as<E>;
};

class Error {
 public:
  template <ReasonEnum E>
  Error(E reason, std::string message)
      : code_(reason_info(reason).code),
        domain_(reason_domain(reason)),
        reason_(reason_info(reason).name),
        message_(std::move(message)) {}

  [[nodiscard]] Code code() const { return code_; }
  /// The module that refused ("zip") and its reason ("duplicate_name").
  [[nodiscard]] std::string_view domain() const { return domain_; }
  [[nodiscard]] std::string_view reason() const { return reason_; }
  /// One sentence for a person: what, where. Never holds a secret.
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] const Error* cause() const { return cause_.get(); }
  [[nodiscard]] bool retryable() const { return code_ == Code::unavailable; }

  template <ReasonEnum E>
  [[nodiscard]] bool is(E reason) const {
    return domain_ == reason_domain(reason) && reason_ == reason_info(reason).name;
  }

  /// The same error, with what was being done put in front: "handler.zip: the central directory …".
  [[nodiscard]] Error within(std::string_view context) &&;
  /// This error, caused by `cause`.
  [[nodiscard]] Error caused_by(Error cause) &&;
  /// The message followed by those of its causes, joined with ": ".
  [[nodiscard]] std::string describe() const;

 private:
  Code code_;
  std::string_view domain_;  // static storage
  std::string_view reason_;  // static storage
  std::string message_;
  std::shared_ptr<const Error> cause_;
};

}  // namespace proofmark
