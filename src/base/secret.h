// Secrets: bytes that are wiped when they go, are never copied by accident, and have no way to a log.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace proofmark {

/// Overwrites `bytes` in a way that the compiler may not remove.
void wipe(std::span<std::uint8_t> bytes);

/// Move-only; wiped on destruction. `reveal()` is the one way to the bytes: grep for it.
class SecretBytes {
 public:
  SecretBytes() = default;
  /// Takes over the bytes; the vector's storage is wiped with this object.
  explicit SecretBytes(Bytes&& bytes) : bytes_(std::move(bytes)) {}
  /// Copies the text; the caller wipes its own.
  explicit SecretBytes(std::string_view text);
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) { other.bytes_.clear(); }
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { wipe(bytes_); }

  [[nodiscard]] ByteView reveal() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  Bytes bytes_;
};

}  // namespace proofmark
