#include "base/error.h"

#include <fmt/format.h>

namespace proofmark {

std::string_view name(Code code) {
  switch (code) {
    case Code::invalid_argument:
      return "invalid_argument";
    case Code::malformed:
      return "malformed";
    case Code::unsupported:
      return "unsupported";
    case Code::not_found:
      return "not_found";
    case Code::conflict:
      return "conflict";
    case Code::denied:
      return "denied";
    case Code::untrusted:
      return "untrusted";
    case Code::expired:
      return "expired";
    case Code::unavailable:
      return "unavailable";
    case Code::exhausted:
      return "exhausted";
    case Code::cancelled:
      return "cancelled";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

Error Error::within(std::string_view context) && {
  message_ = fmt::format("{}: {}", context, message_);
  return std::move(*this);
}

Error Error::caused_by(Error cause) && {
  cause_ = std::make_shared<const Error>(std::move(cause));
  return std::move(*this);
}

std::string Error::describe() const {
  std::string text = message_;
  for (const Error* e = cause(); e != nullptr; e = e->cause()) text += ": " + e->message();
  return text;
}

}  // namespace proofmark
