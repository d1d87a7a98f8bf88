#include "crypto/scheme.h"

#include <openssl/rsa.h>

namespace proofmark::crypto {

namespace {

const EVP_MD* openssl_hash(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha256:
      return EVP_sha256();
    case HashAlgorithm::sha384:
      return EVP_sha384();
    case HashAlgorithm::sha512:
      return EVP_sha512();
  }
  return nullptr;
}

}  // namespace

std::string describe(KeyType type, int bits) {
  switch (type) {
    case KeyType::rsa:
      return "RSA-" + std::to_string(bits);
    case KeyType::ec_p256:
      return "EC-P256";
    case KeyType::ec_p384:
      return "EC-P384";
    case KeyType::ec_p521:
      return "EC-P521";
  }
  return "unknown";
}

HashAlgorithm hash_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pss_sha256:
    case SignatureScheme::rsa_pkcs1_sha256:
    case SignatureScheme::ecdsa_sha256:
      return HashAlgorithm::sha256;
    case SignatureScheme::rsa_pss_sha384:
    case SignatureScheme::rsa_pkcs1_sha384:
    case SignatureScheme::ecdsa_sha384:
      return HashAlgorithm::sha384;
    case SignatureScheme::rsa_pss_sha512:
    case SignatureScheme::rsa_pkcs1_sha512:
    case SignatureScheme::ecdsa_sha512:
      break;
  }
  return HashAlgorithm::sha512;
}

std::string_view name(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pss_sha256:
      return "RSASSA-PSS-SHA256";
    case SignatureScheme::rsa_pss_sha384:
      return "RSASSA-PSS-SHA384";
    case SignatureScheme::rsa_pss_sha512:
      return "RSASSA-PSS-SHA512";
    case SignatureScheme::rsa_pkcs1_sha256:
      return "RSASSA-PKCS1-v1_5-SHA256";
    case SignatureScheme::rsa_pkcs1_sha384:
      return "RSASSA-PKCS1-v1_5-SHA384";
    case SignatureScheme::rsa_pkcs1_sha512:
      return "RSASSA-PKCS1-v1_5-SHA512";
    case SignatureScheme::ecdsa_sha256:
      return "ECDSA-SHA256";
    case SignatureScheme::ecdsa_sha384:
      return "ECDSA-SHA384";
    case SignatureScheme::ecdsa_sha512:
      return "ECDSA-SHA512";
  }
  return "unknown";
}

Result<SignatureScheme> default_scheme(const PublicKey& key) {
  switch (key.type()) {
    case KeyType::ec_p256:
      return SignatureScheme::ecdsa_sha256;
    case KeyType::ec_p384:
      return SignatureScheme::ecdsa_sha384;
    case KeyType::ec_p521:
      return SignatureScheme::ecdsa_sha512;
    case KeyType::rsa:
      break;
  }
  if (key.bits() == 2048) return SignatureScheme::rsa_pss_sha256;
  if (key.bits() == 3072) return SignatureScheme::rsa_pss_sha384;
  if (key.bits() == 4096) return SignatureScheme::rsa_pss_sha512;
  return fail(CryptoReason::unsupported_key, describe(key.type(), key.bits()) + " has no signature scheme");
}

RsaPadding padding_of(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pss_sha256:
    case SignatureScheme::rsa_pss_sha384:
    case SignatureScheme::rsa_pss_sha512:
      return RsaPadding::pss;
    case SignatureScheme::rsa_pkcs1_sha256:
    case SignatureScheme::rsa_pkcs1_sha384:
    case SignatureScheme::rsa_pkcs1_sha512:
      return RsaPadding::pkcs1;
    case SignatureScheme::ecdsa_sha256:
    case SignatureScheme::ecdsa_sha384:
    case SignatureScheme::ecdsa_sha512:
      break;
  }
  return RsaPadding::none;
}

Result<void> check_scheme(SignatureScheme scheme, KeyType key, const Digest& digest) {
  if ((padding_of(scheme) == RsaPadding::none) == (key == KeyType::rsa)) {
    return fail(CryptoReason::scheme_mismatch,
                std::string(name(scheme)) + " does not go with an " + (key == KeyType::rsa ? "RSA" : "EC") + " key");
  }
  if (digest.algorithm() != hash_of(scheme)) {
    return fail(CryptoReason::bad_digest_length,
                std::string(name(scheme)) + " was given a digest made with " + std::string(name(digest.algorithm())));
  }
  return {};
}

Result<void> configure(EVP_PKEY_CTX* context, SignatureScheme scheme) {
  const RsaPadding padding = padding_of(scheme);
  if (padding == RsaPadding::none) return {};
  const EVP_MD* hash = openssl_hash(hash_of(scheme));
  bool set = EVP_PKEY_CTX_set_rsa_padding(
                 context, padding == RsaPadding::pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(context, hash) == 1;
  if (padding == RsaPadding::pss) {
    set = set && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  if (!set) return openssl::backend_failure("setting " + std::string(name(scheme)) + " up failed");
  return {};
}

}  // namespace proofmark::crypto
