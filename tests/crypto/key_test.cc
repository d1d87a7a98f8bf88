#include "crypto/key.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "crypto/spki.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

struct Signed {
  std::unique_ptr<SigningKey> key;
  SignatureScheme scheme;
  Digest digest;
  Bytes der;
  Bytes fixed;
};

Signed sign_something(KeyType type, int bits = 2048) {
  auto key = generate_signing_key(type, bits);
  EXPECT_TRUE(key.has_value());
  const auto scheme = default_scheme((*key)->public_key()).value();
  const Digest digest = hash(hash_of(scheme), as_bytes("what was signed"));
  Bytes der = (*key)->sign(scheme, SignatureEncoding::der, digest).value();
  Bytes fixed = (*key)->sign(scheme, SignatureEncoding::fixed, digest).value();
  return {std::move(*key), scheme, digest, std::move(der), std::move(fixed)};
}

constexpr std::array kTypes{KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521};

TEST(PublicKey, verifies_what_its_private_key_signed) {
  for (const auto type : kTypes) {
    const Signed made = sign_something(type);
    ASSERT_OK(const auto key, PublicKey::from_spki(made.key->public_key().spki()));
    EXPECT_EQ(key, made.key->public_key());
    EXPECT_OK(key.verify(made.scheme, SignatureEncoding::der, made.digest, made.der));
    EXPECT_OK(key.verify(made.scheme, SignatureEncoding::fixed, made.digest, made.fixed));
  }
}

TEST(PublicKey, refuses_a_signature_in_the_other_encoding) {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    const Signed made = sign_something(type);
    const PublicKey& key = made.key->public_key();
    EXPECT_REFUSED(key.verify(made.scheme, SignatureEncoding::fixed, made.digest, made.der),
                   CryptoReason::bad_signature);
    EXPECT_REFUSED(key.verify(made.scheme, SignatureEncoding::der, made.digest, made.fixed),
                   CryptoReason::bad_signature);
  }
}

TEST(PublicKey, refuses_every_signature_with_one_bit_flipped) {
  for (const auto type : {KeyType::rsa, KeyType::ec_p256}) {
    const Signed made = sign_something(type);
    for (std::size_t bit = 0; bit < made.der.size() * 8; ++bit) {
      Bytes altered = made.der;
      altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      EXPECT_REFUSED(made.key->public_key().verify(made.scheme, SignatureEncoding::der, made.digest, altered),
                     CryptoReason::bad_signature);
    }
  }
}

TEST(PublicKey, refuses_every_truncated_or_extended_signature) {
  for (const auto type : kTypes) {
    const Signed made = sign_something(type);
    const PublicKey& key = made.key->public_key();
    for (const auto& [encoding, signature] :
         {std::pair{SignatureEncoding::der, made.der}, std::pair{SignatureEncoding::fixed, made.fixed}}) {
      for (std::size_t size = 0; size < signature.size(); ++size) {
        EXPECT_REFUSED(key.verify(made.scheme, encoding, made.digest, ByteView(signature).first(size)),
                       CryptoReason::bad_signature);
      }
      Bytes longer = signature;
      longer.push_back(0);
      EXPECT_REFUSED(key.verify(made.scheme, encoding, made.digest, longer), CryptoReason::bad_signature);
      longer = signature;
      longer.insert(longer.begin(), 0);
      EXPECT_REFUSED(key.verify(made.scheme, encoding, made.digest, longer), CryptoReason::bad_signature);
    }
  }
}

TEST(PublicKey, refuses_the_signature_of_another_key_or_digest) {
  for (const auto type : kTypes) {
    const Signed made = sign_something(type);
    const Signed other = sign_something(type);
    EXPECT_REFUSED(other.key->public_key().verify(made.scheme, SignatureEncoding::der, made.digest, made.der),
                   CryptoReason::bad_signature);
    const Digest another = hash(hash_of(made.scheme), as_bytes("what was not signed"));
    EXPECT_REFUSED(made.key->public_key().verify(made.scheme, SignatureEncoding::der, another, made.der),
                   CryptoReason::bad_signature);
  }
}

TEST(PublicKey, refuses_a_pss_signature_as_pkcs1_and_a_scheme_of_another_key_type) {
  const Signed rsa = sign_something(KeyType::rsa);
  EXPECT_REFUSED(
      rsa.key->public_key().verify(SignatureScheme::rsa_pkcs1_sha256, SignatureEncoding::der, rsa.digest, rsa.der),
      CryptoReason::bad_signature);
  EXPECT_REFUSED(
      rsa.key->public_key().verify(SignatureScheme::ecdsa_sha256, SignatureEncoding::der, rsa.digest, rsa.der),
      CryptoReason::scheme_mismatch);
  const Signed ec = sign_something(KeyType::ec_p256);
  EXPECT_REFUSED(
      ec.key->public_key().verify(SignatureScheme::rsa_pss_sha256, SignatureEncoding::der, ec.digest, ec.der),
      CryptoReason::scheme_mismatch);
  EXPECT_REFUSED(ec.key->public_key().verify(SignatureScheme::ecdsa_sha384, SignatureEncoding::der, ec.digest, ec.der),
                 CryptoReason::bad_digest_length);
}

