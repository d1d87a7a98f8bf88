// What the signature of a Lambda package covers. aws-signing facts 1.1 and 1.2.
//
//   content = SHA-384(name_1 || body_1 || name_2 || body_2 || …)
//
// in central-directory order, over every member but the signature itself; names as stored, bodies uncompressed. That
// 48-byte value is the detached content of the CMS envelope (which hashes it once more). Compression, times,
// permissions, extra fields and comments are not covered.
//
// There is no framing: ("ab", "c") and ("a", "bc") have the same content. Every package can be cut differently; what
// pins the boundaries is boundaries.h, and docs/adr/0004 tells the whole story.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "codec/zip/reader.h"
#include "crypto/hash.h"
#include "lambda_package/reasons.h"

namespace proofmark::lambda_package {

/// Where the signature lies: META_INF with an underscore, unlike Java's.
inline constexpr std::string_view kSignatureFolder = "META_INF/";
inline constexpr std::string_view kSignatureName = "META_INF/aws_signer_signature_v1.0.SF";

/// 250 MiB: what Lambda unpacks at most. The signature doesn't count.
inline constexpr std::uint64_t kMaxUncompressed = 250ULL << 20U;
/// Of the .SF member; AWS's are about 3.3 KB.
inline constexpr std::uint64_t kMaxSignature = 1ULL << 20U;

/// The ZIP limits of a package, signed or not.
codec::zip::Limits zip_limits();

/// Sees every piece of the stream that is hashed, in order.
using StreamWatcher = std::function<void(ByteView)>;

/// Told how many uncompressed bytes were read so far.
using Progress = std::function<void(std::uint64_t)>;

/// The content of the package. `tail` is hashed behind the last member: what sign() is about to append.
/// Reasons: ZipReason about bodies, PackageReason::too_large, FileReason.
Result<crypto::Digest> content_digest(const codec::zip::Archive& archive, ByteView tail = {},
                                      const Progress& progress = {}, const StreamWatcher& watcher = {});

}  // namespace proofmark::lambda_package
