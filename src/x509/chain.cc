#include "x509/chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "crypto/hash.h"

namespace proofmark::x509 {
namespace {

constexpr std::size_t kMaxCandidates = 32;
constexpr std::size_t kMaxPath = 32;
constexpr std::size_t kMaxSignatureChecks = 256;

std::string shown(const Certificate& certificate) {
  const std::string name = name_to_string(certificate.subject());
  return fmt::format("the certificate {} (serial {})", quoted(name), serial_to_string(certificate));
}

std::unexpected<Error> refuse(X509Reason reason, const Certificate& certificate, std::string_view why) {
  return fail(reason, fmt::format("{} {}", shown(certificate), why));
}

/// Both bounds are inside. RFC 5280, 4.1.2.5.
Result<void> check_validity(const Certificate& certificate, Instant at) {
  if (at < certificate.not_before()) {
    return refuse(X509Reason::not_yet_valid, certificate,
                  fmt::format("is valid from {} on, not at {}", to_rfc3339(certificate.not_before()), to_rfc3339(at)));
  }
  if (at > certificate.not_after()) {
    return refuse(X509Reason::expired, certificate,
                  fmt::format("expired at {}, before {}", to_rfc3339(certificate.not_after()), to_rfc3339(at)));
  }
  return {};
}

Result<void> check_critical_extensions(const Certificate& certificate) {
  const auto& unknown = certificate.unknown_critical_extensions();
  if (unknown.empty()) return {};
  return refuse(X509Reason::unknown_critical_extension, certificate,
                fmt::format("has the critical extension {}, which is not understood here", unknown.front()));
}

Result<void> check_leaf(const Certificate& leaf, const ChainProfile& profile, Instant at) {
  PM_TRY_VOID(check_critical_extensions(leaf));
  const auto constraints = leaf.basic_constraints();
  if (constraints && constraints->is_ca)
    return refuse(X509Reason::leaf_is_ca, leaf, "is a CA's and may not sign content");
  if (!leaf.allows(KeyUsage::digital_signature)) {
    return refuse(X509Reason::wrong_key_usage, leaf, "has no keyUsage with digitalSignature");
  }
  // RFC 5280, 4.2.1.3: only a CA may be given keyCertSign.
  if (leaf.allows(KeyUsage::key_cert_sign)) {
    return refuse(X509Reason::wrong_key_usage, leaf, "has keyCertSign and is not a CA's");
  }
  if (!leaf.has_purpose(profile.purpose)) {
    return refuse(X509Reason::wrong_purpose, leaf, "does not list the purpose in its extendedKeyUsage");
  }
  if (std::ranges::find(profile.leaf_keys, leaf.public_key().type()) == profile.leaf_keys.end()) {
    return refuse(X509Reason::wrong_key, leaf,
                  fmt::format("has a key of type {}, which is not allowed here",
                              crypto::describe(leaf.public_key().type(), leaf.public_key().bits())));
  }
  return check_validity(leaf, at);
}

enum class Trust : std::uint8_t { none, root };

/// A trusted root is trusted by its bytes, so version 1 (no extensions) and an absent keyUsage are enough there. RFC
/// 5280, 6.1.1 (d), takes nothing of the trust anchor but name and key; what it does say is obeyed all the same.
Result<void> check_ca(const Certificate& issuer, Trust trust) {
  const auto constraints = issuer.basic_constraints();
  const bool stated = constraints && constraints->is_ca && issuer.basic_constraints_critical();
  const bool version_1_root = trust == Trust::root && issuer.is_version_1();
  if (!stated && !version_1_root) {
    return refuse(X509Reason::not_a_ca, issuer, "is no CA's: it has no critical basicConstraints with cA TRUE");
  }
  const bool may_be_silent = trust == Trust::root && !issuer.key_usage();
  if (!issuer.allows(KeyUsage::key_cert_sign) && !may_be_silent) {
    return refuse(X509Reason::not_a_ca, issuer, "may not sign certificates: it has no keyUsage with keyCertSign");
  }
  return {};
}

/// `path` is what lies below the issuer, leaf first. RFC 5280, 4.2.1.9: the leaf and self-issued certificates don't
/// count.
Result<void> check_path_length(const Certificate& issuer, const Chain& path) {
  const auto constraints = issuer.basic_constraints();
  if (!constraints || !constraints->path_length) return {};
  const auto below =
      std::count_if(path.begin() + 1, path.end(), [](const auto& each) { return !each.is_self_issued(); });
  if (std::cmp_less_equal(below, *constraints->path_length)) return {};
  return refuse(X509Reason::path_too_long, issuer,
                fmt::format("allows {} CAs below it, and there are {}", *constraints->path_length, below));
}

Result<void> check_purposes(const Certificate& issuer, Trust trust, Purpose purpose) {
  if (trust == Trust::root || !issuer.extended_key_usage()) return {};
  if (issuer.has_purpose(purpose) || issuer.has_purpose(Purpose::any)) return {};
  return refuse(X509Reason::wrong_purpose, issuer,
                "lists purposes in its extendedKeyUsage, and not the one that is needed");
}

/// Issuer and child agree on the key's id (0), don't say (1), or disagree (2). Ids are hints for the order only: RFC
/// 5280, 6.1, does not use them.
int key_id_rank(const Certificate& child, const Certificate& issuer) {
  const auto wanted = child.authority_key_id();
  const auto offered = issuer.subject_key_id();
  if (!wanted || !offered) return 1;
  return equal(*wanted, *offered) ? 0 : 2;
}

/// The depth-first search for one leaf.
class Search {
 public:
  Search(const std::vector<Certificate>& candidates, const TrustedRoots& roots, const ChainProfile& profile, Instant at)
      : candidates_(candidates), roots_(roots), profile_(profile), at_(at) {}

