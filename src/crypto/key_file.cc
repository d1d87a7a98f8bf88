// Private keys in PEM. OpenSSL reads and writes the structures; which ones, how large and at what cost is decided here.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <climits>

#include "crypto/key.h"
#include "crypto/local_signing_key.h"
#include "crypto/openssl_handles.h"

namespace proofmark::crypto {

using openssl::ErrorScope;
using openssl::FreedBy;
using openssl::PkeyPtr;

namespace {

using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free>>;
using EncryptedKeyPtr = std::unique_ptr<X509_SIG, FreedBy<X509_SIG_free>>;
using PrivateKeyInfoPtr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreedBy<PKCS8_PRIV_KEY_INFO_free>>;  // wipes the key
using AlgorithmPtr = std::unique_ptr<X509_ALGOR, FreedBy<X509_ALGOR_free>>;
using Pbes2Ptr = std::unique_ptr<PBE2PARAM, FreedBy<PBE2PARAM_free>>;
using Pbkdf2Ptr = std::unique_ptr<PBKDF2PARAM, FreedBy<PBKDF2PARAM_free>>;
using ScryptPtr = std::unique_ptr<SCRYPT_PARAMS, FreedBy<SCRYPT_PARAMS_free>>;

constexpr std::size_t kMaxPemBytes = 64U << 10U;  // an encrypted RSA-4096 key is 3.4 KiB

// A key file says how much work its passphrase costs. These let a reader wait for seconds, not for hours.
constexpr std::uint64_t kMaxPbkdf2Iterations = 4'000'000;
constexpr std::uint64_t kMaxScryptBlocks = 1U << 22U;  // N * r * p; what we write costs 5 * 2^17

// What we write: scrypt with 16 MiB and five passes, which OpenSSL reads without raising its limit of 32 MiB.
constexpr std::uint64_t kScryptN = 1U << 14U;
constexpr std::uint64_t kScryptR = 8;
constexpr std::uint64_t kScryptP = 5;
constexpr int kSaltBytes = 16;

/// One PEM block as OpenSSL's reader hands it out; the data is wiped when it goes.
struct PemBlock {
  PemBlock() = default;
  PemBlock(const PemBlock&) = delete;
  PemBlock& operator=(const PemBlock&) = delete;
  ~PemBlock() { clear(); }

  void clear() {
    OPENSSL_secure_free(label);
    OPENSSL_secure_free(header);
    OPENSSL_secure_clear_free(data, static_cast<std::size_t>(size));
    label = header = nullptr;
    data = nullptr;
    size = 0;
  }
  [[nodiscard]] bool has_headers() const { return header != nullptr && *header != '\0'; }
  bool read_next(BIO* bio) {
    clear();
    return PEM_read_bio_ex(bio, &label, &header, &data, &size, PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) == 1;
  }

  char* label = nullptr;
  char* header = nullptr;  // RFC 1421 headers: "Proc-Type: 4,ENCRYPTED", "DEK-Info: …"
  unsigned char* data = nullptr;
  long size = 0;
};

std::unexpected<Error> malformed() {
  return fail(CryptoReason::malformed_key,
              "the private key is not in one of the forms that are read (PKCS#8, SEC 1, PKCS#1)");
}
std::unexpected<Error> passphrase_required() {
  return fail(CryptoReason::passphrase_required, "the private key is encrypted and no passphrase was given");
}
std::unexpected<Error> wrong_passphrase() {
  return fail(CryptoReason::wrong_passphrase,
              "the private key can't be decrypted: wrong passphrase, or a damaged file");
}

/// A null pointer would let OpenSSL take the passphrase for absent, not for empty.
std::string_view text_of(const SecretBytes& passphrase) {
  return passphrase.empty() ? std::string_view("") : as_text(passphrase.reveal());
}

// --- reading: PKCS#8 ---

Result<PkeyPtr> pkey_of(const PKCS8_PRIV_KEY_INFO& info) {
  const ASN1_OBJECT* algorithm = nullptr;
  PKCS8_pkey_get0(&algorithm, nullptr, nullptr, nullptr, &info);
  const int nid = OBJ_obj2nid(algorithm);
  if (nid != NID_rsaEncryption && nid != NID_X9_62_id_ecPublicKey) {
    return fail(CryptoReason::unsupported_key, "the private key is neither an RSA nor an EC key");
  }
  PkeyPtr pkey(EVP_PKCS82PKEY(&info));
  if (pkey == nullptr) return malformed();
  return pkey;
}

Result<PkeyPtr> read_plain(const PemBlock& block) {
  if (block.has_headers()) return malformed();
  const unsigned char* cursor = block.data;
  const PrivateKeyInfoPtr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &cursor, block.size));
  if (info == nullptr || cursor != block.data + block.size) return malformed();
  return pkey_of(*info);
}