// FIPS 186-5, 6.4: any approved hash; one longer than the order is truncated.
TEST(PublicKey, verifies_ecdsa_with_each_hash_on_each_curve) {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    ASSERT_OK(const auto key, generate_signing_key(type));
    for (const auto scheme :
         {SignatureScheme::ecdsa_sha256, SignatureScheme::ecdsa_sha384, SignatureScheme::ecdsa_sha512}) {
      const Digest digest = hash(hash_of(scheme), as_bytes("abc"));
      for (const auto encoding : {SignatureEncoding::der, SignatureEncoding::fixed}) {
        ASSERT_OK(const auto signature, key->sign(scheme, encoding, digest));
        EXPECT_OK(key->public_key().verify(scheme, encoding, digest, signature));
      }
    }
  }
}

TEST(FromSpki, refuses_points_off_the_curve) {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    ASSERT_OK(const auto key, generate_signing_key(type));
    const Bytes good = to_bytes(key->public_key().spki());
    const std::size_t width = field_bytes(type);
    for (const std::size_t at :
         {good.size() - 1, good.size() - width, good.size() - width - 1, good.size() - 2 * width + 1}) {
      Bytes altered = good;
      altered[at] ^= 0x01U;
      EXPECT_REFUSED(PublicKey::from_spki(altered), CryptoReason::invalid_key);
    }
    Bytes point(1 + 2 * width);
    point[0] = 0x04;
    EXPECT_REFUSED(PublicKey::from_spki(ec_spki(type, point)), CryptoReason::invalid_key);  // (0, 0)
  }
}

// x + p names the same point of the field, if a reader were to reduce it. SEC 1, 2.3.4: a coordinate is less than p.
TEST(FromSpki, refuses_coordinates_that_are_not_reduced) {
  // P-521 has room above its prime: the generator with p added to x, and to y. SP 800-186, 3.2.1.5.
  const std::string x =
      "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a"
      "429bf97e7e31c2e5bd66";
  const std::string y =
      "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272"
      "c24088be94769fd16650";
  // p is 2^521 - 1: x + p = x - 1 + 2^521, which has bit 521 set.
  const std::string x_plus_p =
      "02c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a"
      "429bf97e7e31c2e5bd65";
  const std::string y_plus_p =
      "031839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272"
      "c24088be94769fd1664f";
  EXPECT_OK(PublicKey::from_spki(ec_spki(KeyType::ec_p521, test::hex("04" + x + y))));
  EXPECT_REFUSED(PublicKey::from_spki(ec_spki(KeyType::ec_p521, test::hex("04" + x_plus_p + y))),
                 CryptoReason::invalid_key);
  EXPECT_REFUSED(PublicKey::from_spki(ec_spki(KeyType::ec_p521, test::hex("04" + x + y_plus_p))),
                 CryptoReason::invalid_key);
}

TEST(FromSpki, makes_no_key_that_verifies_out_of_an_altered_one) {
  for (const auto type : {KeyType::rsa, KeyType::ec_p256}) {
    const Signed made = sign_something(type);
    const Bytes good = to_bytes(made.key->public_key().spki());
    for (std::size_t at = 0; at < good.size(); ++at) {
      Bytes altered = good;
      altered[at] ^= 0x10U;
      const auto key = PublicKey::from_spki(altered);
      if (!key) continue;  // the usual case
      EXPECT_FALSE(key->verify(made.scheme, SignatureEncoding::der, made.digest, made.der).has_value())
          << "byte " << at;
    }
  }
}

TEST(PublicKey, is_equal_to_a_key_of_the_same_numbers) {
  ASSERT_OK(const auto one, generate_signing_key(KeyType::ec_p256));
  ASSERT_OK(const auto other, generate_signing_key(KeyType::ec_p256));
  ASSERT_OK(const auto again, PublicKey::from_spki(one->public_key().spki()));
  EXPECT_EQ(one->public_key(), again);
  EXPECT_FALSE(one->public_key() == other->public_key());
}