  Result<Chain> run(const Certificate& leaf) {
    path_.push_back(leaf);
    if (extend()) return std::move(path_);
    return std::unexpected<Error>(*std::move(failure_));
  }

 private:
  struct Issuer {
    int key_id_rank;
    Trust trust;
    Certificate certificate;
    /// Nearest key id first, a root before another, then by content: the same in whatever order the candidates came.
    [[nodiscard]] auto order() const {
      return std::tuple(key_id_rank, trust == Trust::none, certificate.fingerprint());
    }
  };

  /// Whether a trusted root is reached from the end of the path; then the path is the chain. At most kMaxPath deep.
  bool extend() {
    const Certificate child = path_.back();
    if (roots_.contains(child)) return true;
    const auto issuers = issuers_of(child);
    note_end(child, issuers.empty());
    if (path_.size() == kMaxPath && !issuers.empty()) {
      note(refuse(X509Reason::path_too_long, child, fmt::format("is the {}th of its chain, and not a root", kMaxPath)));
      return false;
    }
    for (const auto& issuer : issuers) {
      if (!step(child, issuer)) {
        if (stopped_) return false;
        continue;
      }
      path_.push_back(issuer.certificate);
      if (extend()) return true;
      if (stopped_) return false;
      path_.pop_back();
    }
    return false;
  }

  /// Every certificate at hand with the issuer's name, that is not in the path yet.
  [[nodiscard]] std::vector<Issuer> issuers_of(const Certificate& child) const {
    std::vector<Issuer> issuers;
    const auto consider = [&](const Certificate& each, Trust trust) {
      if (!equal(each.subject(), child.issuer()) || std::ranges::find(path_, each) != path_.end()) return;
      issuers.push_back({key_id_rank(child, each), trust, each});
    };
    for (const auto& root : roots_.certificates()) consider(root, Trust::root);
    for (const auto& candidate : candidates_) {
      if (!roots_.contains(candidate)) consider(candidate, Trust::none);
    }
    std::ranges::sort(issuers, {}, &Issuer::order);
    const auto repeats = std::ranges::unique(issuers, {}, &Issuer::certificate);
    issuers.erase(repeats.begin(), repeats.end());
    return issuers;
  }

  /// A path that can go no further, or that ends in what looks like a root of somebody else: self-issued, by its own
  /// key as far as the key ids say. (A CA that changed its key issues to its own name too, with another key's id.)
  void note_end(const Certificate& child, bool no_issuers) {
    const bool own_key = key_id_rank(child, child) == 0 || !child.authority_key_id();
    if (child.is_self_issued() && (own_key || no_issuers)) {
      note(refuse(X509Reason::untrusted_root, child, "is a root, but not a trusted one"));
    } else if (no_issuers) {
      note(refuse(
          X509Reason::issuer_not_found, child,
          fmt::format("was issued by {}, whose certificate is not at hand", quoted(name_to_string(child.issuer())))));
    }
  }