std::uint64_t value_of(const ASN1_INTEGER* integer) {
  std::uint64_t value = 0;
  return ASN1_INTEGER_get_uint64(&value, integer) == 1 ? value : UINT64_MAX;
}

bool is_affordable(const X509_ALGOR& derivation) {
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, &derivation);
  if (OBJ_obj2nid(algorithm) == NID_id_pbkdf2) {
    const Pbkdf2Ptr pbkdf2(
        static_cast<PBKDF2PARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), derivation.parameter)));
    return pbkdf2 != nullptr && value_of(pbkdf2->iter) <= kMaxPbkdf2Iterations;
  }
  if (OBJ_obj2nid(algorithm) == NID_id_scrypt) {
    const ScryptPtr scrypt(
        static_cast<SCRYPT_PARAMS*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), derivation.parameter)));
    if (scrypt == nullptr) return false;
    std::uint64_t blocks = 1;
    for (const ASN1_INTEGER* factor : {scrypt->costParameter, scrypt->blockSize, scrypt->parallelizationParameter}) {
      const std::uint64_t value = value_of(factor);
      if (value == 0 || value > kMaxScryptBlocks / blocks) return false;
      blocks *= value;
    }
    return true;
  }
  return false;
}

/// PBES2 (RFC 8018, 6.2) with PBKDF2 or scrypt at a bounded cost; the older PBES1 schemes are DES and RC2.
Result<void> check_encryption(const X509_SIG& encrypted) {
  const X509_ALGOR* scheme = nullptr;
  X509_SIG_get0(&encrypted, &scheme, nullptr);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, scheme);
  if (OBJ_obj2nid(algorithm) != NID_pbes2) {
    return fail(CryptoReason::unsupported_key, "the private key is encrypted with a scheme other than PBES2");
  }
  const Pbes2Ptr pbes2(
      static_cast<PBE2PARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), scheme->parameter)));
  if (pbes2 == nullptr) return malformed();
  if (!is_affordable(*pbes2->keyfunc)) {
    return fail(CryptoReason::unsupported_key,
                "the private key's passphrase is hashed by neither PBKDF2 nor scrypt at a cost that we accept");
  }
  return {};
}

Result<PkeyPtr> read_encrypted(const PemBlock& block, const SecretBytes* passphrase) {
  if (block.has_headers()) return malformed();
  const unsigned char* cursor = block.data;
  const EncryptedKeyPtr encrypted(d2i_X509_SIG(nullptr, &cursor, block.size));
  if (encrypted == nullptr || cursor != block.data + block.size) return malformed();
  PM_TRY_VOID(check_encryption(*encrypted));
  if (passphrase == nullptr) return passphrase_required();
  const std::string_view text = text_of(*passphrase);
  if (text.size() > INT_MAX) return wrong_passphrase();
  const PrivateKeyInfoPtr info(PKCS8_decrypt(encrypted.get(), text.data(), static_cast<int>(text.size())));
  if (info == nullptr) return wrong_passphrase();
  return pkey_of(*info);
}

// --- reading: the traditional forms ---

/// What OpenSSL calls for a passphrase; without it, it would ask at the terminal.
int give_passphrase(char* buffer, int capacity, int /*for_writing*/, void* passphrase) {
  const std::string_view text = text_of(*static_cast<const SecretBytes*>(passphrase));
  if (text.size() > static_cast<std::size_t>(capacity)) return -1;
  std::copy(text.begin(), text.end(), buffer);
  return static_cast<int>(text.size());
}

