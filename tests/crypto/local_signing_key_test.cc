#include "crypto/local_signing_key.h"

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/ecdsa_signature.h"
#include "crypto/spki.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

TEST(GenerateSigningKey, makes_another_key_each_time) {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    ASSERT_OK(const auto one, generate_signing_key(type));
    ASSERT_OK(const auto other, generate_signing_key(type));
    EXPECT_EQ(one->public_key().type(), type);
    EXPECT_EQ(one->public_key().bits(), field_bits(type));
    EXPECT_FALSE(one->public_key() == other->public_key());
  }
}

TEST(GenerateSigningKey, refuses_rsa_sizes_that_we_do_not_use) {
  for (const int bits : {-1, 0, 1024, 2047, 2049, 8192}) {
    EXPECT_REFUSED(generate_signing_key(KeyType::rsa, bits), CryptoReason::unsupported_key);
  }
}

TEST(SigningKey, makes_rsa_signatures_as_long_as_the_modulus) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::rsa, 2048));
  for (const auto scheme :
       {SignatureScheme::rsa_pss_sha256, SignatureScheme::rsa_pss_sha384, SignatureScheme::rsa_pss_sha512}) {
    const Digest digest = hash(hash_of(scheme), as_bytes("abc"));
    ASSERT_OK(const auto signature, key->sign(scheme, SignatureEncoding::fixed, digest));
    EXPECT_EQ(signature.size(), 256U);
    EXPECT_OK(key->public_key().verify(scheme, SignatureEncoding::der, digest, signature));
  }
}

TEST(SigningKey, makes_fixed_ecdsa_signatures_of_twice_the_order) {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    ASSERT_OK(const auto key, generate_signing_key(type));
    const Digest digest = hash(HashAlgorithm::sha384, as_bytes("abc"));
    // Short numbers turn up within a few hundred signatures: each must still fill its half.
    for (int i = 0; i < (type == KeyType::ec_p256 ? 600 : 20); ++i) {
      ASSERT_OK(const auto signature, key->sign(SignatureScheme::ecdsa_sha384, SignatureEncoding::fixed, digest));
      ASSERT_EQ(signature.size(), 2 * field_bytes(type));
    }
  }
}

TEST(SigningKey, never_signs_with_pkcs1) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::rsa, 2048));
  for (const auto scheme :
       {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pkcs1_sha384, SignatureScheme::rsa_pkcs1_sha512}) {
    EXPECT_REFUSED(key->sign(scheme, SignatureEncoding::der, hash(hash_of(scheme), as_bytes("abc"))),
                   CryptoReason::scheme_mismatch);
  }
}

TEST(SigningKey, refuses_schemes_and_digests_that_do_not_fit) {
  ASSERT_OK(const auto rsa, generate_signing_key(KeyType::rsa, 2048));
  ASSERT_OK(const auto ec, generate_signing_key(KeyType::ec_p384));
  const Digest digest = hash(HashAlgorithm::sha256, as_bytes("abc"));
  EXPECT_REFUSED(rsa->sign(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, digest),
                 CryptoReason::scheme_mismatch);
  EXPECT_REFUSED(ec->sign(SignatureScheme::rsa_pss_sha256, SignatureEncoding::der, digest),
                 CryptoReason::scheme_mismatch);
  EXPECT_REFUSED(ec->sign(SignatureScheme::ecdsa_sha384, SignatureEncoding::der, digest),
                 CryptoReason::bad_digest_length);
}

TEST(SigningKey, signs_from_several_threads_at_once) {
  std::vector<std::unique_ptr<SigningKey>> keys;
  for (const auto type : {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    keys.push_back(generate_signing_key(type, 2048).value());
  }
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (int round = 0; round < 10; ++round) {
          for (const auto& key : keys) {
            const auto scheme = default_scheme(key->public_key()).value();
            const std::string message = std::to_string(thread) + "/" + std::to_string(round);
            const Digest digest = hash(hash_of(scheme), as_bytes(message));
            const auto signature = key->sign(scheme, SignatureEncoding::fixed, digest);
            if (signature && key->public_key().verify(scheme, SignatureEncoding::fixed, digest, *signature)) ++good;
          }
        }
      });
    }
  }
  EXPECT_EQ(good, 4 * 10 * 4);
}

}  // namespace
}  // namespace proofmark::crypto
