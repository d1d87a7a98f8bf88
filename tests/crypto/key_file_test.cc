#include "crypto/key.h"

#include <algorithm>
#include <string>
#include <vector>

#include "codec/pem.h"
#include "crypto/der_cursor.h"
#include "crypto/spki.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

using test::hex;

std::string pem_of(std::string_view label, ByteView der, std::string_view headers = {}) {
  std::string pem = codec::write_pem(label, der);
  return pem.insert(pem.find('\n') + 1, headers);
}

Bytes element(DerTag tag, std::initializer_list<ByteView> parts) {
  return der_element(tag, parts);
}

// The private number 1, whose public point is the generator. SP 800-186, 3.2.1.3.
const Bytes& p256_generator() {
  static const Bytes point =
      hex("04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
          "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  return point;
}

Bytes scalar(std::uint8_t value) {
  Bytes bytes(32);
  bytes.back() = value;
  return bytes;
}

/// ECPrivateKey (RFC 5915, 3) on P-256; the curve is named when `parameters` has it.
Bytes sec1(ByteView private_number, ByteView public_point, std::string_view parameters = "a00a 06082a8648ce3d030107") {
  Bytes public_part;
  if (!public_point.empty()) {
    const Bytes bits = element(DerTag::bit_string, {hex("00"), public_point});
    public_part = element(static_cast<DerTag>(0xa1), {bits});
  }
  return element(DerTag::sequence,
                 {hex("020101"), element(DerTag::octet_string, {private_number}), hex(parameters), public_part});
}

Bytes pkcs8(ByteView algorithm, ByteView private_key) {
  return element(DerTag::sequence, {hex("020100"), algorithm, element(DerTag::octet_string, {private_key})});
}

Bytes p256_algorithm() {
  return hex("3013 06072a8648ce3d0201 06082a8648ce3d030107");
}

Result<std::unique_ptr<SigningKey>> load(std::string_view pem, const SecretBytes* passphrase = nullptr) {
  return load_signing_key(as_bytes(pem), passphrase);
}

const SecretBytes& passphrase() {
  static const SecretBytes secret(std::string_view("correct horse"));
  return secret;
}

struct Kind {
  KeyType type;
  int bits;
};
// RSA of 3072 and 4096 bits takes too long to make here; openssl_interop_test.cc has them.
constexpr std::array kKinds{Kind{KeyType::rsa, 2048}, Kind{KeyType::ec_p256, 0}, Kind{KeyType::ec_p384, 0},
                            Kind{KeyType::ec_p521, 0}};

TEST(PrivateKeyPem, is_read_back_as_the_same_key) {
  for (const auto& [type, bits] : kKinds) {
    ASSERT_OK(const auto key, generate_signing_key(type, bits));
    for (const SecretBytes* secret : {static_cast<const SecretBytes*>(nullptr), &passphrase()}) {
      ASSERT_OK(const auto pem, private_key_pem(*key, secret));
      EXPECT_TRUE(as_text(pem.reveal())
                      .starts_with(secret == nullptr ? "-----BEGIN PRIVATE KEY-----\n"
                                                     : "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
      ASSERT_OK(const auto again, load_signing_key(pem.reveal(), secret));
      EXPECT_EQ(again->public_key(), key->public_key());
      ASSERT_OK(const auto scheme, default_scheme(key->public_key()));
      const Digest digest = hash(hash_of(scheme), as_bytes("abc"));
      ASSERT_OK(const auto signature, again->sign(scheme, SignatureEncoding::der, digest));
      EXPECT_OK(key->public_key().verify(scheme, SignatureEncoding::der, digest, signature));
    }
  }
}

TEST(PrivateKeyPem, is_encrypted_anew_each_time) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::ec_p256));
  ASSERT_OK(const auto one, private_key_pem(*key, &passphrase()));
  ASSERT_OK(const auto other, private_key_pem(*key, &passphrase()));
  EXPECT_FALSE(equal(one.reveal(), other.reveal()));
}

TEST(LoadSigningKey, asks_for_the_passphrase_and_refuses_a_wrong_one) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::ec_p256));
  ASSERT_OK(const auto pem, private_key_pem(*key, &passphrase()));
  EXPECT_REFUSED(load_signing_key(pem.reveal(), nullptr), CryptoReason::passphrase_required);
  for (const std::string_view wrong : {"", "correct horse "}) {
    const SecretBytes secret(wrong);
    EXPECT_REFUSED(load_signing_key(pem.reveal(), &secret), CryptoReason::wrong_passphrase);
  }
}

