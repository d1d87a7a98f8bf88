// What the openssl command line makes, we read; what we make, it reads. And the port of signing keys: one that lives in
// another program.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "crypto/key.h"
#include "support/support.h"

namespace proofmark::crypto {
namespace {

using Command = std::vector<std::string>;

class OpenSslCommand : public ::testing::Test {
 protected:
  /// Runs openssl in the test's folder; its standard output. Fails the test when openssl does.
  std::string openssl(Command arguments, std::string_view input = {}) const {
    arguments.insert(arguments.begin(), "openssl");
    const auto outcome = test::run(arguments, folder_.path(), input);
    std::string line;
    for (const auto& argument : arguments) line += argument + " ";
    EXPECT_EQ(outcome.exit_code, 0) << line << outcome.err;
    return outcome.out;
  }
  [[nodiscard]] Result<std::unique_ptr<SigningKey>> load(const std::string& file,
                                                         const SecretBytes* passphrase = nullptr) const {
    return load_signing_key(test::read(folder_ / file), passphrase);
  }
  [[nodiscard]] Bytes spki_of(const std::string& file, const std::string& passphrase = "x") const {
    return to_bytes(
        as_bytes(openssl({"pkey", "-in", file, "-passin", "pass:" + passphrase, "-pubout", "-outform", "DER"})));
  }
  void write(const std::string& file, ByteView bytes) const { test::write(folder_ / file, bytes); }

  /// Makes a key by openssl genpkey.
  void make_key(const std::string& file, KeyType type, int bits = 2048) const {
    Command command{"genpkey", "-out", file};
    const auto add = [&](const Command& more) { command.insert(command.end(), more.begin(), more.end()); };
    if (type == KeyType::rsa) {
      add({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + std::to_string(bits)});
    } else {
      const char* const curve = type == KeyType::ec_p256 ? "P-256" : type == KeyType::ec_p384 ? "P-384" : "P-521";
      add({"-algorithm", "EC", "-pkeyopt", std::string("ec_paramgen_curve:") + curve});
    }
    openssl(command);
  }