  /// Whether `issuer` may have issued `child` and did. The signature, which costs the most, comes last.
  bool step(const Certificate& child, const Issuer& issuer) {
    if (auto ok = check_issuer(issuer); !ok) return note(std::move(ok).error());
    if (checks_ == kMaxSignatureChecks) {
      return stop(Error(X509Reason::search_exhausted,
                        fmt::format("no chain was found within {} signature checks", kMaxSignatureChecks)));
    }
    ++checks_;
    auto ok = child.verify_signed_by(issuer.certificate.public_key());
    if (ok) return true;
    if (!ok.error().is(X509Reason::bad_signature)) return stop(std::move(ok).error());
    return note(std::move(ok).error().within(shown(child)));
  }

  [[nodiscard]] Result<void> check_issuer(const Issuer& issuer) const {
    const auto& certificate = issuer.certificate;
    PM_TRY_VOID(check_critical_extensions(certificate));
    PM_TRY_VOID(check_ca(certificate, issuer.trust));
    PM_TRY_VOID(check_path_length(certificate, path_));
    PM_TRY_VOID(check_purposes(certificate, issuer.trust, profile_.purpose));
    return check_validity(certificate, at_);
  }

  /// Keeps the error of the path that came furthest; of two that came equally far, the first. Returns false.
  bool note(Error error) {
    if (failure_ && path_.size() <= failure_depth_) return false;
    failure_ = std::move(error);
    failure_depth_ = path_.size();
    return false;
  }
  bool note(std::unexpected<Error> error) { return note(std::move(error).error()); }

  /// Ends the whole search with this error. Returns false.
  bool stop(Error error) {
    failure_ = std::move(error);
    stopped_ = true;
    return false;
  }

  const std::vector<Certificate>& candidates_;
  const TrustedRoots& roots_;
  const ChainProfile& profile_;
  Instant at_;
  Chain path_;  // every signature in it is checked
  std::size_t checks_ = 0;
  std::optional<Error> failure_;
  std::size_t failure_depth_ = 0;
  bool stopped_ = false;
};

}  // namespace

ChainProfile ChainProfile::lambda() {
  return {.id = Id::lambda, .purpose = Purpose::code_signing, .leaf_keys = {crypto::KeyType::ec_p384}};
}

struct TrustedRoots::State {
  std::vector<Certificate> roots;  // sorted by fingerprint, none twice
  Fingerprint version;
};

TrustedRoots::TrustedRoots(std::vector<Certificate> roots) {
  assert(roots.size() <= kMaxRoots);
  std::ranges::sort(roots, {}, &Certificate::fingerprint);
  const auto repeats = std::ranges::unique(roots, {}, &Certificate::fingerprint);
  roots.erase(repeats.begin(), repeats.end());
  crypto::Hasher hasher(crypto::HashAlgorithm::sha256);
  for (const auto& root : roots) hasher.update(root.fingerprint());
  Fingerprint version;
  const auto digest = hasher.finish();
  std::ranges::copy(digest.bytes(), version.begin());
  state_ = std::make_shared<const State>(State{std::move(roots), version});
}

const std::vector<Certificate>& TrustedRoots::certificates() const {
  return state_->roots;
}
const Fingerprint& TrustedRoots::version() const {
  return state_->version;
}

bool TrustedRoots::contains(const Certificate& certificate) const {
  const auto& roots = state_->roots;
  const auto found = std::ranges::lower_bound(roots, certificate.fingerprint(), {}, &Certificate::fingerprint);
  return found != roots.end() && *found == certificate;
}

Result<Chain> build_chain(const Certificate& leaf, const std::vector<Certificate>& candidates,
                          const TrustedRoots& roots, const ChainProfile& profile, Instant at) {
  if (candidates.size() > kMaxCandidates) {
    return fail(X509Reason::too_many_certificates,
                fmt::format("{} certificates were given to build a chain from (at most {})", candidates.size(),
                            kMaxCandidates));
  }
  PM_TRY_VOID(check_leaf(leaf, profile, at));
  return Search(candidates, roots, profile, at).run(leaf);
}

}  // namespace proofmark::x509
