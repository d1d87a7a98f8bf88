#include "lambda_package/content.h"

#include <fmt/format.h>

#include "lambda_package/hash_pipeline.h"

namespace proofmark::lambda_package {

codec::zip::Limits zip_limits() {
  codec::zip::Limits limits;
  limits.max_entry = kMaxUncompressed;
  limits.max_total = kMaxUncompressed + kMaxSignature;
  return limits;
}

Result<crypto::Digest> content_digest(const codec::zip::Archive& archive, ByteView tail, const Progress& progress,
                                      const StreamWatcher& watcher) {
  std::uint64_t size = 0;
  for (const auto& entry : archive.entries()) {
    if (entry.name != kSignatureName) size += entry.uncompressed_size;
  }
  if (size > kMaxUncompressed) {
    return fail(PackageReason::too_large,
                fmt::format("{} bytes uncompressed; Lambda takes at most {} (250 MiB)", size, kMaxUncompressed));
  }
  HashPipeline hasher(crypto::HashAlgorithm::sha384, size);
  const auto take = [&](ByteView piece) {
    hasher.update(piece);
    if (watcher) watcher(piece);
  };
  std::uint64_t done = 0;
  for (const auto& entry : archive.entries()) {
    if (entry.name == kSignatureName) continue;
    take(as_bytes(entry.name));
    PM_TRY_VOID(archive.read(entry, [&](ByteView piece) -> Result<void> {
      take(piece);
      done += piece.size();
      if (progress) progress(done);
      return {};
    }));
  }
  take(tail);
  return hasher.finish();
}

}  // namespace proofmark::lambda_package
