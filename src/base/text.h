// Text from outside, made fit to be shown to a person.
#pragma once

#include <string>
#include <string_view>

namespace proofmark {

/// `text` in double quotes with control characters, quotes, backslashes, invalid UTF-8 and bidirectional overrides
/// escaped as \xNN or \u{N}, cut after `max_length` bytes: a name out of an archive can't rewrite the terminal or a
/// log.
std::string quoted(std::string_view text, std::size_t max_length = 200);

/// The same without the quotes and uncut, and with quotes and backslashes as they are: for file names that a person
/// gave.
std::string printable(std::string_view text);

/// True when `text` is well-formed UTF-8 (no overlong forms, surrogates, or code points above U+10FFFF). RFC 3629.
bool is_utf8(std::string_view text);

}  // namespace proofmark
