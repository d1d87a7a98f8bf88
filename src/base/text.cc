#include "base/text.h"

#include <fmt/format.h>

#include <cstdint>

namespace proofmark {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  // 0: not well-formed
};

/// The code point at the start of `text` (not empty). RFC 3629, section 4.
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  std::uint32_t value = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {};
    value = (value << 6U) | (byte(i) & 0x3fU);
  }
  if ((length == 3 && value < 0x800) || (length == 4 && value < 0x10000)) return {};
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return {};
  return {value, length};
}

bool changes_display(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/// Appends the code point at the start of `text`, escaped when it does not simply show.
void append_visible(std::string& out, std::string_view text, const CodePoint& c) {
  if (c.length == 0) {
    out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text[0]));
  } else if (changes_display(c.value)) {
    out += c.value < 0x80 ? fmt::format("\\x{:02x}", c.value) : fmt::format("\\u{{{:x}}}", c.value);
  } else {
    out += text.substr(0, c.length);
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint c = decode(text);
    append_visible(out, text, c);
    text.remove_prefix(c.length == 0 ? 1 : c.length);
  }
  return out;
}

std::string quoted(std::string_view text, std::size_t max_length) {
  std::string out = "\"";
  while (!text.empty()) {
    if (out.size() > max_length) return out + "…\"";
    const CodePoint c = decode(text);
    if (c.value == '"' || c.value == '\\') out += '\\';
    append_visible(out, text, c);
    text.remove_prefix(c.length == 0 ? 1 : c.length);
  }
  return out + "\"";
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint c = decode(text);
    if (c.length == 0) return false;
    text.remove_prefix(c.length);
  }
  return true;
}

}  // namespace proofmark
