// Reads a package and finds out who signed it: integrity only. Whether it may be deployed is for judge.h.
// aws-signing facts 1.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aws/arn.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"
#include "crypto/hash.h"
#include "lambda_package/content.h"
#include "lambda_package/reasons.h"
#include "x509/chain.h"

namespace proofmark::lambda_package {

/// What the signed attributes say. OIDs 1.3.187.137.1.{2,3,4}; aws-signing facts 1.4.
struct Claims {
  aws::SigningJobArn job;
  aws::ProfileVersionArn profile_version;
  Instant signing_time;
  Instant expiry;
};

/// A package whose every name and body is what the holder of a trusted certificate signed. Only verify() makes one.
class VerifiedPackage {
 public:
  [[nodiscard]] const Claims& claims() const { return claims_; }
  /// Leaf first, root last; judged at the signing time.
  [[nodiscard]] const x509::Chain& chain() const { return chain_; }
  [[nodiscard]] const crypto::Digest& content() const { return content_; }
  /// Whether the boundaries between names and bodies are pinned too.
  [[nodiscard]] bool boundaries_pinned() const { return boundaries_pinned_; }

 private:
  friend class Verifier;
  VerifiedPackage(Claims claims, x509::Chain chain, crypto::Digest content, bool boundaries_pinned)
      : claims_(std::move(claims)),
        chain_(std::move(chain)),
        content_(content),
        boundaries_pinned_(boundaries_pinned) {}
  Claims claims_;
  x509::Chain chain_;
  crypto::Digest content_;
  bool boundaries_pinned_;
};

/// A well-formed ZIP archive without a signature: not an integrity failure, but nobody vouches for it.
struct UnsignedPackage {};

/// What reading a package gave; an Error is an integrity failure, whatever its cause.
using Reading = std::variant<VerifiedPackage, UnsignedPackage, Error>;

/// Whether a package with boundaries that could be shifted is good enough (AWS says yes; see boundaries.h).
enum class Boundaries : std::uint8_t { any, pinned };

/// Verifies packages; keeps certificates and chain verdicts that it has seen. Thread-safe.
class Verifier {
 public:
  explicit Verifier(x509::TrustedRoots roots, Boundaries boundaries = Boundaries::any)
      : roots_(std::move(roots)), boundaries_(boundaries) {}

  /// Never fails: a doubt is an integrity failure. `now` tells signatures from the future. Constant memory (the central
  /// directory aside).
  [[nodiscard]] Reading verify(const RandomAccess& package, Instant now, const Progress& progress = {});

  /// The same for an archive whose content is known already, because its bytes were compared with hashed ones (sign()).
  [[nodiscard]] Result<Reading> verify_content(const codec::zip::Archive& archive, const crypto::Digest& content,
                                               Instant now);

  [[nodiscard]] x509::ChainCache::Statistics chain_statistics() const { return chains_.statistics(); }

 private:
  Result<Reading> read(const RandomAccess& package, Instant now, const Progress& progress);
  x509::TrustedRoots roots_;
  Boundaries boundaries_;
  x509::CertificateCache certificates_;
  x509::ChainCache chains_;
};

}  // namespace proofmark::lambda_package
