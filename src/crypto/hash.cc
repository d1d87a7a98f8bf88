#include "crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <cassert>

#include "crypto/openssl_handles.h"

namespace proofmark::crypto {

using openssl::must;

namespace {

constexpr std::size_t index_of(HashAlgorithm algorithm) {
  return static_cast<std::size_t>(algorithm);
}

/// Fetched once: a fetch for each hash takes a lock and gets slower with a second thread. They are never freed, so that
/// the order in which the process ends does not matter.
EVP_MD* message_digest(HashAlgorithm algorithm) {
  static const std::array<EVP_MD*, 3> digests = [] {
    const std::array<EVP_MD*, 3> fetched{EVP_MD_fetch(nullptr, "SHA2-256", nullptr),
                                         EVP_MD_fetch(nullptr, "SHA2-384", nullptr),
                                         EVP_MD_fetch(nullptr, "SHA2-512", nullptr)};
    for (const EVP_MD* digest : fetched) must(digest != nullptr, "SHA-2 is missing");
    return fetched;
  }();
  return digests[index_of(algorithm)];
}

void start(EVP_MD_CTX* context, HashAlgorithm algorithm) {
  must(EVP_DigestInit_ex2(context, message_digest(algorithm), nullptr) == 1, "EVP_DigestInit_ex2");
}

Digest finish_digest(EVP_MD_CTX* context, HashAlgorithm algorithm) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  must(EVP_DigestFinal_ex(context, bytes.data(), &size) == 1, "EVP_DigestFinal_ex");
  return {algorithm, ByteView(bytes).first(size)};
}

/// HMAC contexts with the hash chosen and no key. Each MAC is computed in a copy, which OpenSSL wipes when it goes: a
/// reused context would keep the last caller's key in memory. Never freed, as above.
const EVP_MAC_CTX* keyless_hmac(HashAlgorithm algorithm) {
  static const std::array<EVP_MAC_CTX*, 3> contexts = [] {
    EVP_MAC* hmac_algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    must(hmac_algorithm != nullptr, "HMAC is missing");
    std::array<EVP_MAC_CTX*, 3> made{};
    for (const auto hash_algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
      EVP_MAC_CTX* context = EVP_MAC_CTX_new(hmac_algorithm);
      must(context != nullptr, "EVP_MAC_CTX_new");
      std::string hash_name(name(hash_algorithm));
      const std::array<OSSL_PARAM, 2> parameters{
          OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash_name.data(), 0), OSSL_PARAM_construct_end()};
      must(EVP_MAC_CTX_set_params(context, parameters.data()) == 1, "EVP_MAC_CTX_set_params");
      made[index_of(hash_algorithm)] = context;
    }
    EVP_MAC_free(hmac_algorithm);
    return made;
  }();
  return contexts[index_of(algorithm)];
}

}  // namespace

std::string_view name(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha256:
      return "sha256";
    case HashAlgorithm::sha384:
      return "sha384";
    case HashAlgorithm::sha512:
      return "sha512";
  }
  return "";
}

Digest::Digest(HashAlgorithm algorithm, ByteView bytes) : algorithm_(algorithm) {
  assert(bytes.size() == digest_size(algorithm));
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

struct Hasher::State {
  HashAlgorithm algorithm;
  openssl::DigestContext context;
};

Hasher::Hasher(HashAlgorithm algorithm)
    : state_(std::make_unique<State>(State{algorithm, openssl::DigestContext(EVP_MD_CTX_new())})) {
  must(state_->context != nullptr, "EVP_MD_CTX_new");
  start(state_->context.get(), algorithm);
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(ByteView bytes) {
  must(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1, "EVP_DigestUpdate");
}

Digest Hasher::finish() {
  const Digest digest = finish_digest(state_->context.get(), state_->algorithm);
  start(state_->context.get(), state_->algorithm);
  return digest;
}

Digest hash(HashAlgorithm algorithm, ByteView bytes) {
  // One context per thread: making one costs as much as hashing a short message.
  thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
  must(context != nullptr, "EVP_MD_CTX_new");
  start(context.get(), algorithm);
  must(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1, "EVP_DigestUpdate");
  return finish_digest(context.get(), algorithm);
}

Digest hmac(HashAlgorithm algorithm, ByteView key, ByteView message) {
  const openssl::MacContext context(EVP_MAC_CTX_dup(keyless_hmac(algorithm)));
  must(context != nullptr, "EVP_MAC_CTX_dup");
  // A null pointer would mean "the key of before"; an empty key is a key (RFC 2104 pads it with zeros).
  static constexpr std::uint8_t kNoBytes = 0;
  const std::uint8_t* key_bytes = key.empty() ? &kNoBytes : key.data();
  must(EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) == 1, "EVP_MAC_init");
  must(EVP_MAC_update(context.get(), message.data(), message.size()) == 1, "EVP_MAC_update");
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  std::size_t size = 0;
  must(EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1, "EVP_MAC_final");
  return {algorithm, ByteView(mac).first(size)};
}

bool equal_secret(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace proofmark::crypto
