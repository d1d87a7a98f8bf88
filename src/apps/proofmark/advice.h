// What a person can do about an error. One place, so that the libraries needn't know how they are called.
#pragma once

#include <string_view>

#include "base/error.h"
#include "lambda_package/judge.h"

namespace proofmark::cli {

/// One sentence, or nothing when the message says it all.
std::string_view advice_for(const Error& error);
std::string_view advice_for(const lambda_package::Reading& reading, const lambda_package::Verdict& verdict);

}  // namespace proofmark::cli
