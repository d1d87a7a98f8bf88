#include "crypto/reasons.h"

#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "crypto/key.h"
#include "crypto/seal.h"
#include "support/support.h"

// This program gives OpenSSL an allocator that can be told to fail, the way it would when memory runs out.
namespace {

thread_local long allocations_left = -1;  // negative: never fail

bool must_fail() {
  if (allocations_left < 0) return false;
  if (allocations_left == 0) return true;
  --allocations_left;
  return false;
}

void* failing_malloc(std::size_t size, const char* /*file*/, int /*line*/) {
  return must_fail() ? nullptr : std::malloc(size);
}
void* failing_realloc(void* old, std::size_t size, const char* /*file*/, int /*line*/) {
  return must_fail() ? nullptr : std::realloc(old, size);
}
void plain_free(void* memory, const char* /*file*/, int /*line*/) {
  std::free(memory);
}

// OpenSSL takes an allocator only before it has allocated anything.
const int allocator_is_set = CRYPTO_set_mem_functions(failing_malloc, failing_realloc, plain_free);

/// While this object lives, OpenSSL gets `count` more pieces of memory in this thread, then none.
class Allocations {
 public:
  explicit Allocations(long count) { allocations_left = count; }
  Allocations(const Allocations&) = delete;
  Allocations& operator=(const Allocations&) = delete;
  ~Allocations() { allocations_left = -1; }
};

}  // namespace

namespace proofmark::crypto {
namespace {

const SigningKey& p256_key() {
  static const std::unique_ptr<SigningKey> key = generate_signing_key(KeyType::ec_p256).value();
  return *key;
}

const SecretBytes& passphrase() {
  static const SecretBytes secret(std::string_view("correct horse"));
  return secret;
}

Digest digest_of(std::string_view text) {
  return hash(HashAlgorithm::sha256, as_bytes(text));
}

template <class T>
std::optional<Error> error_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional<Error>(result.error());
}

Result<std::unique_ptr<SigningKey>> load_encrypted(const SecretBytes* secret) {
  return load_signing_key(private_key_pem(p256_key(), &passphrase()).value().reveal(), secret);
}

const std::map<CryptoReason, std::function<std::optional<Error>()>>& ways_to_fail() {
  static const std::map<CryptoReason, std::function<std::optional<Error>()>> ways{
      {CryptoReason::malformed_key, [] { return error_of(PublicKey::from_spki({})); }},
      {CryptoReason::unsupported_key, [] { return error_of(generate_signing_key(KeyType::rsa, 1024)); }},
      {CryptoReason::invalid_key,
       [] {
         Bytes off_curve = to_bytes(p256_key().public_key().spki());
         off_curve.back() ^= 1U;
         return error_of(PublicKey::from_spki(off_curve));
       }},
      {CryptoReason::passphrase_required, [] { return error_of(load_encrypted(nullptr)); }},
      {CryptoReason::wrong_passphrase,
       [] {
         const SecretBytes wrong(std::string_view("wrong"));
         return error_of(load_encrypted(&wrong));
       }},
      {CryptoReason::scheme_mismatch,
       [] {
         return error_of(p256_key().sign(SignatureScheme::rsa_pss_sha256, SignatureEncoding::der, digest_of("abc")));
       }},
      {CryptoReason::bad_digest_length,
       [] {
         return error_of(p256_key().sign(SignatureScheme::ecdsa_sha384, SignatureEncoding::der, digest_of("abc")));
       }},
      {CryptoReason::bad_signature,
       [] {
         return error_of(p256_key().public_key().verify(SignatureScheme::ecdsa_sha256, SignatureEncoding::fixed,
                                                        digest_of("abc"), Bytes(64, 0x01)));
       }},
      {CryptoReason::bad_aead_key, [] { return error_of(aes_gcm_encrypt(Bytes(5), Bytes(12), {}, {})); }},
      {CryptoReason::bad_seal, [] { return error_of(unseal(SecretBytes(Bytes(32)), "context", Bytes(64))); }},
      {CryptoReason::backend_failure,
       [] {
         const Digest digest = digest_of("abc");
         (void)p256_key();
         const Allocations none(0);
         return error_of(p256_key().sign(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest));
       }},
  };
  return ways;
}

TEST(CryptoReason, has_a_way_to_fail_for_each_enumerator) {
  ASSERT_EQ(allocator_is_set, 1);
  for (int i = 0; i <= static_cast<int>(last_reason(CryptoReason{})); ++i) {
    const auto reason = static_cast<CryptoReason>(i);
    const auto way = ways_to_fail().find(reason);
    ASSERT_NE(way, ways_to_fail().end()) << reason_info(reason).name;
    const auto error = way->second();
    ASSERT_TRUE(error.has_value()) << reason_info(reason).name;
    EXPECT_TRUE(error->is(reason)) << "wanted " << reason_info(reason).name << ", got " << error->reason();
    EXPECT_EQ(error->domain(), "crypto");
    EXPECT_FALSE(error->message().empty());
  }
}

TEST(CryptoReason, has_a_name_of_its_own_for_each_enumerator) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last_reason(CryptoReason{})); ++i) {
    names.insert(reason_info(static_cast<CryptoReason>(i)).name);
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last_reason(CryptoReason{})) + 1);
  EXPECT_EQ(names.count("unknown"), 0U);
}