/// Counts the calls and lets OpenSSL answer, by stepping out of the way while it does.
class CountingVerifier final : public P384Verifier {
 public:
  [[nodiscard]] bool verify(ByteView point, ByteView digest, ByteView r, ByteView s) const override {
    ++calls;
    EXPECT_EQ(point.size(), 97U);
    EXPECT_EQ(r.size(), 48U);
    EXPECT_EQ(s.size(), 48U);
    Bytes signature = to_bytes(r);
    append(signature, s);
    const auto key = PublicKey::from_spki(ec_spki(KeyType::ec_p384, point));
    EXPECT_TRUE(key.has_value());
    const auto self = seam;
    set_p384_verifier(nullptr);
    const bool good = key->verify(SignatureScheme::ecdsa_sha384, SignatureEncoding::fixed,
                                  Digest(HashAlgorithm::sha384, digest), signature)
                          .has_value();
    set_p384_verifier(self);
    return good;
  }
  mutable int calls = 0;
  std::shared_ptr<const P384Verifier> seam;
};

class RefusingVerifier final : public P384Verifier {
 public:
  [[nodiscard]] bool verify(ByteView, ByteView, ByteView, ByteView) const override { return false; }
};

class P384Seam : public ::testing::Test {
 protected:
  void TearDown() override { set_p384_verifier(nullptr); }
};

TEST_F(P384Seam, answers_for_p384_in_both_encodings) {
  const Signed made = sign_something(KeyType::ec_p384);
  const auto counting = std::make_shared<CountingVerifier>();
  counting->seam = counting;
  set_p384_verifier(counting);
  const PublicKey& key = made.key->public_key();
  EXPECT_OK(key.verify(made.scheme, SignatureEncoding::der, made.digest, made.der));
  EXPECT_OK(key.verify(made.scheme, SignatureEncoding::fixed, made.digest, made.fixed));
  EXPECT_EQ(counting->calls, 2);
  const Digest another = hash(HashAlgorithm::sha384, as_bytes("another"));
  EXPECT_REFUSED(key.verify(made.scheme, SignatureEncoding::der, another, made.der), CryptoReason::bad_signature);
  EXPECT_EQ(counting->calls, 3);
  counting->seam.reset();
}

TEST_F(P384Seam, is_not_asked_about_what_is_refused_before) {
  const Signed made = sign_something(KeyType::ec_p384);
  const auto counting = std::make_shared<CountingVerifier>();
  set_p384_verifier(counting);
  const PublicKey& key = made.key->public_key();
  EXPECT_REFUSED(key.verify(made.scheme, SignatureEncoding::fixed, made.digest, Bytes(96)),
                 CryptoReason::bad_signature);
  EXPECT_REFUSED(key.verify(made.scheme, SignatureEncoding::fixed, made.digest, Bytes(96, 0xff)),
                 CryptoReason::bad_signature);
  EXPECT_REFUSED(key.verify(made.scheme, SignatureEncoding::der, made.digest, made.fixed), CryptoReason::bad_signature);
  EXPECT_REFUSED(key.verify(SignatureScheme::rsa_pss_sha384, SignatureEncoding::der, made.digest, made.der),
                 CryptoReason::scheme_mismatch);
  EXPECT_EQ(counting->calls, 0);
}

TEST_F(P384Seam, has_the_last_word_over_p384_and_no_other_key) {
  const Signed p384 = sign_something(KeyType::ec_p384);
  const Signed p256 = sign_something(KeyType::ec_p256);
  set_p384_verifier(std::make_shared<RefusingVerifier>());
  EXPECT_REFUSED(p384.key->public_key().verify(p384.scheme, SignatureEncoding::der, p384.digest, p384.der),
                 CryptoReason::bad_signature);
  EXPECT_OK(p256.key->public_key().verify(p256.scheme, SignatureEncoding::der, p256.digest, p256.der));
  set_p384_verifier(nullptr);
  EXPECT_OK(p384.key->public_key().verify(p384.scheme, SignatureEncoding::der, p384.digest, p384.der));
}

TEST(PublicKey, verifies_from_several_threads_at_once) {
  std::vector<Signed> made;
  for (const auto type : kTypes) made.push_back(sign_something(type));
  std::atomic<int> good = 0;
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&] {
        for (int round = 0; round < 20; ++round) {
          for (const auto& one : made) {
            const PublicKey key = one.key->public_key();
            if (key.verify(one.scheme, SignatureEncoding::der, one.digest, one.der)) ++good;
            Bytes altered = one.der;
            altered.back() ^= 1U;
            if (!key.verify(one.scheme, SignatureEncoding::der, one.digest, altered)) ++refused;
          }
        }
      });
    }
  }
  EXPECT_EQ(good, 4 * 20 * 4);
  EXPECT_EQ(refused, 4 * 20 * 4);
}

}  // namespace
}  // namespace proofmark::crypto