TEST(LoadSigningKey, takes_an_empty_passphrase_for_a_passphrase) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::ec_p256));
  const SecretBytes empty;
  ASSERT_OK(const auto pem, private_key_pem(*key, &empty));
  EXPECT_TRUE(as_text(pem.reveal()).starts_with("-----BEGIN ENCRYPTED"));
  EXPECT_REFUSED(load_signing_key(pem.reveal(), nullptr), CryptoReason::passphrase_required);
  ASSERT_OK(const auto again, load_signing_key(pem.reveal(), &empty));
  EXPECT_EQ(again->public_key(), key->public_key());
}

TEST(LoadSigningKey, passes_a_passphrase_over_that_is_not_needed) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::ec_p256));
  ASSERT_OK(const auto pem, private_key_pem(*key, nullptr));
  EXPECT_OK(load_signing_key(pem.reveal(), &passphrase()));
}

TEST(LoadSigningKey, reads_hand_made_sec1_and_pkcs8) {
  const Bytes expected = ec_spki(KeyType::ec_p256, p256_generator());
  for (const std::string& pem : {pem_of("EC PRIVATE KEY", sec1(scalar(1), p256_generator())),
                                 pem_of("EC PRIVATE KEY", sec1(scalar(1), {})),  // the point is worked out
                                 pem_of("PRIVATE KEY", pkcs8(p256_algorithm(), sec1(scalar(1), p256_generator(), ""))),
                                 pem_of("PRIVATE KEY", pkcs8(p256_algorithm(), sec1(scalar(1), {}, "")))}) {
    ASSERT_OK(const auto key, load(pem));
    EXPECT_EQ(to_bytes(key->public_key().spki()), expected);
  }
}

TEST(LoadSigningKey, passes_other_blocks_and_text_over) {
  const std::string key = pem_of("EC PRIVATE KEY", sec1(scalar(1), p256_generator()));
  const std::string parameters = pem_of("EC PARAMETERS", hex("06082a8648ce3d030107"));
  EXPECT_OK(load("the key of the build server\n\n" + parameters + key + "and more\n"));
  std::string crlf;
  for (const char c : key) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_OK(load(crlf));
}

TEST(LoadSigningKey, refuses_a_private_number_of_another_public_key) {
  EXPECT_OK(load(pem_of("EC PRIVATE KEY", sec1(scalar(1), p256_generator()))));
  EXPECT_REFUSED(load(pem_of("EC PRIVATE KEY", sec1(scalar(2), p256_generator()))), CryptoReason::invalid_key);
  EXPECT_REFUSED(load(pem_of("PRIVATE KEY", pkcs8(p256_algorithm(), sec1(scalar(2), p256_generator(), "")))),
                 CryptoReason::invalid_key);
}

/// RSAPrivateKey (RFC 8017, A.1.2): version, n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p.
constexpr std::size_t kModulus = 1;
constexpr std::size_t kPublicExponent = 2;
constexpr std::size_t kPrivateExponent = 3;
constexpr std::size_t kCoefficient = 8;

std::vector<Bytes> rsa_numbers(const SigningKey& key) {
  const auto pem = private_key_pem(key, nullptr);
  const auto block = codec::read_only_pem(as_text(pem->reveal()));
  DerCursor info(take_only(block->data, DerTag::sequence).value());
  (void)info.take(DerTag::integer);
  (void)info.take(DerTag::sequence);
  DerCursor cursor(take_only(info.take(DerTag::octet_string).value(), DerTag::sequence).value());
  std::vector<Bytes> numbers;
  while (!cursor.at_end()) numbers.push_back(to_bytes(cursor.take_unsigned().value()));
  return numbers;
}

std::string rsa_pem(const std::vector<Bytes>& numbers) {
  Bytes content;
  for (const Bytes& number : numbers) append(content, der_unsigned(number));
  return pem_of("RSA PRIVATE KEY", element(DerTag::sequence, {content}));
}

TEST(LoadSigningKey, refuses_an_rsa_key_whose_numbers_do_not_belong_together) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::rsa, 2048));
  const std::vector<Bytes> numbers = rsa_numbers(*key);
  ASSERT_EQ(numbers.size(), 9U);
  EXPECT_OK(load(rsa_pem(numbers)));
  for (const std::size_t index : {kModulus, kPublicExponent}) {
    std::vector<Bytes> altered = numbers;
    altered[index].back() ^= 0x02U;
    EXPECT_REFUSED(load(rsa_pem(altered)), CryptoReason::invalid_key);
  }
}

