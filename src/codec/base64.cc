#include "codec/base64.h"

#include <fmt/format.h>

#include <array>

namespace proofmark::codec {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNone = 0xff;

using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr Values kStandardValues = values_of(kStandard);
constexpr Values kUrlValues = values_of(kUrl);

/// Without padding.
std::string encode(ByteView bytes, std::string_view alphabet) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t window = 0;
  unsigned bits = 0;
  for (const auto byte : bytes) {
    window = (window << 8U) | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += alphabet[(window >> (bits - 6)) & 0x3fU];
  }
  if (bits != 0) text += alphabet[(window << (6 - bits)) & 0x3fU];
  return text;
}

/// Without padding. The messages name positions only: the text may be a secret.
Result<Bytes> decode(std::string_view text, const Values& values) {
  if (text.size() % 4 == 1) {
    return fail(Base64Reason::not_base64,
                fmt::format("base64 text without its padding can't have {} characters", text.size()));
  }
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t window = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t value = values[static_cast<unsigned char>(text[i])];
    if (value == kNone) {
      return fail(Base64Reason::not_base64, fmt::format("character {} is not of the base64 alphabet", i));
    }
    window = (window << 6U) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(window >> bits));
    }
  }
  if ((window & ((1U << bits) - 1U)) != 0) {
    return fail(Base64Reason::not_base64, "the unused bits of the last base64 character are not zero");
  }
  return bytes;
}

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text = encode(bytes, kStandard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string to_base64url(ByteView bytes) {
  return encode(bytes, kUrl);
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return fail(Base64Reason::not_base64,
                fmt::format("base64 text has {} characters, which is no multiple of 4", text.size()));
  }
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  return decode(text.substr(0, text.size() - padding), kStandardValues);
}

Result<Bytes> from_base64url(std::string_view text) {
  return decode(text, kUrlValues);
}

}  // namespace proofmark::codec
