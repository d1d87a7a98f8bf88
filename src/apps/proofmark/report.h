// How results and errors look, for people and as JSON (docs/json-output.md).
#pragma once

#include <string>

#include "apps/proofmark/terminal.h"
#include "base/error.h"
#include "codec/json.h"
#include "lambda_package/inspect.h"
#include "lambda_package/judge.h"

namespace proofmark::cli {

/// "proofmark: WHAT", and what to do about it where that is known.
std::string error_text(const Error& error);
/// {"code", "reason", "message"}
codec::json::Value error_json(const Error& error);

std::string verdict_text(const std::string& file, const lambda_package::Reading& reading,
                         const lambda_package::Verdict& verdict);
codec::json::Value verdict_json(const std::string& file, const lambda_package::Reading& reading,
                                const lambda_package::Verdict& verdict);

std::string inspection_text(const std::string& file, const lambda_package::Inspection& inspection);
codec::json::Value inspection_json(const std::string& file, const lambda_package::Inspection& inspection);

codec::json::Value certificate_json(const x509::Certificate& certificate);
codec::json::Value claims_json(const lambda_package::Claims& claims);

/// A file name as a JSON string: as given when it is Unicode, else with its odd bytes escaped.
std::string json_file_name(const std::string& file);

/// Prints a JSON document and a line end.
void print_json(Terminal& terminal, const codec::json::Value& value);

}  // namespace proofmark::cli