TEST(LoadSigningKey, refuses_an_rsa_key_with_numbers_longer_than_its_modulus) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::rsa, 2048));
  const std::vector<Bytes> numbers = rsa_numbers(*key);
  for (std::size_t index = kPrivateExponent; index <= kCoefficient; ++index) {
    std::vector<Bytes> altered = numbers;
    altered[index] = Bytes(40'000, 0xff);
    EXPECT_REFUSED(load(rsa_pem(altered)), CryptoReason::invalid_key);
  }
}

TEST(LoadSigningKey, refuses_what_is_no_private_key) {
  const Bytes key = sec1(scalar(1), p256_generator());
  Bytes trailing = key;
  trailing.push_back(0);
  Bytes pkcs8_trailing = pkcs8(p256_algorithm(), sec1(scalar(1), p256_generator(), ""));
  pkcs8_trailing.push_back(0);
  for (const std::string& pem :
       {std::string(), std::string("not PEM"), std::string("-----BEGIN EC PRIVATE KEY-----\n"),
        pem_of("CERTIFICATE", key), pem_of("PUBLIC KEY", ec_spki(KeyType::ec_p256, p256_generator())),
        pem_of("EC PRIVATE KEY", {}), pem_of("EC PRIVATE KEY", hex("3000")),
        pem_of("EC PRIVATE KEY", ByteView(key).first(key.size() - 1)), pem_of("EC PRIVATE KEY", trailing),
        pem_of("PRIVATE KEY", pkcs8_trailing), pem_of("PRIVATE KEY", key), pem_of("RSA PRIVATE KEY", key),
        pem_of("ENCRYPTED PRIVATE KEY", key), pem_of("PRIVATE KEY", pkcs8(p256_algorithm(), hex("3000"))),
        pem_of("PRIVATE KEY", pkcs8(p256_algorithm(), sec1(scalar(1), {}, "")),
               "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n")}) {
    EXPECT_REFUSED(load(pem), CryptoReason::malformed_key);
  }
}

TEST(LoadSigningKey, refuses_a_file_over_64_kib) {
  const std::string key = pem_of("EC PRIVATE KEY", sec1(scalar(1), p256_generator()));
  const std::string largest = std::string((64U << 10U) - key.size() - 1, ' ') + "\n" + key;
  EXPECT_OK(load(largest));
  EXPECT_REFUSED(load(" " + largest), CryptoReason::malformed_key);
}

TEST(LoadSigningKey, refuses_other_kinds_of_keys) {
  const Bytes ed25519 = pkcs8(hex("3005 06032b6570"), element(DerTag::octet_string, {scalar(1)}));
  EXPECT_REFUSED(load(pem_of("PRIVATE KEY", ed25519)), CryptoReason::unsupported_key);
  EXPECT_REFUSED(load(pem_of("DSA PRIVATE KEY", hex("3000"))), CryptoReason::unsupported_key);
  EXPECT_REFUSED(load(pem_of("OPENSSH PRIVATE KEY", hex("3000"))), CryptoReason::unsupported_key);
  // secp256k1, whose generator starts with 79be667e.
  const Bytes other_curve = sec1(scalar(1), {}, "a007 06052b8104000a");
  EXPECT_REFUSED(load(pem_of("EC PRIVATE KEY", other_curve)), CryptoReason::unsupported_key);
}

// --- PBES2 (RFC 8018, appendix A.4), made by hand ---

Bytes encrypted_info(ByteView key_derivation) {
  const Bytes aes_256_cbc =
      element(DerTag::sequence, {hex("060960864801650304012a"), element(DerTag::octet_string, {Bytes(16)})});
  const Bytes parameters = element(DerTag::sequence, {key_derivation, aes_256_cbc});
  const Bytes scheme = element(DerTag::sequence, {hex("06092a864886f70d01050d"), parameters});
  return element(DerTag::sequence, {scheme, element(DerTag::octet_string, {Bytes(64, 0x77)})});
}

Bytes pbkdf2(std::string_view iterations) {
  const Bytes parameters =
      element(DerTag::sequence, {element(DerTag::octet_string, {Bytes(16)}), der_unsigned(hex(iterations))});
  return element(DerTag::sequence, {hex("06092a864886f70d01050c"), parameters});
}

Bytes scrypt(std::string_view n, std::string_view r, std::string_view p) {
  const Bytes parameters = element(DerTag::sequence, {element(DerTag::octet_string, {Bytes(16)}), der_unsigned(hex(n)),
                                                      der_unsigned(hex(r)), der_unsigned(hex(p))});
  return element(DerTag::sequence, {hex("06092b06010401da47040b"), parameters});
}

