#include <algorithm>
#include <atomic>
#include <utility>

#include "crypto/hash.h"
#include "x509/chain.h"
#include "x509/lru_cache.h"

namespace proofmark::x509 {
namespace {

Fingerprint to_fingerprint(const crypto::Digest& digest) {
  Fingerprint fingerprint;
  std::ranges::copy(digest.bytes(), fingerprint.begin());
  return fingerprint;
}

/// A good verdict, and the time span in which every certificate of the chain is valid.
struct Verdict {
  Chain chain;
  Instant from;
  Instant until;
};

Verdict verdict_of(const Chain& chain) {
  Verdict verdict{chain, chain.front().not_before(), chain.front().not_after()};
  for (const auto& certificate : chain) {
    verdict.from = std::max(verdict.from, certificate.not_before());
    verdict.until = std::min(verdict.until, certificate.not_after());
  }
  return verdict;
}

/// Everything but the time that a verdict depends on. The fields before the candidates are of fixed length (the list of
/// key types says its own), so no two inputs run into one.
Fingerprint key_of(const Certificate& leaf, const std::vector<Certificate>& candidates, const TrustedRoots& roots,
                   const ChainProfile& profile) {
  std::vector<Fingerprint> sorted;
  sorted.reserve(candidates.size());
  for (const auto& candidate : candidates) sorted.push_back(candidate.fingerprint());
  std::ranges::sort(sorted);
  const auto repeats = std::ranges::unique(sorted);
  sorted.erase(repeats.begin(), repeats.end());

  Bytes rules{std::to_underlying(profile.id), std::to_underlying(profile.purpose),
              static_cast<std::uint8_t>(profile.leaf_keys.size())};
  for (const auto type : profile.leaf_keys) rules.push_back(std::to_underlying(type));

  crypto::Hasher hasher(crypto::HashAlgorithm::sha256);
  hasher.update(rules);
  hasher.update(roots.version());
  hasher.update(leaf.fingerprint());
  for (const auto& fingerprint : sorted) hasher.update(fingerprint);
  return to_fingerprint(hasher.finish());
}

}  // namespace

struct ChainCache::State {
  explicit State(std::size_t max_entries) : verdicts(max_entries) {}
  LruCache<std::shared_ptr<const Verdict>> verdicts;
  std::atomic<std::uint64_t> hits = 0;
  std::atomic<std::uint64_t> misses = 0;
};

ChainCache::ChainCache(std::size_t max_entries) : state_(std::make_unique<State>(max_entries)) {}
ChainCache::~ChainCache() = default;

Result<Chain> ChainCache::build(const Certificate& leaf, const std::vector<Certificate>& candidates,
                                const TrustedRoots& roots, const ChainProfile& profile, Instant at) {
  const Fingerprint key = key_of(leaf, candidates, roots, profile);
  const auto found = state_->verdicts.find(key);
  if (found && at >= (*found)->from && at <= (*found)->until) {
    ++state_->hits;
    return (*found)->chain;
  }
  ++state_->misses;
  PM_TRY(auto chain, build_chain(leaf, candidates, roots, profile, at));
  state_->verdicts.put(key, std::make_shared<const Verdict>(verdict_of(chain)));
  return chain;
}

ChainCache::Statistics ChainCache::statistics() const {
  return {.hits = state_->hits, .misses = state_->misses, .entries = state_->verdicts.size()};
}

struct CertificateCache::State {
  explicit State(std::size_t max_entries) : certificates(max_entries) {}
  LruCache<Certificate> certificates;
};

CertificateCache::CertificateCache(std::size_t max_entries) : state_(std::make_unique<State>(max_entries)) {}
CertificateCache::~CertificateCache() = default;

Result<Certificate> CertificateCache::parse(ByteView der) {
  const Fingerprint key = to_fingerprint(crypto::hash(crypto::HashAlgorithm::sha256, der));
  if (auto found = state_->certificates.find(key)) return *std::move(found);
  PM_TRY(auto certificate, Certificate::parse(der));
  state_->certificates.put(key, certificate);
  return certificate;
}

}  // namespace proofmark::x509
