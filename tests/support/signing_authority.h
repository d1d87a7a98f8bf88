// A certificate authority for tests: root, intermediate and a code-signing leaf, all P-384, made once per process.
#pragma once

#include <memory>
#include <vector>

#include "crypto/key.h"
#include "support/support.h"
#include "x509/chain.h"
#include "x509/issue.h"

namespace proofmark::test {

struct SigningAuthority {
  std::unique_ptr<crypto::SigningKey> root_key;
  std::unique_ptr<crypto::SigningKey> intermediate_key;
  std::unique_ptr<crypto::SigningKey> leaf_key;
  std::vector<x509::Certificate> chain;  // leaf, intermediate, root

  [[nodiscard]] x509::TrustedRoots roots() const { return x509::TrustedRoots({chain.back()}); }
};

/// Root and intermediate valid 2026 to 2046, the leaf from 2026-09-27 to 2026-09-30: a signature outlives its leaf by
/// years.
inline SigningAuthority make_signing_authority(std::uint64_t seed = 1) {
  FakeRandom random(seed);
  SigningAuthority authority;
  const auto key = [] { return crypto::generate_signing_key(crypto::KeyType::ec_p384).value(); };
  authority.root_key = key();
  authority.intermediate_key = key();
  authority.leaf_key = key();
  const auto root = x509::issue({.kind = x509::CertificateKind::root,
                                 .common_name = "Test Root",
                                 .not_before = at("2026-01-01"),
                                 .not_after = at("2046-01-01")},
                                authority.root_key->public_key(), nullptr, *authority.root_key, random)
                        .value();
  const auto intermediate = x509::issue({.kind = x509::CertificateKind::intermediate,
                                         .common_name = "Test Intermediate",
                                         .not_before = at("2026-01-01"),
                                         .not_after = at("2046-01-01")},
                                        authority.intermediate_key->public_key(), &root, *authority.root_key, random)
                                .value();
  const auto leaf = x509::issue({.kind = x509::CertificateKind::code_signing,
                                 .common_name = "Test Signer",
                                 .not_before = at("2026-09-27"),
                                 .not_after = at("2026-09-30")},
                                authority.leaf_key->public_key(), &intermediate, *authority.intermediate_key, random)
                        .value();
  authority.chain = {leaf, intermediate, root};
  return authority;
}

/// The one that most tests share.
inline const SigningAuthority& signing_authority() {
  static const SigningAuthority authority = make_signing_authority();
  return authority;
}

}  // namespace proofmark::test
