// Shows what a package says of its signature, without believing any of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "lambda_package/verify.h"

namespace proofmark::lambda_package {

/// What stands in the package: NOT verified.
struct Inspection {
  std::size_t members = 0;
  std::uint64_t uncompressed = 0;  // bytes, the signature not counted
  struct Signature {
    Claims claims;
    crypto::Digest message_digest;
    x509::Certificate signer;
    std::vector<x509::Certificate> certificates;  // leaf to root as far as names lead, then the others
    bool has_boundary_list = false;
  };
  std::optional<Signature> signature;
};

/// Reasons: those of reading the archive, the envelope and the claims.
Result<Inspection> inspect(const RandomAccess& package);

}  // namespace proofmark::lambda_package
