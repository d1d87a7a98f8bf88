// The records of a ZIP file as they lie in it: signatures, sizes, and little-endian numbers. APPNOTE 6.3.10,
// section 4.3.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace proofmark::codec::zip {

inline constexpr std::uint32_t kLocalSignature = 0x04034b50;         // PK\3\4, 4.3.7
inline constexpr std::uint32_t kDescriptorSignature = 0x08074b50;    // PK\7\8, 4.3.9.3, optional
inline constexpr std::uint32_t kCentralSignature = 0x02014b50;       // PK\1\2, 4.3.12
inline constexpr std::uint32_t kZip64EndSignature = 0x06064b50;      // PK\6\6, 4.3.14
inline constexpr std::uint32_t kZip64LocatorSignature = 0x07064b50;  // PK\6\7, 4.3.15
inline constexpr std::uint32_t kEndSignature = 0x06054b50;           // PK\5\6, 4.3.16

// Sizes without names, extra fields and comments.
inline constexpr std::size_t kLocalSize = 30;
inline constexpr std::size_t kCentralSize = 46;
inline constexpr std::size_t kZip64EndSize = 56;
inline constexpr std::size_t kZip64LocatorSize = 20;
inline constexpr std::size_t kEndSize = 22;

// A field that holds all ones has its value in a ZIP64 record (4.4.1.4).
inline constexpr std::uint16_t kSaturated16 = 0xffff;
inline constexpr std::uint32_t kSaturated32 = 0xffffffff;

// General purpose bit flags (4.4.4).
inline constexpr std::uint16_t kFlagEncrypted = 1U << 0U;
inline constexpr std::uint16_t kFlagDescriptor = 1U << 3U;
inline constexpr std::uint16_t kFlagStrongEncryption = 1U << 6U;
inline constexpr std::uint16_t kFlagUtf8 = 1U << 11U;
inline constexpr std::uint16_t kFlagMaskedHeaders = 1U << 13U;
/// Compression level (1, 2), descriptor (3), UTF-8 (11): none of them changes what a body or a name is to us.
inline constexpr std::uint16_t kAllowedFlags = (1U << 1U) | (1U << 2U) | kFlagDescriptor | kFlagUtf8;

// Extra fields that we read (4.5.2, 4.6.9).
inline constexpr std::uint16_t kExtraZip64 = 0x0001;
inline constexpr std::uint16_t kExtraStrongEncryption = 0x0017;
inline constexpr std::uint16_t kExtraUnicodePath = 0x7075;
inline constexpr std::uint16_t kExtraAes = 0x9901;

constexpr std::uint16_t load16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | (bytes[at + 1] << 8U));
}
constexpr std::uint32_t load32(ByteView bytes, std::size_t at) {
  return load16(bytes, at) | (static_cast<std::uint32_t>(load16(bytes, at + 2)) << 16U);
}
constexpr std::uint64_t load64(ByteView bytes, std::size_t at) {
  return load32(bytes, at) | (static_cast<std::uint64_t>(load32(bytes, at + 4)) << 32U);
}

inline void store16(Bytes& bytes, std::uint16_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value & 0xffU));
  bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
}
inline void store32(Bytes& bytes, std::uint32_t value) {
  store16(bytes, static_cast<std::uint16_t>(value & 0xffffU));
  store16(bytes, static_cast<std::uint16_t>(value >> 16U));
}
inline void store64(Bytes& bytes, std::uint64_t value) {
  store32(bytes, static_cast<std::uint32_t>(value & 0xffffffffU));
  store32(bytes, static_cast<std::uint32_t>(value >> 32U));
}

}  // namespace proofmark::codec::zip
