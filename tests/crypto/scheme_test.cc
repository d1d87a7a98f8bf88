#include "crypto/scheme.h"

#include <array>
#include <string>
#include <utility>

#include "crypto/spki.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

struct SchemeFacts {
  SignatureScheme scheme;
  HashAlgorithm hash;
  RsaPadding padding;
  std::string_view name;
};

constexpr std::array kSchemes{
    SchemeFacts{SignatureScheme::rsa_pss_sha256, HashAlgorithm::sha256, RsaPadding::pss, "RSASSA-PSS-SHA256"},
    SchemeFacts{SignatureScheme::rsa_pss_sha384, HashAlgorithm::sha384, RsaPadding::pss, "RSASSA-PSS-SHA384"},
    SchemeFacts{SignatureScheme::rsa_pss_sha512, HashAlgorithm::sha512, RsaPadding::pss, "RSASSA-PSS-SHA512"},
    SchemeFacts{SignatureScheme::rsa_pkcs1_sha256, HashAlgorithm::sha256, RsaPadding::pkcs1,
                "RSASSA-PKCS1-v1_5-SHA256"},
    SchemeFacts{SignatureScheme::rsa_pkcs1_sha384, HashAlgorithm::sha384, RsaPadding::pkcs1,
                "RSASSA-PKCS1-v1_5-SHA384"},
    SchemeFacts{SignatureScheme::rsa_pkcs1_sha512, HashAlgorithm::sha512, RsaPadding::pkcs1,
                "RSASSA-PKCS1-v1_5-SHA512"},
    SchemeFacts{SignatureScheme::ecdsa_sha256, HashAlgorithm::sha256, RsaPadding::none, "ECDSA-SHA256"},
    SchemeFacts{SignatureScheme::ecdsa_sha384, HashAlgorithm::sha384, RsaPadding::none, "ECDSA-SHA384"},
    SchemeFacts{SignatureScheme::ecdsa_sha512, HashAlgorithm::sha512, RsaPadding::none, "ECDSA-SHA512"},
};

TEST(Scheme, says_its_hash_padding_and_name) {
  for (const auto& facts : kSchemes) {
    EXPECT_EQ(hash_of(facts.scheme), facts.hash);
    EXPECT_EQ(padding_of(facts.scheme), facts.padding);
    EXPECT_EQ(name(facts.scheme), facts.name);
  }
}

TEST(CheckScheme, lets_rsa_schemes_go_with_rsa_and_ecdsa_with_any_curve) {
  for (const auto& facts : kSchemes) {
    const Digest digest = hash(facts.hash, as_bytes("abc"));
    for (const auto key : {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
      if ((key == KeyType::rsa) == (facts.padding != RsaPadding::none)) {
        EXPECT_OK(check_scheme(facts.scheme, key, digest));
      } else {
        EXPECT_REFUSED(check_scheme(facts.scheme, key, digest), CryptoReason::scheme_mismatch);
      }
    }
  }
}

TEST(CheckScheme, refuses_a_digest_of_another_hash) {
  for (const auto& facts : kSchemes) {
    const KeyType key = facts.padding == RsaPadding::none ? KeyType::ec_p384 : KeyType::rsa;
    for (const auto other : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
      if (other == facts.hash) continue;
      EXPECT_REFUSED(check_scheme(facts.scheme, key, hash(other, as_bytes("abc"))), CryptoReason::bad_digest_length);
    }
  }
}

TEST(Describe, names_type_and_size) {
  EXPECT_EQ(describe(KeyType::rsa, 3072), "RSA-3072");
  EXPECT_EQ(describe(KeyType::ec_p256, 256), "EC-P256");
  EXPECT_EQ(describe(KeyType::ec_p384, 384), "EC-P384");
  EXPECT_EQ(describe(KeyType::ec_p521, 521), "EC-P521");
}

// Notary Project signature specification, "Signature algorithm requirements".
TEST(DefaultScheme, follows_the_notary_projects_table) {
  const auto curve_key = [](KeyType type) { return generate_signing_key(type).value()->public_key(); };
  const auto rsa_key = [](std::size_t bits) {
    return PublicKey::from_spki(rsa_spki(Bytes(bits / 8, 0xc5), test::hex("010001"))).value();
  };
  for (const auto& [key, scheme] : {std::pair{curve_key(KeyType::ec_p256), SignatureScheme::ecdsa_sha256},
                                    std::pair{curve_key(KeyType::ec_p384), SignatureScheme::ecdsa_sha384},
                                    std::pair{curve_key(KeyType::ec_p521), SignatureScheme::ecdsa_sha512},
                                    std::pair{rsa_key(2048), SignatureScheme::rsa_pss_sha256},
                                    std::pair{rsa_key(3072), SignatureScheme::rsa_pss_sha384},
                                    std::pair{rsa_key(4096), SignatureScheme::rsa_pss_sha512}}) {
    ASSERT_OK(const auto chosen, default_scheme(key));
    EXPECT_EQ(chosen, scheme) << describe(key.type(), key.bits());
  }
}

}  // namespace
}  // namespace proofmark::crypto
