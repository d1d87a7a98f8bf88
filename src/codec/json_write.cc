#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "codec/json.h"

namespace proofmark::codec::json {
namespace {

/// `text` with U+FFFD for every byte that belongs to no character.
std::string to_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !is_utf8(text.substr(0, length))) ++length;
    const bool valid = length <= 4 && length <= text.size();
    out += valid ? text.substr(0, length) : std::string_view("\xef\xbf\xbd");
    text.remove_prefix(valid ? length : 1);
  }
  return out;
}

/// The letter of a two-character escape of RFC 8259, section 7, or 0.
char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

/// Writes one value. Keeps its own stack, so that depth costs memory only.
class Writer {
 public:
  explicit Writer(Style style) : style_(style) {}

  std::string write(const Value& root) {
    begin(root);
    while (!open_.empty()) {
      Open& open = open_.back();
      if (open.next == (open.array != nullptr ? open.array->size() : open.object->size())) {
        const char end = open.array != nullptr ? ']' : '}';
        open_.pop_back();
        start_line();
        out_ += end;
        continue;
      }
      if (open.next != 0) out_ += ',';
      start_line();
      const std::size_t index = open.next++;
      if (open.array != nullptr) {
        begin((*open.array)[index]);
      } else {
        const auto& [key, value] = (*open.object)[index];
        write_string(key);
        out_ += style_ == Style::indented ? ": " : ":";
        begin(value);
      }
    }
    return std::move(out_);
  }

 private:
  /// An array or object, of which `next` elements are written. One of the pointers is null.
  struct Open {
    const Array* array = nullptr;
    const Object* object = nullptr;
    std::size_t next = 0;
  };

  /// A scalar or an empty container whole, of another container the start.
  void begin(const Value& value) {
    if (const Array* array = value.if_array()) {
      out_ += array->empty() ? "[]" : "[";
      if (!array->empty()) open_.push_back({array, nullptr, 0});
    } else if (const Object* object = value.if_object()) {
      out_ += object->empty() ? "{}" : "{";
      if (!object->empty()) open_.push_back({nullptr, object, 0});
    } else {
      write_scalar(value);
    }
  }

  void write_scalar(const Value& value) {
    if (const std::string* text = value.if_string()) {
      write_string(*text);
    } else if (const std::int64_t* integer = value.if_int64()) {
      out_ += std::to_string(*integer);
    } else if (const std::uint64_t* large = value.if_uint64()) {
      out_ += std::to_string(*large);
    } else if (const double* number = value.if_double()) {
      write_double(*number);
    } else if (const bool* boolean = value.if_bool()) {
      out_ += *boolean ? "true" : "false";
    } else {
      out_ += "null";
    }
  }

  void write_double(double value) {
    assert(std::isfinite(value));
    const double magnitude = std::fabs(value);
    const bool plain = magnitude == 0 || (magnitude >= 1e-7 && magnitude < 1e21);
    std::array<char, 64> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                       plain ? std::chars_format::fixed : std::chars_format::scientific);
    assert(written.ec == std::errc{});
    const std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
    out_ += text;
    if (plain && !text.contains('.')) out_ += ".0";  // or it would read back as an integer
  }

  void write_string(std::string_view text) {
    std::string repaired;
    if (!is_utf8(text)) text = repaired = to_utf8(text);
    out_ += '"';
    std::size_t plain = 0;  // where what is not yet written starts
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      const char letter = short_escape(text[i]);
      if (c >= 0x20 && letter == 0) continue;
      out_ += text.substr(plain, i - plain);
      plain = i + 1;
      if (letter != 0) {
        out_ += '\\';
        out_ += letter;
      } else {
        constexpr std::string_view digits = "0123456789abcdef";
        out_ += "\\u00";
        out_ += digits[c >> 4U];
        out_ += digits[c & 0xfU];
      }
    }
    out_ += text.substr(plain);
    out_ += '"';
  }

  void start_line() {
    if (style_ == Style::compact) return;
    out_ += '\n';
    out_.append(open_.size() * 2, ' ');
  }

  Style style_;
  std::string out_;
  std::vector<Open> open_;
};

}  // namespace

std::string serialize(const Value& value, Style style) {
  return Writer(style).write(value);
}

}  // namespace proofmark::codec::json
