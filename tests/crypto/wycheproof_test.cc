// The vectors of Project Wycheproof (C2SP), which look for the mistakes that verifiers have made. They come from the
// module that wycheproof/go.mod pins; `./dev setup` puts them in the cache folder.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "codec/json.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/seal.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

using codec::json::Array;
using codec::json::Value;

std::filesystem::path vectors_folder() {
  const char* const cache = std::getenv("PROOFMARK_CACHE");
  const char* const home = std::getenv("HOME");
  const std::filesystem::path root = cache != nullptr
                                         ? std::filesystem::path(cache)
                                         : std::filesystem::path(home == nullptr ? "/" : home) / ".cache/proofmark";
  return root / "wycheproof" / "testvectors_v1";
}

/// A file of vectors. Missing members and files fail the test by name.
Value load(const std::string& file) {
  const Bytes bytes = test::read(vectors_folder() / file);
  auto parsed = codec::json::parse(as_text(bytes));
  EXPECT_TRUE(parsed.has_value()) << file << ": " << ::testing::PrintToString(parsed.error())
                                  << " (./dev setup fetches it)";
  return parsed.value_or(Value());
}

const Array& array_at(const Value& value, std::string_view key) {
  static const Array empty;
  const Value* member = value.find(key);
  const Array* array = member == nullptr ? nullptr : member->if_array();
  EXPECT_NE(array, nullptr) << key;
  return array == nullptr ? empty : *array;
}

std::string string_at(const Value& value, std::string_view key) {
  auto text = value.string_at(key);
  EXPECT_TRUE(text.has_value()) << key;
  return text.value_or("");
}

std::int64_t integer_at(const Value& value, std::string_view key) {
  auto number = value.integer_at(key);
  EXPECT_TRUE(number.has_value()) << key;
  return number.value_or(-1);
}

Bytes hex_at(const Value& value, std::string_view key) {
  return test::hex(string_at(value, key));
}

/// What happened to the vectors of one file.
struct Tally {
  int accepted = 0;
  int refused = 0;
  int unread_groups = 0;  // groups whose key or parameters are not ours
};

std::string label(const std::string& file, const Value& vector) {
  return file + ", tcId " + std::to_string(integer_at(vector, "tcId")) + ": " + string_at(vector, "comment");
}

/// "valid" must be accepted and "invalid" refused. "acceptable" (only PKCS#1 v1.5 with a missing NULL has such vectors
/// here) is refused too: RFC 8017, A.2.4 makes the NULL obligatory, and we read strictly.
void judge(const std::string& file, const Value& vector, bool accepted, Tally& tally) {
  const std::string result = string_at(vector, "result");
  EXPECT_TRUE(result == "valid" || result == "invalid" || result == "acceptable") << result;
  EXPECT_EQ(accepted, result == "valid") << label(file, vector);
  ++(accepted ? tally.accepted : tally.refused);
}

HashAlgorithm hash_named(const std::string& name) {
  if (name == "SHA-256") return HashAlgorithm::sha256;
  if (name == "SHA-384") return HashAlgorithm::sha384;
  EXPECT_EQ(name, "SHA-512");
  return HashAlgorithm::sha512;
}

bool verifies(const PublicKey& key, SignatureScheme scheme, SignatureEncoding encoding, const Value& vector) {
  const Digest digest = hash(hash_of(scheme), hex_at(vector, "msg"));
  const auto verified = key.verify(scheme, encoding, digest, hex_at(vector, "sig"));
  if (!verified) EXPECT_TRUE(verified.error().is(CryptoReason::bad_signature)) << verified.error().describe();
  return verified.has_value();
}

template <class SchemeOf>
Tally run_signatures(const std::string& file, SignatureEncoding encoding, SchemeOf scheme_of) {
  Tally tally;
  const Value vectors = load(file);
  for (const Value& group : array_at(vectors, "testGroups")) {
    auto key = PublicKey::from_spki(hex_at(group, "publicKeyDer"));
    EXPECT_TRUE(key.has_value()) << file << ": " << ::testing::PrintToString(key.error());
    if (!key) continue;
    const SignatureScheme scheme = scheme_of(hash_named(string_at(group, "sha")));
    for (const Value& vector : array_at(group, "tests")) {
      judge(file, vector, verifies(*key, scheme, encoding, vector), tally);
    }
  }
  EXPECT_EQ(tally.accepted + tally.refused, integer_at(vectors, "numberOfTests")) << file;
  return tally;
}

SignatureScheme ecdsa_with(HashAlgorithm algorithm) {
  if (algorithm == HashAlgorithm::sha256) return SignatureScheme::ecdsa_sha256;
  return algorithm == HashAlgorithm::sha384 ? SignatureScheme::ecdsa_sha384 : SignatureScheme::ecdsa_sha512;
}

