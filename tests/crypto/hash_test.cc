#include "crypto/hash.h"

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "support/support.h"

namespace proofmark::crypto {
namespace {

constexpr std::array kAlgorithms{HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512};

struct HashExample {
  std::string message;
  std::array<std::string, 3> digests;  // in the order of kAlgorithms
};

// NIST's examples for FIPS 180-4 (one block, two blocks, a million times "a"), and the empty message.
const std::vector<HashExample>& hash_examples() {
  static const std::vector<HashExample> examples{
      {"",
       {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f"
        "63b931bd47417a81a538327af927da3e"}},
      {"abc",
       {"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f"}},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       {"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b",
        "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca0"
        "31ad85c7a71dd70354ec631238ca3445"}},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
       "mnopqrstnopqrstu",
       {"cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
        "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039",
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433a"
        "c7d329eeb6dd26545e96e55b874be909"}},
      {std::string(1'000'000, 'a'),
       {"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985",
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31b"
        "eb009c5c2c49aa2e4eadb217ad8cc09b"}},
  };
  return examples;
}

TEST(Hash, gives_the_digests_of_fips_180_4) {
  for (const auto& example : hash_examples()) {
    for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
      const Digest digest = hash(kAlgorithms[i], as_bytes(example.message));
      EXPECT_EQ(to_hex(digest.bytes()), example.digests[i]) << name(kAlgorithms[i]);
      EXPECT_EQ(digest.algorithm(), kAlgorithms[i]);
    }
  }
}

TEST(Hasher, gives_the_same_digest_however_the_message_is_cut) {
  const std::string message(1000, 'a');
  for (const auto algorithm : kAlgorithms) {
    for (const std::size_t step : {1U, 7U, 63U, 64U, 65U, 128U, 999U}) {
      Hasher hasher(algorithm);
      for (std::size_t at = 0; at < message.size(); at += step) {
        hasher.update(as_bytes(std::string_view(message).substr(at, step)));
      }
      EXPECT_EQ(hasher.finish(), hash(algorithm, as_bytes(message))) << name(algorithm) << " in steps of " << step;
    }
  }
}

TEST(Hasher, starts_anew_after_finish) {
  Hasher hasher(HashAlgorithm::sha384);
  hasher.update(as_bytes("something else"));
  (void)hasher.finish();
  hasher.update(as_bytes("abc"));
  EXPECT_EQ(hasher.finish(), hash(HashAlgorithm::sha384, as_bytes("abc")));
  EXPECT_EQ(hasher.finish(), hash(HashAlgorithm::sha384, {}));
}

TEST(Hasher, moves_with_its_state) {
  Hasher first(HashAlgorithm::sha256);
  first.update(as_bytes("a"));
  Hasher second(std::move(first));
  second.update(as_bytes("b"));
  Hasher third(HashAlgorithm::sha512);
  third = std::move(second);
  third.update(as_bytes("c"));
  EXPECT_EQ(third.finish(), hash(HashAlgorithm::sha256, as_bytes("abc")));
}

TEST(Hash, is_the_same_in_every_thread) {
  const Digest expected = hash(HashAlgorithm::sha384, as_bytes("abc"));
  const Digest expected_mac = hmac(HashAlgorithm::sha256, as_bytes("key"), as_bytes("abc"));
  std::array<int, 4> agreed{};
  {
    std::vector<std::jthread> threads;
    for (int& count : agreed) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          const bool same = hash(HashAlgorithm::sha384, as_bytes("abc")) == expected;
          count +=
              static_cast<int>(same && hmac(HashAlgorithm::sha256, as_bytes("key"), as_bytes("abc")) == expected_mac);
        }
      });
    }
  }
  for (const int count : agreed) EXPECT_EQ(count, 500);
}

Bytes text(std::string_view characters) {
  return to_bytes(as_bytes(characters));
}

struct HmacExample {
  Bytes key;
  std::string message;
  std::array<std::string, 3> macs;  // in the order of kAlgorithms
};