Result<std::unique_ptr<SigningKey>> load_encrypted(ByteView key_derivation) {
  return load(pem_of("ENCRYPTED PRIVATE KEY", encrypted_info(key_derivation)), &passphrase());
}

TEST(LoadSigningKey, tries_a_passphrase_that_costs_little) {
  EXPECT_REFUSED(load_encrypted(pbkdf2("01")), CryptoReason::wrong_passphrase);
  EXPECT_REFUSED(load_encrypted(pbkdf2("0800")), CryptoReason::wrong_passphrase);
  EXPECT_REFUSED(load_encrypted(scrypt("0400", "08", "01")), CryptoReason::wrong_passphrase);
}

// At these costs the passphrase would take minutes to years to try: the test would not end.
TEST(LoadSigningKey, refuses_a_passphrase_that_costs_too_much) {
  for (const char* const iterations : {"3d0901", "7fffffff", "ffffffffffffffff", "010000000000000000"}) {
    EXPECT_REFUSED(load_encrypted(pbkdf2(iterations)), CryptoReason::unsupported_key);
  }
  EXPECT_REFUSED(load_encrypted(scrypt("400001", "01", "01")), CryptoReason::unsupported_key);
  EXPECT_REFUSED(load_encrypted(scrypt("020000", "01", "020000")), CryptoReason::unsupported_key);
  EXPECT_REFUSED(load_encrypted(scrypt("8000000000000000", "8000000000000000", "04")), CryptoReason::unsupported_key);
  EXPECT_REFUSED(load_encrypted(scrypt("00", "08", "01")), CryptoReason::unsupported_key);
}

TEST(LoadSigningKey, refuses_unknown_encryptions) {
  const Bytes unknown_derivation = hex("3005 06032b6570");
  EXPECT_REFUSED(load_encrypted(unknown_derivation), CryptoReason::unsupported_key);
  const Bytes pbes1 = element(
      DerTag::sequence, {hex("06092a864886f70d010503"),  // pbeWithMD5AndDES-CBC
                         element(DerTag::sequence, {element(DerTag::octet_string, {Bytes(8)}), hex("02020800")})});
  const Bytes info = element(DerTag::sequence, {pbes1, element(DerTag::octet_string, {Bytes(64)})});
  EXPECT_REFUSED(load(pem_of("ENCRYPTED PRIVATE KEY", info), &passphrase()), CryptoReason::unsupported_key);
  const std::string unknown_cipher =
      pem_of("EC PRIVATE KEY", Bytes(64), "Proc-Type: 4,ENCRYPTED\nDEK-Info: ROT13,0011223344556677\n\n");
  EXPECT_REFUSED(load(unknown_cipher, &passphrase()), CryptoReason::unsupported_key);
}

TEST(LoadSigningKey, refuses_damaged_ciphertext_as_a_wrong_passphrase) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::ec_p256));
  ASSERT_OK(const auto pem, private_key_pem(*key, &passphrase()));
  std::string text(as_text(pem.reveal()));
  const std::size_t last_line = text.rfind("\n-----END");
  text[last_line - 8] = text[last_line - 8] == 'A' ? 'B' : 'A';
  EXPECT_REFUSED(load(text, &passphrase()), CryptoReason::wrong_passphrase);
}

TEST(LoadSigningKey, asks_for_the_passphrase_of_a_traditional_key_without_a_terminal) {
  const std::string pem = pem_of("EC PRIVATE KEY", Bytes(128),
                                 "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n");
  EXPECT_REFUSED(load(pem), CryptoReason::passphrase_required);
  EXPECT_REFUSED(load(pem, &passphrase()), CryptoReason::wrong_passphrase);
  const SecretBytes too_long(Bytes(5000, 'x'));
  EXPECT_REFUSED(load(pem, &too_long), CryptoReason::wrong_passphrase);
}

class KeyElsewhere final : public SigningKey {
 public:
  explicit KeyElsewhere(const PublicKey& key) : key_(key) {}
  [[nodiscard]] const PublicKey& public_key() const override { return key_; }
  [[nodiscard]] Result<Bytes> sign(SignatureScheme, SignatureEncoding, const Digest&) const override {
    return fail(CryptoReason::backend_failure, "the token is not there");
  }

 private:
  const PublicKey& key_;
};

TEST(PrivateKeyPem, refuses_a_key_that_is_not_in_this_process) {
  ASSERT_OK(const auto key, generate_signing_key(KeyType::ec_p256));
  EXPECT_REFUSED(private_key_pem(KeyElsewhere(key->public_key()), nullptr), CryptoReason::unsupported_key);
}

}  // namespace
}  // namespace proofmark::crypto