SignatureScheme pkcs1_with(HashAlgorithm algorithm) {
  if (algorithm == HashAlgorithm::sha256) return SignatureScheme::rsa_pkcs1_sha256;
  return algorithm == HashAlgorithm::sha384 ? SignatureScheme::rsa_pkcs1_sha384 : SignatureScheme::rsa_pkcs1_sha512;
}

SignatureScheme pss_with(HashAlgorithm algorithm) {
  if (algorithm == HashAlgorithm::sha256) return SignatureScheme::rsa_pss_sha256;
  return algorithm == HashAlgorithm::sha384 ? SignatureScheme::rsa_pss_sha384 : SignatureScheme::rsa_pss_sha512;
}

/// The least number of vectors that each file must hold: an empty file proves nothing.
struct File {
  const char* name;
  int least_accepted;
  int least_refused;
};

void expect_at_least(const File& file, const Tally& tally) {
  EXPECT_GE(tally.accepted, file.least_accepted) << file.name;
  EXPECT_GE(tally.refused, file.least_refused) << file.name;
}

TEST(Wycheproof, ecdsa_in_der) {
  for (const File& file :
       {File{"ecdsa_secp256r1_sha256_test.json", 170, 300}, File{"ecdsa_secp256r1_sha512_test.json", 240, 300},
        File{"ecdsa_secp384r1_sha256_test.json", 160, 300}, File{"ecdsa_secp384r1_sha384_test.json", 190, 300},
        File{"ecdsa_secp384r1_sha512_test.json", 230, 300}, File{"ecdsa_secp521r1_sha512_test.json", 230, 300}}) {
    expect_at_least(file, run_signatures(file.name, SignatureEncoding::der, ecdsa_with));
  }
}

TEST(Wycheproof, ecdsa_in_fixed_width) {
  for (const File& file : {File{"ecdsa_secp256r1_sha256_p1363_test.json", 170, 85},
                           File{"ecdsa_secp256r1_sha512_p1363_test.json", 240, 85},
                           File{"ecdsa_secp384r1_sha384_p1363_test.json", 190, 85},
                           File{"ecdsa_secp384r1_sha512_p1363_test.json", 230, 85},
                           File{"ecdsa_secp521r1_sha512_p1363_test.json", 230, 85}}) {
    expect_at_least(file, run_signatures(file.name, SignatureEncoding::fixed, ecdsa_with));
  }
}

TEST(Wycheproof, rsa_pkcs1) {
  for (const int bits : {2048, 3072, 4096}) {
    for (const char* const hash_name : {"sha256", "sha384", "sha512"}) {
      const std::string name = "rsa_signature_" + std::to_string(bits) + "_" + hash_name + "_test.json";
      expect_at_least({name.c_str(), 7, 250}, run_signatures(name, SignatureEncoding::der, pkcs1_with));
    }
  }
}

TEST(Wycheproof, rsa_pss_with_our_parameters) {
  for (const File& file :
       {File{"rsa_pss_2048_sha256_mgf1_32_test.json", 60, 45}, File{"rsa_pss_2048_sha384_mgf1_48_test.json", 90, 45},
        File{"rsa_pss_3072_sha256_mgf1_32_test.json", 60, 45}, File{"rsa_pss_4096_sha256_mgf1_32_test.json", 60, 45},
        File{"rsa_pss_4096_sha384_mgf1_48_test.json", 90, 45},
        File{"rsa_pss_4096_sha512_mgf1_64_test.json", 130, 45}}) {
    expect_at_least(file, run_signatures(file.name, SignatureEncoding::der, pss_with));
  }
}

/// Signatures that others accept, with a salt or an MGF1 hash that isn't ours, are refused. (The group without salt has
/// one vector, invalid there, with a salt as long as the hash: that one is ours.)
TEST(Wycheproof, rsa_pss_with_other_salts_and_mgf_hashes_is_refused) {
  Tally tally;
  for (const std::string file : {"rsa_pss_2048_sha256_mgf1_0_test.json", "rsa_pss_4096_sha512_mgf1_32_test.json",
                                 "rsa_pss_2048_sha256_mgf1sha1_20_test.json"}) {
    const Value vectors = load(file);
    for (const Value& group : array_at(vectors, "testGroups")) {
      ASSERT_OK(const auto key, PublicKey::from_spki(hex_at(group, "publicKeyDer")));
      const HashAlgorithm algorithm = hash_named(string_at(group, "sha"));
      const std::string our_salt = "s_len changed to " + std::to_string(digest_size(algorithm));
      const bool our_mgf = string_at(group, "mgfSha") == string_at(group, "sha");
      for (const Value& vector : array_at(group, "tests")) {
        const bool accepted = verifies(key, pss_with(algorithm), SignatureEncoding::der, vector);
        EXPECT_EQ(accepted, our_mgf && string_at(vector, "comment") == our_salt) << label(file, vector);
        ++(accepted ? tally.accepted : tally.refused);
      }
    }
  }
  EXPECT_EQ(tally.accepted, 1);
  EXPECT_GE(tally.refused, 380);
}

