// The object identifiers of CMS, as content octets. RFC 5652, RFC 5754, RFC 5758, RFC 6211.
#pragma once

#include <array>
#include <cstdint>

#include "codec/der.h"

namespace proofmark::envelope::cms::oids {

inline constexpr std::array<std::uint8_t, 9> kDataBytes{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
inline constexpr std::array<std::uint8_t, 9> kSignedDataBytes{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
inline constexpr std::array<std::uint8_t, 9> kContentTypeBytes{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03};
inline constexpr std::array<std::uint8_t, 9> kMessageDigestBytes{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04};
inline constexpr std::array<std::uint8_t, 9> kSigningTimeBytes{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05};
inline constexpr std::array<std::uint8_t, 9> kAlgorithmProtectionBytes{0x2a, 0x86, 0x48, 0x86, 0xf7,
                                                                       0x0d, 0x01, 0x09, 0x34};
inline constexpr std::array<std::uint8_t, 9> kSha384Bytes{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02};
inline constexpr std::array<std::uint8_t, 8> kEcdsaSha384Bytes{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03};

inline constexpr codec::der::Oid kData{kDataBytes};                                // 1.2.840.113549.1.7.1
inline constexpr codec::der::Oid kSignedData{kSignedDataBytes};                    // 1.2.840.113549.1.7.2
inline constexpr codec::der::Oid kContentType{kContentTypeBytes};                  // 1.2.840.113549.1.9.3
inline constexpr codec::der::Oid kMessageDigest{kMessageDigestBytes};              // 1.2.840.113549.1.9.4
inline constexpr codec::der::Oid kSigningTime{kSigningTimeBytes};                  // 1.2.840.113549.1.9.5
inline constexpr codec::der::Oid kAlgorithmProtection{kAlgorithmProtectionBytes};  // 1.2.840.113549.1.9.52
inline constexpr codec::der::Oid kSha384{kSha384Bytes};                            // 2.16.840.1.101.3.4.2.2
inline constexpr codec::der::Oid kEcdsaSha384{kEcdsaSha384Bytes};                  // 1.2.840.10045.4.3.3

}  // namespace proofmark::envelope::cms::oids
