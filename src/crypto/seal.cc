#include "crypto/seal.h"

#include <algorithm>

#include "crypto/openssl_handles.h"

namespace proofmark::crypto {

using openssl::CipherContext;
using openssl::ErrorScope;
using openssl::must;

namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSealKeyBytes = 32;
constexpr std::uint8_t kSealVersion = 1;
constexpr std::size_t kMaxChunk = 1U << 30U;  // OpenSSL counts in int

enum class Direction : int { decrypt = 0, encrypt = 1 };

/// Fetched once and never freed, like the digests. Null for a key length that AES does not have.
const EVP_CIPHER* aes_gcm(std::size_t key_bytes) {
  static const std::array<EVP_CIPHER*, 3> ciphers = [] {
    const std::array<EVP_CIPHER*, 3> fetched{EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr),
                                             EVP_CIPHER_fetch(nullptr, "AES-192-GCM", nullptr),
                                             EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)};
    for (const EVP_CIPHER* cipher : fetched) must(cipher != nullptr, "AES-GCM is missing");
    return fetched;
  }();
  if (key_bytes == 16) return ciphers[0];
  if (key_bytes == 24) return ciphers[1];
  if (key_bytes == 32) return ciphers[2];
  return nullptr;
}

Result<CipherContext> start(Direction direction, ByteView key, ByteView nonce) {
  const EVP_CIPHER* cipher = aes_gcm(key.size());
  if (cipher == nullptr) {
    return fail(CryptoReason::bad_aead_key, "an AES key has 16, 24 or 32 bytes, not " + std::to_string(key.size()));
  }
  if (nonce.size() != kNonceBytes) {
    return fail(CryptoReason::bad_aead_key, "the AES-GCM nonce has " + std::to_string(nonce.size()) + " bytes, not 12");
  }
  CipherContext context(EVP_CIPHER_CTX_new());
  must(context != nullptr, "EVP_CIPHER_CTX_new");
  if (EVP_CipherInit_ex2(context.get(), cipher, key.data(), nonce.data(), static_cast<int>(direction), nullptr) != 1) {
    return openssl::backend_failure("AES-GCM could not be started");
  }
  return context;
}

/// Associated data when `out` is null; otherwise `out` has room for as much as `in`.
bool update(EVP_CIPHER_CTX* context, std::uint8_t* out, ByteView in) {
  while (!in.empty()) {
    const ByteView chunk = in.first(std::min(in.size(), kMaxChunk));
    int written = 0;
    if (EVP_CipherUpdate(context, out, &written, chunk.data(), static_cast<int>(chunk.size())) != 1) return false;
    if (out != nullptr) out += written;
    in = in.subspan(chunk.size());
  }
  return true;
}

std::unexpected<Error> bad_seal() {
  return fail(CryptoReason::bad_seal,
              "the sealed value was altered, or sealed under another key or for another context");
}

/// What a sealed value is bound to: its form and what it is for.
Bytes associated_data(std::string_view context) {
  Bytes bytes{kSealVersion};
  append(bytes, as_bytes(context));
  return bytes;
}

Result<void> check_seal_key(const SecretBytes& key) {
  if (key.size() == kSealKeyBytes) return {};
  return fail(CryptoReason::bad_aead_key, "a sealing key has 32 bytes, not " + std::to_string(key.size()));
}

}  // namespace

Result<Bytes> aes_gcm_encrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView plaintext) {
  const ErrorScope errors;
  PM_TRY(const CipherContext context, start(Direction::encrypt, key, nonce));
  Bytes out(plaintext.size() + kTagBytes);
  int rest = 0;
  std::uint8_t* tag = out.data() + plaintext.size();
  if (!update(context.get(), nullptr, associated_data) || !update(context.get(), out.data(), plaintext) ||
      EVP_CipherFinal_ex(context.get(), tag, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes), tag) != 1) {
    return openssl::backend_failure("AES-GCM encryption failed");
  }
  return out;
}

Result<SecretBytes> aes_gcm_decrypt(ByteView key, ByteView nonce, ByteView associated_data, ByteView ciphertext) {
  const ErrorScope errors;
  PM_TRY(const CipherContext context, start(Direction::decrypt, key, nonce));
  if (ciphertext.size() < kTagBytes) return bad_seal();
  const ByteView body = ciphertext.first(ciphertext.size() - kTagBytes);
  Bytes tag = to_bytes(ciphertext.last(kTagBytes));
  // Owned as a secret while it is written: wiped also when the tag turns out to be wrong.
  Bytes storage(body.size());
  std::uint8_t* const out = storage.data();
  SecretBytes plaintext(std::move(storage));
  int rest = 0;
  std::uint8_t nothing = 0;
  if (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes), tag.data()) != 1 ||
      !update(context.get(), nullptr, associated_data) || !update(context.get(), out, body) ||
      EVP_CipherFinal_ex(context.get(), &nothing, &rest) != 1) {
    return bad_seal();
  }
  return plaintext;
}

// A random nonce of 96 bits is safe for 2^32 seals under one key (SP 800-38D, 8.3): far more than a store has secrets.
Result<Bytes> seal(const SecretBytes& key, std::string_view context, ByteView secret, Random& random) {
  PM_TRY_VOID(check_seal_key(key));
  std::array<std::uint8_t, kNonceBytes> nonce{};
  random.fill(nonce);
  PM_TRY(const Bytes ciphertext, aes_gcm_encrypt(key.reveal(), nonce, associated_data(context), secret));
  Bytes sealed{kSealVersion};
  append(sealed, nonce);
  append(sealed, ciphertext);
  return sealed;
}

Result<SecretBytes> unseal(const SecretBytes& key, std::string_view context, ByteView sealed) {
  PM_TRY_VOID(check_seal_key(key));
  if (sealed.size() < 1 + kNonceBytes + kTagBytes || sealed.front() != kSealVersion) return bad_seal();
  return aes_gcm_decrypt(key.reveal(), sealed.subspan(1, kNonceBytes), associated_data(context),
                         sealed.subspan(1 + kNonceBytes));
}

}  // namespace proofmark::crypto