/// One key and one signature a group, with every mix of hash, MGF1 hash and salt: ours are accepted, the others
/// refused.
TEST(Wycheproof, rsa_pss_misc) {
  Tally tally;
  const std::string file = "rsa_pss_misc_test.json";
  const Value vectors = load(file);
  for (const Value& group : array_at(vectors, "testGroups")) {
    const std::string sha = string_at(group, "sha");
    const bool our_hash = sha == "SHA-256" || sha == "SHA-384" || sha == "SHA-512";
    const auto key = PublicKey::from_spki(hex_at(group, "publicKeyDer"));
    if (!our_hash || !key) {
      ++tally.unread_groups;
      continue;
    }
    const HashAlgorithm algorithm = hash_named(sha);
    const bool ours = string_at(group, "mgfSha") == sha &&
                      integer_at(group, "sLen") == static_cast<std::int64_t>(digest_size(algorithm));
    for (const Value& vector : array_at(group, "tests")) {
      const bool accepted = verifies(*key, pss_with(algorithm), SignatureEncoding::der, vector);
      EXPECT_EQ(accepted, ours && string_at(vector, "result") == "valid") << label(file, vector);
      ++(accepted ? tally.accepted : tally.refused);
    }
  }
  EXPECT_GE(tally.accepted, 3);
  EXPECT_GE(tally.refused, 30);
  EXPECT_EQ(tally.accepted + tally.refused + tally.unread_groups, 150);
}

/// Keys that carry PSS parameters (id-RSASSA-PSS) are not ours.
TEST(Wycheproof, keys_with_pss_parameters_are_refused) {
  int groups = 0;
  for (const char* const file :
       {"rsa_pss_2048_sha256_mgf1_32_params_test.json", "rsa_pss_3072_sha256_mgf1_32_params_test.json",
        "rsa_pss_4096_sha512_mgf1_64_params_test.json", "rsa_pss_misc_params_test.json"}) {
    const Value vectors = load(file);
    for (const Value& group : array_at(vectors, "testGroups")) {
      EXPECT_REFUSED(PublicKey::from_spki(hex_at(group, "publicKeyDer")), CryptoReason::unsupported_key);
      ++groups;
    }
  }
  EXPECT_GE(groups, 150);
}

TEST(Wycheproof, hmac) {
  for (const auto& [name, algorithm] : {std::pair{"hmac_sha256_test.json", HashAlgorithm::sha256},
                                        std::pair{"hmac_sha384_test.json", HashAlgorithm::sha384},
                                        std::pair{"hmac_sha512_test.json", HashAlgorithm::sha512}}) {
    Tally tally;
    const Value vectors = load(name);
    for (const Value& group : array_at(vectors, "testGroups")) {
      const auto tag_bytes = static_cast<std::size_t>(integer_at(group, "tagSize")) / 8;
      for (const Value& vector : array_at(group, "tests")) {
        const Digest mac = hmac(algorithm, hex_at(vector, "key"), hex_at(vector, "msg"));
        judge(name, vector, equal_secret(mac.bytes().first(tag_bytes), hex_at(vector, "tag")), tally);
      }
    }
    expect_at_least({name, 66, 100}, tally);
  }
}

TEST(Wycheproof, aes_gcm) {
  const std::string file = "aes_gcm_test.json";
  Tally tally;
  int other_nonces = 0;
  const Value vectors = load(file);
  for (const Value& group : array_at(vectors, "testGroups")) {
    ASSERT_EQ(integer_at(group, "tagSize"), 128);
    for (const Value& vector : array_at(group, "tests")) {
      const Bytes key = hex_at(vector, "key");
      const Bytes nonce = hex_at(vector, "iv");
      const Bytes associated = hex_at(vector, "aad");
      const Bytes plaintext = hex_at(vector, "msg");
      Bytes ciphertext = hex_at(vector, "ct");
      append(ciphertext, hex_at(vector, "tag"));
      const auto opened = aes_gcm_decrypt(key, nonce, associated, ciphertext);
      if (nonce.size() != 12) {  // valid for GCM in general, never for us
        EXPECT_REFUSED(aes_gcm_encrypt(key, nonce, associated, plaintext), CryptoReason::bad_aead_key);
        ASSERT_FALSE(opened.has_value());
        EXPECT_TRUE(opened.error().is(CryptoReason::bad_aead_key));
        ++other_nonces;
        continue;
      }
      judge(file, vector, opened.has_value(), tally);
      if (!opened) {
        EXPECT_TRUE(opened.error().is(CryptoReason::bad_seal));
        continue;
      }
      EXPECT_EQ(to_bytes(opened->reveal()), plaintext) << label(file, vector);
      ASSERT_OK(const auto sealed, aes_gcm_encrypt(key, nonce, associated, plaintext));
      EXPECT_EQ(sealed, ciphertext) << label(file, vector);
    }
  }
  expect_at_least({file.c_str(), 100, 50}, tally);
  EXPECT_GE(other_nonces, 50);
}

}  // namespace
}  // namespace proofmark::crypto