/// Fails the 1st, 2nd, … allocation of OpenSSL until `attempt` gets through without meeting one.
template <class Attempt>
void fail_each_allocation(Attempt attempt) {
  constexpr long kEnough = 5000;
  int refused = 0;
  for (long count = 0; count < kEnough; ++count) {
    bool met = false;
    bool succeeded = false;
    {
      const Allocations some(count);
      succeeded = attempt();
      met = allocations_left == 0;
    }
    refused += static_cast<int>(!succeeded);
    if (!met && succeeded) {
      EXPECT_GT(refused, 0);
      return;
    }
  }
  ADD_FAILURE() << "still failing after " << kEnough << " allocations";
}

TEST(OutOfMemory, makes_signing_fail_or_give_a_good_signature) {
  const Digest digest = digest_of("abc");
  (void)p256_key().sign(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest);  // fetches what is fetched once
  fail_each_allocation([&] {
    const auto signature = p256_key().sign(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest);
    const long left = allocations_left;
    allocations_left = -1;
    if (signature) {
      EXPECT_OK(
          p256_key().public_key().verify(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest, *signature));
    } else {
      EXPECT_TRUE(signature.error().is(CryptoReason::backend_failure)) << signature.error().describe();
    }
    allocations_left = left;
    return signature.has_value();
  });
}

TEST(OutOfMemory, never_makes_a_bad_signature_good) {
  const Digest digest = digest_of("abc");
  const Digest other = digest_of("abd");
  const auto signature = p256_key().sign(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest).value();
  const PublicKey& key = p256_key().public_key();
  fail_each_allocation([&] {
    EXPECT_FALSE(key.verify(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, other, signature).has_value());
    return key.verify(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest, signature).has_value();
  });
}

TEST(OutOfMemory, makes_reading_a_public_key_fail_or_give_that_key) {
  const Bytes spki = to_bytes(p256_key().public_key().spki());
  fail_each_allocation([&] {
    const auto key = PublicKey::from_spki(spki);
    if (key) EXPECT_EQ(*key, p256_key().public_key());
    return key.has_value();
  });
}

TEST(OutOfMemory, makes_reading_and_writing_a_private_key_fail_or_give_that_key) {
  const auto pem = private_key_pem(p256_key(), nullptr).value();
  (void)load_signing_key(pem.reveal(), nullptr);
  fail_each_allocation([&] {
    const auto key = load_signing_key(pem.reveal(), nullptr);
    if (!key) return false;
    EXPECT_EQ((*key)->public_key(), p256_key().public_key());
    const auto again = private_key_pem(**key, nullptr);
    if (again) EXPECT_TRUE(equal(again->reveal(), pem.reveal()));
    return again.has_value();
  });
}

}  // namespace
}  // namespace proofmark::crypto
