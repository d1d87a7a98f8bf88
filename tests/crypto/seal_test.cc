#include "crypto/seal.h"

#include "support/support.h"

namespace proofmark::crypto {
namespace {

using test::hex;

// The GCM specification's test cases 4 (AES-128), 10 (AES-192) and 16 (AES-256), which have associated data.
TEST(AesGcm, gives_the_ciphertexts_of_the_specification) {
  const Bytes plaintext =
      hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const Bytes associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const Bytes nonce = hex("cafebabefacedbaddecaf888");
  const std::string key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
  struct Case {
    std::size_t key_bytes;
    const char* ciphertext_and_tag;
  };
  for (const auto& [key_bytes, expected] : {Case{16,
                                                 "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d51"
                                                 "4b25466931c7d8f6a5aac84aa051ba30b396a0aac97"
                                                 "3d58e0915bc94fbc3221a5db94fae95ae7121a47"},
                                            Case{24,
                                                 "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773"
                                                 "d00c144c525ac619d18c84a3f4718e2448b2fe324d9"
                                                 "ccda27102519498e80f1478f37ba55bd6d27618c"},
                                            Case{32,
                                                 "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08"
                                                 "e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
                                                 "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b"}}) {
    const Bytes key_bytes_used = hex(key.substr(0, 2 * key_bytes));
    ASSERT_OK(const auto ciphertext, aes_gcm_encrypt(key_bytes_used, nonce, associated, plaintext));
    EXPECT_EQ(to_hex(ciphertext), expected);
    ASSERT_OK(const auto back, aes_gcm_decrypt(key_bytes_used, nonce, associated, ciphertext));
    EXPECT_EQ(to_bytes(back.reveal()), plaintext);
  }
}

TEST(AesGcm, encrypts_nothing_and_authenticates_nothing_too) {
  const Bytes key(32, 1);
  const Bytes nonce(12, 2);
  for (const std::size_t associated : {0U, 1U, 15U, 16U, 17U, 1000U}) {
    for (const std::size_t plain : {0U, 1U, 15U, 16U, 17U, 1000U}) {
      ASSERT_OK(const auto ciphertext, aes_gcm_encrypt(key, nonce, Bytes(associated, 3), Bytes(plain, 4)));
      EXPECT_EQ(ciphertext.size(), plain + 16);
      ASSERT_OK(const auto back, aes_gcm_decrypt(key, nonce, Bytes(associated, 3), ciphertext));
      EXPECT_EQ(to_bytes(back.reveal()), Bytes(plain, 4));
      EXPECT_REFUSED(aes_gcm_decrypt(key, nonce, Bytes(associated + 1, 3), ciphertext), CryptoReason::bad_seal);
    }
  }
}

TEST(AesGcm, refuses_keys_and_nonces_of_other_lengths) {
  for (const std::size_t size : {0U, 15U, 17U, 31U, 33U, 64U}) {
    EXPECT_REFUSED(aes_gcm_encrypt(Bytes(size), Bytes(12), {}, {}), CryptoReason::bad_aead_key);
    EXPECT_REFUSED(aes_gcm_decrypt(Bytes(size), Bytes(12), {}, Bytes(16)), CryptoReason::bad_aead_key);
  }
  for (const std::size_t size : {0U, 8U, 11U, 13U, 16U}) {
    EXPECT_REFUSED(aes_gcm_encrypt(Bytes(32), Bytes(size), {}, {}), CryptoReason::bad_aead_key);
    EXPECT_REFUSED(aes_gcm_decrypt(Bytes(32), Bytes(size), {}, Bytes(16)), CryptoReason::bad_aead_key);
  }
}

TEST(AesGcm, refuses_ciphertext_shorter_than_its_tag) {
  for (std::size_t size = 0; size < 16; ++size) {
    EXPECT_REFUSED(aes_gcm_decrypt(Bytes(32), Bytes(12), {}, Bytes(size)), CryptoReason::bad_seal);
  }
}

SecretBytes key_of(std::uint8_t byte) {
  return SecretBytes(Bytes(32, byte));
}

TEST(Seal, gives_the_secret_back_under_the_same_key_and_context) {
  test::FakeRandom random(1);
  for (const std::string_view secret : {"", "s", "a private key of some length"}) {
    ASSERT_OK(const auto sealed, seal(key_of(7), "signing-profile/payments/1", as_bytes(secret), random));
    EXPECT_EQ(sealed.size(), 1 + 12 + secret.size() + 16);
    EXPECT_EQ(sealed.front(), 1);
    ASSERT_OK(const auto back, unseal(key_of(7), "signing-profile/payments/1", sealed));
    EXPECT_EQ(as_text(back.reveal()), secret);
  }
}

TEST(Seal, uses_a_fresh_nonce_each_time) {
  test::FakeRandom random(1);
  ASSERT_OK(const auto one, seal(key_of(7), "context", as_bytes("secret"), random));
  ASSERT_OK(const auto other, seal(key_of(7), "context", as_bytes("secret"), random));
  EXPECT_FALSE(equal(ByteView(one).subspan(1, 12), ByteView(other).subspan(1, 12)));
}

TEST(Unseal, refuses_another_key_or_context) {
  test::FakeRandom random(1);
  ASSERT_OK(const auto sealed, seal(key_of(7), "signing-profile/payments/1", as_bytes("secret"), random));
  EXPECT_REFUSED(unseal(key_of(8), "signing-profile/payments/1", sealed), CryptoReason::bad_seal);
  for (const std::string_view other : {"", "signing-profile/payments/2", "signing-profile/payments/1 ", "ca/root"}) {
    EXPECT_REFUSED(unseal(key_of(7), other, sealed), CryptoReason::bad_seal);
  }
}

TEST(Unseal, refuses_every_altered_bit_and_every_other_length) {
  test::FakeRandom random(1);
  ASSERT_OK(const auto sealed, seal(key_of(7), "context", as_bytes("secret"), random));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes altered = sealed;
    altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_REFUSED(unseal(key_of(7), "context", altered), CryptoReason::bad_seal);
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_REFUSED(unseal(key_of(7), "context", ByteView(sealed).first(size)), CryptoReason::bad_seal);
  }
  Bytes longer = sealed;
  longer.push_back(0);
  EXPECT_REFUSED(unseal(key_of(7), "context", longer), CryptoReason::bad_seal);
}

TEST(Seal, refuses_a_key_that_is_not_32_bytes) {
  test::FakeRandom random(1);
  for (const std::size_t size : {0U, 16U, 24U, 31U, 33U}) {
    const SecretBytes key(Bytes(size, 7));
    EXPECT_REFUSED(seal(key, "context", as_bytes("secret"), random), CryptoReason::bad_aead_key);
    EXPECT_REFUSED(unseal(key, "context", Bytes(64, 1)), CryptoReason::bad_aead_key);
  }
}

}  // namespace
}  // namespace proofmark::crypto