  test::TempFolder folder_;
};

const SecretBytes& passphrase() {
  static const SecretBytes secret(std::string_view("correct horse"));
  return secret;
}
const SecretBytes& wrong_passphrase() {
  static const SecretBytes secret(std::string_view("battery staple"));
  return secret;
}

struct Kind {
  KeyType type;
  int bits;
};
constexpr std::array kKinds{Kind{KeyType::rsa, 2048},    Kind{KeyType::rsa, 3072},    Kind{KeyType::rsa, 4096},
                            Kind{KeyType::ec_p256, 256}, Kind{KeyType::ec_p384, 384}, Kind{KeyType::ec_p521, 521}};

TEST_F(OpenSslCommand, makes_pkcs8_keys_that_we_read) {
  for (const auto& [type, bits] : kKinds) {
    make_key("key.pem", type, bits);
    ASSERT_OK(const auto key, load("key.pem"));
    EXPECT_EQ(key->public_key().type(), type);
    EXPECT_EQ(key->public_key().bits(), bits);
    EXPECT_EQ(to_bytes(key->public_key().spki()), spki_of("key.pem"));
  }
}

TEST_F(OpenSslCommand, encrypts_pkcs8_keys_that_we_read) {
  make_key("plain.pem", KeyType::ec_p384);
  for (const Command& options :
       {Command{}, Command{"-scrypt"}, Command{"-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"},
        Command{"-iter", "600000"}, Command{"-v2", "des3"}}) {
    Command command{"pkcs8", "-topk8", "-in", "plain.pem", "-out", "key.pem", "-passout", "pass:correct horse"};
    command.insert(command.end(), options.begin(), options.end());
    openssl(command);
    ASSERT_OK(const auto key, load("key.pem", &passphrase()));
    EXPECT_EQ(to_bytes(key->public_key().spki()), spki_of("plain.pem"));
    EXPECT_REFUSED(load("key.pem"), CryptoReason::passphrase_required);
    EXPECT_REFUSED(load("key.pem", &wrong_passphrase()), CryptoReason::wrong_passphrase);
  }
}

TEST_F(OpenSslCommand, makes_traditional_keys_that_we_read) {
  openssl({"ecparam", "-name", "secp384r1", "-genkey", "-out", "ec.pem"});  // with "EC PARAMETERS" in front
  ASSERT_OK(const auto ec, load("ec.pem"));
  EXPECT_EQ(to_bytes(ec->public_key().spki()), spki_of("ec.pem"));
  make_key("rsa-pkcs8.pem", KeyType::rsa);
  openssl({"rsa", "-in", "rsa-pkcs8.pem", "-traditional", "-out", "rsa.pem"});
  ASSERT_OK(const auto rsa, load("rsa.pem"));
  EXPECT_EQ(to_bytes(rsa->public_key().spki()), spki_of("rsa.pem"));
}

TEST_F(OpenSslCommand, encrypts_traditional_keys_that_we_read) {
  make_key("ec.pem", KeyType::ec_p256);
  make_key("rsa.pem", KeyType::rsa);
  for (const std::string cipher : {"-aes256", "-aes128", "-des3"}) {
    for (const std::string kind : {"ec", "rsa"}) {
      Command command{kind, "-in", kind + ".pem", cipher, "-passout", "pass:correct horse", "-out", "key.pem"};
      if (kind == "rsa") command.emplace_back("-traditional");
      openssl(command);
      EXPECT_NE(as_text(test::read(folder_ / "key.pem")).find("Proc-Type: 4,ENCRYPTED"), std::string_view::npos);
      ASSERT_OK(const auto key, load("key.pem", &passphrase()));
      EXPECT_EQ(to_bytes(key->public_key().spki()), spki_of(kind + ".pem"));
      EXPECT_REFUSED(load("key.pem"), CryptoReason::passphrase_required);
      EXPECT_REFUSED(load("key.pem", &wrong_passphrase()), CryptoReason::wrong_passphrase);
    }
  }
}

TEST_F(OpenSslCommand, makes_keys_that_we_refuse) {
  for (const Command& arguments : {Command{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"},
                                   Command{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2056"},
                                   Command{"genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"},
                                   Command{"genpkey", "-algorithm", "ED25519"},
                                   Command{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"},
                                   Command{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"},
                                   Command{"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                                           "-pkeyopt", "ec_param_enc:explicit"},
                                   Command{"ecparam", "-name", "secp384r1", "-genkey", "-param_enc", "explicit"}}) {
    test::write(folder_ / "key.pem", openssl(arguments));
    EXPECT_REFUSED(load("key.pem"), CryptoReason::unsupported_key);
    EXPECT_REFUSED(PublicKey::from_spki(spki_of("key.pem")), CryptoReason::unsupported_key);
  }
}

TEST_F(OpenSslCommand, writes_compressed_points_that_we_refuse) {
  make_key("key.pem", KeyType::ec_p256);
  const std::string compressed =
      openssl({"ec", "-in", "key.pem", "-pubout", "-conv_form", "compressed", "-outform", "DER"});
  EXPECT_REFUSED(PublicKey::from_spki(as_bytes(compressed)), CryptoReason::unsupported_key);
  const std::string hybrid = openssl({"ec", "-in", "key.pem", "-pubout", "-conv_form", "hybrid", "-outform", "DER"});
  EXPECT_REFUSED(PublicKey::from_spki(as_bytes(hybrid)), CryptoReason::malformed_key);
}

// The form of the point in a private key's file says nothing about the public key: it is written uncompressed by us.
TEST_F(OpenSslCommand, writes_private_keys_with_compressed_points_that_we_read) {
  make_key("plain.pem", KeyType::ec_p256);
  openssl({"ec", "-in", "plain.pem", "-conv_form", "compressed", "-out", "key.pem"});
  ASSERT_OK(const auto key, load("key.pem"));
  EXPECT_EQ(to_bytes(key->public_key().spki()), spki_of("plain.pem"));
}

TEST_F(OpenSslCommand, uses_pbes1_that_we_refuse) {
  make_key("plain.pem", KeyType::ec_p256);
  openssl({"pkcs8", "-topk8", "-in", "plain.pem", "-v1", "PBE-SHA1-3DES", "-passout", "pass:correct horse", "-out",
           "key.pem"});
  EXPECT_REFUSED(load("key.pem", &passphrase()), CryptoReason::unsupported_key);
}

TEST_F(OpenSslCommand, reads_the_keys_that_we_write) {
  for (const auto& [type, bits] : {Kind{KeyType::rsa, 2048}, Kind{KeyType::ec_p256, 256}, Kind{KeyType::ec_p384, 384},
                                   Kind{KeyType::ec_p521, 521}}) {
    ASSERT_OK(const auto key, generate_signing_key(type, bits));
    ASSERT_OK(const auto plain, private_key_pem(*key, nullptr));
    write("plain.pem", plain.reveal());
    EXPECT_EQ(spki_of("plain.pem"), to_bytes(key->public_key().spki()));
    openssl({"pkey", "-in", "plain.pem", "-check", "-noout"});
    ASSERT_OK(const auto encrypted, private_key_pem(*key, &passphrase()));
    write("encrypted.pem", encrypted.reveal());
    EXPECT_EQ(spki_of("encrypted.pem", "correct horse"), to_bytes(key->public_key().spki()));
    const std::string structure = openssl({"asn1parse", "-in", "encrypted.pem"});
    EXPECT_NE(structure.find(":PBES2"), std::string::npos);
    EXPECT_NE(structure.find("scrypt"), std::string::npos);
    EXPECT_NE(structure.find(":aes-256-cbc"), std::string::npos);
  }
}

TEST_F(OpenSslCommand, verifies_what_we_sign) {
  test::write(folder_ / "message", "what is signed");
  for (const auto& [type, options] :
       {std::pair{KeyType::ec_p256, Command{}}, std::pair{KeyType::ec_p384, Command{}},
        std::pair{KeyType::ec_p521, Command{}},
        std::pair{KeyType::rsa, Command{"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"}}}) {
    ASSERT_OK(const auto key, generate_signing_key(type, 2048));
    ASSERT_OK(const auto pem, private_key_pem(*key, nullptr));
    write("key.pem", pem.reveal());
    ASSERT_OK(const auto scheme, default_scheme(key->public_key()));
    const Digest digest = hash(hash_of(scheme), as_bytes("what is signed"));
    ASSERT_OK(const auto signature, key->sign(scheme, SignatureEncoding::der, digest));
    write("signature", signature);
    Command command{"dgst",     "-" + std::string(name(hash_of(scheme))), "-prverify", "key.pem", "-signature",
                    "signature"};
    command.insert(command.end(), options.begin(), options.end());
    command.emplace_back("message");
    EXPECT_EQ(openssl(command), "Verified OK\n");
  }
}

TEST_F(OpenSslCommand, signs_what_we_verify) {
  struct Case {
    KeyType type;
    SignatureScheme scheme;
    Command options;
  };
  const Command pss{"-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"};
  test::write(folder_ / "message", "what is signed");
  make_key("rsa.pem", KeyType::rsa);
  make_key("p256.pem", KeyType::ec_p256);
  make_key("p384.pem", KeyType::ec_p384);
  make_key("p521.pem", KeyType::ec_p521);
  for (const auto& [file, scheme, options] : {std::tuple{"rsa.pem", SignatureScheme::rsa_pss_sha256, pss},
                                              std::tuple{"rsa.pem", SignatureScheme::rsa_pss_sha384, pss},
                                              std::tuple{"rsa.pem", SignatureScheme::rsa_pss_sha512, pss},
                                              std::tuple{"rsa.pem", SignatureScheme::rsa_pkcs1_sha256, Command{}},
                                              std::tuple{"rsa.pem", SignatureScheme::rsa_pkcs1_sha384, Command{}},
                                              std::tuple{"rsa.pem", SignatureScheme::rsa_pkcs1_sha512, Command{}},
                                              std::tuple{"p256.pem", SignatureScheme::ecdsa_sha256, Command{}},
                                              std::tuple{"p384.pem", SignatureScheme::ecdsa_sha384, Command{}},
                                              std::tuple{"p521.pem", SignatureScheme::ecdsa_sha512, Command{}},
                                              std::tuple{"p256.pem", SignatureScheme::ecdsa_sha512, Command{}}}) {
    Command command{"dgst", "-" + std::string(name(hash_of(scheme))), "-sign", file, "-out", "signature"};
    command.insert(command.end(), options.begin(), options.end());
    command.emplace_back("message");
    openssl(command);
    ASSERT_OK(const auto key, PublicKey::from_spki(spki_of(file)));
    const Bytes signature = test::read(folder_ / "signature");
    EXPECT_OK(key.verify(scheme, SignatureEncoding::der, hash(hash_of(scheme), as_bytes("what is signed")), signature));
    EXPECT_REFUSED(
        key.verify(scheme, SignatureEncoding::der, hash(hash_of(scheme), as_bytes("something else")), signature),
        CryptoReason::bad_signature);
  }
}

TEST_F(OpenSslCommand, signs_pss_with_other_parameters_that_we_refuse) {
  test::write(folder_ / "message", "what is signed");
  make_key("rsa.pem", KeyType::rsa);
  ASSERT_OK(const auto key, PublicKey::from_spki(spki_of("rsa.pem")));
  for (const Command& options : {Command{"-sigopt", "rsa_pss_saltlen:max"}, Command{"-sigopt", "rsa_pss_saltlen:0"},
                                 Command{"-sigopt", "rsa_pss_saltlen:31"}, Command{"-sigopt", "rsa_pss_saltlen:33"},
                                 Command{"-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha1"},
                                 Command{"-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha512"}}) {
    Command command{"dgst", "-sha256", "-sign", "rsa.pem", "-out", "signature", "-sigopt", "rsa_padding_mode:pss"};
    command.insert(command.end(), options.begin(), options.end());
    command.emplace_back("message");
    openssl(command);
    EXPECT_REFUSED(
        key.verify(SignatureScheme::rsa_pss_sha256, SignatureEncoding::der,
                   hash(HashAlgorithm::sha256, as_bytes("what is signed")), test::read(folder_ / "signature")),
        CryptoReason::bad_signature);
  }
}

// --- the port ---

/// A signing key in another program, as a PKCS#11 token's would be: this class holds a public key and a way to ask.
class KeyInAnotherProgram final : public SigningKey {
 public:
  KeyInAnotherProgram(std::filesystem::path folder, PublicKey key) : folder_(std::move(folder)), key_(std::move(key)) {}

  [[nodiscard]] const PublicKey& public_key() const override { return key_; }
  [[nodiscard]] Result<Bytes> sign(SignatureScheme scheme, SignatureEncoding encoding,
                                   const Digest& digest) const override {
    EXPECT_EQ(encoding, SignatureEncoding::der);
    Command command{"openssl",
                    "pkeyutl",
                    "-sign",
                    "-inkey",
                    "token.pem",
                    "-pkeyopt",
                    "digest:" + std::string(name(hash_of(scheme)))};
    if (key_.type() == KeyType::rsa) {
      for (const char* const option : {"-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"}) {
        command.emplace_back(option);
      }
    }
    const auto outcome = test::run(command, folder_, as_text(digest.bytes()));
    if (outcome.exit_code != 0) return fail(CryptoReason::backend_failure, "the token did not sign: " + outcome.err);
    return to_bytes(as_bytes(outcome.out));
  }

 private:
  std::filesystem::path folder_;
  PublicKey key_;
};

/// What every caller of the port does; it can't tell where the key is.
Result<void> sign_and_verify(const SigningKey& key) {
  PM_TRY(const auto scheme, default_scheme(key.public_key()));
  const Digest digest = hash(hash_of(scheme), as_bytes("what is signed"));
  PM_TRY(const Bytes signature, key.sign(scheme, SignatureEncoding::der, digest));
  return key.public_key().verify(scheme, SignatureEncoding::der, digest, signature);
}

TEST_F(OpenSslCommand, can_hold_the_key_that_signs) {
  for (const auto type : {KeyType::ec_p384, KeyType::rsa}) {
    make_key("token.pem", type);
    ASSERT_OK(auto public_key, PublicKey::from_spki(spki_of("token.pem")));
    const KeyInAnotherProgram token(folder_.path(), std::move(public_key));
    EXPECT_OK(sign_and_verify(token));
    EXPECT_REFUSED(private_key_pem(token, nullptr), CryptoReason::unsupported_key);
    std::filesystem::remove(folder_ / "token.pem");
    EXPECT_REFUSED(sign_and_verify(token), CryptoReason::backend_failure);
    ASSERT_OK(const auto local, generate_signing_key(type, 2048));
    EXPECT_OK(sign_and_verify(*local));
  }
}

}  // namespace
}  // namespace proofmark::crypto
