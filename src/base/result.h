// Result<T>: a value or an Error, and the two macros that pass an error on. libstdc++ 12 has std::expected without the
// monadic calls, hence the macros.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace proofmark {

template <class T>
using Result = std::expected<T, Error>;

/// A refusal: `return fail(ZipReason::overlap, "entry 3 …");`
template <ReasonEnum E>
[[nodiscard]] std::unexpected<Error> fail(E reason, std::string message) {
  return std::unexpected<Error>(Error(reason, std::move(message)));
}

}  // namespace proofmark

#define PM_CONCAT_(a, b) a##b
#define PM_CONCAT(a, b) PM_CONCAT_(a, b)

/// PM_TRY(auto x, f());  — x is the value of f(), or this function returns f()'s error.
#define PM_TRY(declaration, expression) PM_TRY_(PM_CONCAT(pm_result_, __LINE__), declaration, expression)
#define PM_TRY_(result, declaration, expression)                                      \
  auto result = (expression);                                                         \
  if (!result) return std::unexpected<::proofmark::Error>(std::move(result).error()); \
  declaration = *std::move(result)

/// PM_TRY_VOID(f());  — or this function returns f()'s error.
#define PM_TRY_VOID(expression) PM_TRY_VOID_(PM_CONCAT(pm_result_, __LINE__), expression)
#define PM_TRY_VOID_(result, expression)                                                \
  do {                                                                                  \
    auto result = (expression);                                                         \
    if (!result) return std::unexpected<::proofmark::Error>(std::move(result).error()); \
  } while (false)