// RFC 4231, test cases 1 to 4, 6 and 7 (case 5 is a truncated MAC, which we do not have).
const std::vector<HmacExample>& hmac_examples() {
  static const std::vector<HmacExample> examples{
      {Bytes(20, 0x0b),
       "Hi There",
       {"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4"
        "be9d914eeb61f1702e696c203a126854"}},
      {text("Jefe"),
       "what do ya want for nothing?",
       {"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
        "caeab1a34d4a6b4b636e070a38bce737"}},
      {Bytes(20, 0xaa),
       std::string(50, '\xdd'),
       {"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
        "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807"
        "b946a337bee8942674278859e13292fb"}},
      {test::hex("0102030405060708090a0b0c0d0e0f10111213141516171819"),
       std::string(50, '\xcd'),
       {"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
        "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063"
        "a5f19741120c4f2de2adebeb10a298dd"}},
      {Bytes(131, 0xaa),
       "Test Using Larger Than Block-Size Key - Hash Key First",
       {"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e52"
        "95e64f73f63f0aec8b915a985d786598"}},
      {Bytes(131, 0xaa),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed "
       "before being used by the HMAC algorithm.",
       {"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
        "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
        "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15"
        "134676fb6de0446065c97440fa8c6a58"}},
  };
  return examples;
}

TEST(Hmac, gives_the_macs_of_rfc_4231) {
  for (const auto& example : hmac_examples()) {
    for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
      EXPECT_EQ(to_hex(hmac(kAlgorithms[i], example.key, as_bytes(example.message)).bytes()), example.macs[i])
          << name(kAlgorithms[i]) << ", " << example.message;
    }
  }
}

// Made with Python's hmac module. An empty key must not be taken for "the key of the call before".
TEST(Hmac, takes_an_empty_key_for_a_key) {
  const std::array<std::string, 3> expected{
      "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad",
      "6c1f2ee938fad2e24bd91298474382ca218c75db3d83e114b3d4367776d14d3551289e75e8209cd4b792302840234adc",
      "b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac6730c6c515421b327ec1d69402e53dfb49a"
      "d7381eb067b338fd7b0cb22247225d47"};
  for (std::size_t i = 0; i < kAlgorithms.size(); ++i) {
    (void)hmac(kAlgorithms[i], as_bytes("another key"), as_bytes("message"));
    EXPECT_EQ(to_hex(hmac(kAlgorithms[i], {}, {}).bytes()), expected[i]);
  }
}

TEST(Digest, is_equal_only_with_the_same_algorithm_and_bytes) {
  const Digest abc = hash(HashAlgorithm::sha256, as_bytes("abc"));
  EXPECT_EQ(abc, Digest(HashAlgorithm::sha256, abc.bytes()));
  EXPECT_NE(abc, hash(HashAlgorithm::sha256, as_bytes("abd")));
  EXPECT_NE(abc, hash(HashAlgorithm::sha384, as_bytes("abc")));
}

TEST(DigestDeathTest, must_have_the_length_of_its_algorithm) {
  const Bytes short_digest(31);
  EXPECT_DEATH(Digest(HashAlgorithm::sha256, short_digest), "digest_size");
}

TEST(HashAlgorithmName, is_lower_case) {
  EXPECT_EQ(name(HashAlgorithm::sha256), "sha256");
  EXPECT_EQ(name(HashAlgorithm::sha384), "sha384");
  EXPECT_EQ(name(HashAlgorithm::sha512), "sha512");
}

TEST(EqualSecret, compares_lengths_and_every_byte) {
  const Bytes secret = test::hex("000102030405060708090a0b0c0d0e0f");
  EXPECT_TRUE(equal_secret(secret, Bytes(secret)));
  EXPECT_TRUE(equal_secret({}, {}));
  EXPECT_FALSE(equal_secret(secret, ByteView(secret).first(15)));
  EXPECT_FALSE(equal_secret({}, secret));
  for (std::size_t i = 0; i < secret.size(); ++i) {
    Bytes other = secret;
    other[i] ^= 0x80U;
    EXPECT_FALSE(equal_secret(secret, other)) << "byte " << i;
  }
}

}  // namespace
}  // namespace proofmark::crypto
