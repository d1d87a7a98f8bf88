// From a leaf to a trusted root: path building and validation at a given time. Pure: time is an argument, nothing is
// fetched. RFC 5280, section 6, cut down to what signing certificates need: a name constraint or a policy that is
// critical makes the chain invalid rather than being half understood.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "x509/certificate.h"

namespace proofmark::x509 {

/// What a chain must be for a use. The Notary Project's rules will be a second value beside lambda().
struct ChainProfile {
  /// Stable: part of the cache key.
  enum class Id : std::uint8_t { lambda };
  Id id;
  /// The leaf must have this extended key usage, and every issuer below the root that lists purposes must list it or
  /// any.
  Purpose purpose;
  std::vector<crypto::KeyType> leaf_keys;

  /// Signed Lambda packages: an EC P-384 leaf, CA:FALSE, KeyUsage digitalSignature, EKU codeSigning. aws-signing
  /// facts 1.5.
  static ChainProfile lambda();
};

/// The roots that are trusted for one use. Immutable; a new set is a new version, so that cached verdicts die with the
/// old.
class TrustedRoots {
 public:
  static constexpr std::size_t kMaxRoots = 1000;
  /// At most 1000. An empty set trusts nothing.
  explicit TrustedRoots(std::vector<Certificate> roots);
  [[nodiscard]] const std::vector<Certificate>& certificates() const;
  /// SHA-256 over the sorted fingerprints: the trust version.
  [[nodiscard]] const Fingerprint& version() const;
  [[nodiscard]] bool contains(const Certificate& certificate) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

/// Leaf first, root last; at least the leaf and, when they differ, its root.
using Chain = std::vector<Certificate>;

/// Finds a valid chain from `leaf` through any of `candidates` (in any order, duplicates and strangers allowed; at most
/// 32) to one of `roots`, valid at `at` (the bounds of a validity are inside). Tries every path of at most 32
/// certificates within a bound of 256 signature checks; when none is valid, the error is that of the path that came
/// furthest, the same in whatever order the candidates are. A root is trusted by its exact DER, must be within its own
/// validity, and a leaf that is itself a root is accepted only if it fulfils the leaf's rules. Issuers need critical
/// basicConstraints with cA TRUE and keyUsage with keyCertSign; of a trusted root, version 1 or an absent keyUsage is
/// enough. Names are equal when their bytes are; key ids are hints that order the search. Reasons: X509Reason, from
/// issuer_not_found on, and too_many_certificates (candidates); CryptoReason::backend_failure.
Result<Chain> build_chain(const Certificate& leaf, const std::vector<Certificate>& candidates,
                          const TrustedRoots& roots, const ChainProfile& profile, Instant at);

/// Remembers verdicts of build_chain that were good, by content (leaf, candidates), profile and trust version, for the
/// time span in which they hold (the intersection of the chain's validity): a hit costs no signature check. Bounded,
/// least recently used goes first. Thread-safe. Refusals are not remembered.
class ChainCache {
 public:
  explicit ChainCache(std::size_t max_entries = 1024);
  ChainCache(const ChainCache&) = delete;
  ChainCache& operator=(const ChainCache&) = delete;
  ~ChainCache();

  Result<Chain> build(const Certificate& leaf, const std::vector<Certificate>& candidates, const TrustedRoots& roots,
                      const ChainProfile& profile, Instant at);
  struct Statistics {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::size_t entries = 0;
  };
  [[nodiscard]] Statistics statistics() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Parsed certificates by content: parsing costs about 85 us, a hit a hash. Bounded, thread-safe.
class CertificateCache {
 public:
  explicit CertificateCache(std::size_t max_entries = 4096);
  CertificateCache(const CertificateCache&) = delete;
  CertificateCache& operator=(const CertificateCache&) = delete;
  ~CertificateCache();
  /// The certificate that `der` encodes; refusals are not remembered. Reasons: those of Certificate::parse.
  Result<Certificate> parse(ByteView der);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace proofmark::x509
