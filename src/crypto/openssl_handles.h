// Owners of OpenSSL's objects, and its errors as ours. Private to crypto: only this folder's .cc files include it.
#pragma once

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/reasons.h"

namespace proofmark::crypto::openssl {

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using PkeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using PkeyContext = std::unique_ptr<EVP_PKEY_CTX, FreedBy<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreedBy<EVP_MAC_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreedBy<EVP_CIPHER_CTX_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, FreedBy<BN_clear_free>>;

/// For what can only fail when memory is gone or libcrypto is broken: ends the program, since no answer would be right.
inline void must(bool succeeded, const char* what) {
  if (succeeded) return;
  std::fprintf(stderr, "proofmark: libcrypto failed: %s\n", what);
  std::abort();
}

/// Leaves no error of an operation in the thread's queue, where a later caller would take it for its own.
class ErrorScope {
 public:
  ErrorScope() = default;
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;
  ~ErrorScope() { ERR_clear_error(); }
};

/// backend_failure with OpenSSL's own words, which name functions and causes, never key material.
[[nodiscard]] inline std::unexpected<Error> backend_failure(std::string_view what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  return fail(CryptoReason::backend_failure, std::string(what) + ": " + text.data());
}

}  // namespace proofmark::crypto::openssl