Result<PkeyPtr> read_traditional(PemBlock& block, int type, const SecretBytes* passphrase) {
  EVP_CIPHER_INFO cipher{};
  if (PEM_get_EVP_CIPHER_INFO(block.header, &cipher) != 1) {
    return fail(CryptoReason::unsupported_key, "the private key's PEM headers name no encryption that is read");
  }
  const bool encrypted = cipher.cipher != nullptr;
  if (encrypted && passphrase == nullptr) return passphrase_required();
  if (encrypted) {
    // The callback only reads it.
    auto* argument = const_cast<SecretBytes*>(passphrase);
    if (PEM_do_header(&cipher, block.data, &block.size, give_passphrase, argument) != 1) return wrong_passphrase();
  }
  const unsigned char* cursor = block.data;
  PkeyPtr pkey(d2i_PrivateKey(type, nullptr, &cursor, block.size));
  if (pkey != nullptr && cursor == block.data + block.size) return pkey;
  // One wrong passphrase in 256 leaves a plausible padding behind.
  return encrypted ? wrong_passphrase() : malformed();
}

Result<PkeyPtr> read_private_key(BIO* bio, const SecretBytes* passphrase) {
  PemBlock block;
  while (block.read_next(bio)) {
    const std::string_view label(block.label);
    if (label == PEM_STRING_PKCS8INF) return read_plain(block);
    if (label == PEM_STRING_PKCS8) return read_encrypted(block, passphrase);
    if (label == PEM_STRING_ECPRIVATEKEY) return read_traditional(block, EVP_PKEY_EC, passphrase);
    if (label == PEM_STRING_RSA) return read_traditional(block, EVP_PKEY_RSA, passphrase);
    if (label.ends_with("PRIVATE KEY")) {
      return fail(CryptoReason::unsupported_key, "the private key is neither PKCS#8 nor a traditional RSA or EC key");
    }
  }
  return fail(CryptoReason::malformed_key, "there is no PEM block with a private key");
}

// --- writing ---

/// Its buffer is wiped when it grows and when it goes.
BioPtr wiped_buffer() {
  return BioPtr(BIO_new(BIO_s_secmem()));
}

SecretBytes contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return SecretBytes(std::string_view(data, static_cast<std::size_t>(size)));
}

Result<EncryptedKeyPtr> encrypt(PKCS8_PRIV_KEY_INFO* info, const SecretBytes& passphrase) {
  AlgorithmPtr scheme(
      PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, kSaltBytes, nullptr, kScryptN, kScryptR, kScryptP));
  if (scheme == nullptr) return openssl::backend_failure("scrypt could not be set up");
  const std::string_view text = text_of(passphrase);
  if (text.size() > INT_MAX) return fail(CryptoReason::backend_failure, "the passphrase is over 2 GiB long");
  EncryptedKeyPtr encrypted(PKCS8_set0_pbe(text.data(), static_cast<int>(text.size()), info, scheme.get()));
  if (encrypted == nullptr) return openssl::backend_failure("the private key could not be encrypted");
  (void)scheme.release();  // now part of `encrypted`
  return encrypted;
}

}  // namespace

Result<std::unique_ptr<SigningKey>> load_signing_key(ByteView pem, const SecretBytes* passphrase) {
  if (pem.size() > kMaxPemBytes) {
    return fail(CryptoReason::malformed_key, "the private key file is over " + std::to_string(kMaxPemBytes) + " bytes");
  }
  const ErrorScope errors;
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return fail(CryptoReason::malformed_key, "the private key file is empty");
  PM_TRY(PkeyPtr pkey, read_private_key(bio.get(), passphrase));
  return LocalSigningKey::adopt(std::move(pkey));
}

Result<SecretBytes> private_key_pem(const SigningKey& key, const SecretBytes* passphrase) {
  const auto* local = dynamic_cast<const LocalSigningKey*>(&key);
  if (local == nullptr) {
    return fail(CryptoReason::unsupported_key, "the private key is not in this process: it can't be exported");
  }
  const ErrorScope errors;
  const PrivateKeyInfoPtr info(EVP_PKEY2PKCS8(local->pkey()));
  if (info == nullptr) return openssl::backend_failure("the private key could not be encoded");
  const BioPtr bio = wiped_buffer();
  if (bio == nullptr) return openssl::backend_failure("there is no memory for the private key");
  int written = 0;
  if (passphrase == nullptr) {
    written = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), info.get());
  } else {
    PM_TRY(const EncryptedKeyPtr encrypted, encrypt(info.get(), *passphrase));
    written = PEM_write_bio_PKCS8(bio.get(), encrypted.get());
  }
  if (written != 1) return openssl::backend_failure("the private key could not be written");
  return contents(bio.get());
}

}  // namespace proofmark::crypto
