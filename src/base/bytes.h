// Bytes, views of bytes, and the conversions between them and text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace proofmark {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The bytes of a text, and the text of bytes: views, no copy. The caller keeps the storage alive.
ByteView as_bytes(std::string_view text);
std::string_view as_text(ByteView bytes);

Bytes to_bytes(ByteView bytes);

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);

/// True when both hold the same bytes. Not constant time: for public data only (crypto::equal_secret is for secrets).
bool equal(ByteView a, ByteView b);

/// Appends `more` to `bytes`.
void append(Bytes& bytes, ByteView more);

}  // namespace proofmark
