#include "crypto/local_signing_key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <optional>

#include "crypto/ecdsa_signature.h"
#include "crypto/scheme.h"
#include "crypto/spki.h"

namespace proofmark::crypto {

using openssl::BignumPtr;
using openssl::ErrorScope;
using openssl::PkeyContext;
using openssl::PkeyPtr;

namespace {

std::optional<Bytes> public_number(const EVP_PKEY* pkey, const char* parameter, std::size_t width = 0) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(pkey, parameter, &number) != 1) return std::nullopt;
  const BignumPtr owned(number);
  const auto size = static_cast<std::size_t>(BN_num_bytes(number));
  Bytes bytes(std::max(size, width));
  if (BN_bn2binpad(number, bytes.data(), static_cast<int>(bytes.size())) < 0) return std::nullopt;
  return bytes;
}

std::optional<KeyType> curve_of(const EVP_PKEY* pkey) {
  std::array<char, 64> group{};
  if (EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), nullptr) != 1) {
    return std::nullopt;
  }
  const std::string_view text(group.data());
  if (text == "prime256v1") return KeyType::ec_p256;
  if (text == "secp384r1") return KeyType::ec_p384;
  if (text == "secp521r1") return KeyType::ec_p521;
  return std::nullopt;
}

Result<Bytes> spki_of_ec(const EVP_PKEY* pkey) {
  const auto curve = curve_of(pkey);
  int explicit_parameters = 1;
  if (!curve ||
      EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
      explicit_parameters != 0) {
    return fail(CryptoReason::unsupported_key, "the EC private key does not name P-256, P-384 or P-521 as its curve");
  }
  const std::size_t width = field_bytes(*curve);
  const auto x = public_number(pkey, OSSL_PKEY_PARAM_EC_PUB_X, width);
  const auto y = public_number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, width);
  if (!x || !y) return fail(CryptoReason::invalid_key, "the EC private key has no public point");
  Bytes point{0x04};
  append(point, *x);
  append(point, *y);
  return ec_spki(*curve, point);
}

/// Whether the private numbers are no longer than the modulus: signing with a file's 300,000-bit "prime" takes minutes.
bool has_bounded_private_numbers(const EVP_PKEY* pkey) {
  for (const char* const parameter :
       {OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(pkey, parameter, &number) != 1) return false;
    const BignumPtr owned(number);
    if (BN_num_bits(number) > EVP_PKEY_get_bits(pkey)) return false;
  }
  return true;
}

Result<Bytes> spki_of_rsa(const EVP_PKEY* pkey) {
  if (!has_bounded_private_numbers(pkey)) {
    return fail(CryptoReason::invalid_key, "the RSA private key lacks a number, or has one longer than its modulus");
  }
  const auto modulus = public_number(pkey, OSSL_PKEY_PARAM_RSA_N);
  const auto exponent = public_number(pkey, OSSL_PKEY_PARAM_RSA_E);
  if (!modulus || !exponent) return fail(CryptoReason::invalid_key, "the RSA private key has no public numbers");
  return rsa_spki(*modulus, *exponent);
}

Result<PublicKey> public_key_of(const EVP_PKEY* pkey) {
  Bytes spki;
  switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_EC: {
      PM_TRY(spki, spki_of_ec(pkey));
      break;
    }
    case EVP_PKEY_RSA: {
      PM_TRY(spki, spki_of_rsa(pkey));
      break;
    }
    default:
      return fail(CryptoReason::unsupported_key, "the private key is neither an RSA nor an EC key");
  }
  return PublicKey::from_spki(spki);
}

/// The private number belongs to the public one when what it signs verifies. (OpenSSL's own check of an RSA key spends
/// its time on primality tests, which say nothing about that: 0.2 s for 4096 bits.)
Result<void> check_pair(const SigningKey& key) {
  PM_TRY(const SignatureScheme scheme, default_scheme(key.public_key()));
  const HashAlgorithm algorithm = hash_of(scheme);
  const Digest digest(algorithm, Bytes(digest_size(algorithm), 0x5a));
  const auto mismatch = [] {
    return fail(CryptoReason::invalid_key, "the private key does not belong to its public key");
  };
  const auto signature = key.sign(scheme, SignatureEncoding::der, digest);
  if (!signature) return mismatch();
  if (!key.public_key().verify(scheme, SignatureEncoding::der, digest, *signature)) return mismatch();
  return {};
}

/// What OpenSSL says it wrote, in the encoding asked for. Looked at first: when memory runs out, OpenSSL 3.0 reports
/// success for an ECDSA signature that it could not encode, with a length of 2^32 - 1. (reasons_test.cc, OutOfMemory)
Result<Bytes> checked_signature(const PublicKey& key, SignatureEncoding encoding, Bytes signature,
                                std::size_t written) {
  const auto broken = [] { return fail(CryptoReason::backend_failure, "libcrypto made a signature that is none"); };
  if (written > signature.size()) return broken();
  signature.resize(written);
  if (key.type() == KeyType::rsa) {
    if (written * 8 != static_cast<std::size_t>(key.bits())) return broken();
    return signature;
  }
  const auto numbers = EcdsaSignature::parse(key.type(), SignatureEncoding::der, signature);
  if (!numbers) return broken();
  return encoding == SignatureEncoding::der ? signature : numbers->encode(encoding);
}

}  // namespace

Result<std::unique_ptr<SigningKey>> LocalSigningKey::adopt(PkeyPtr pkey) {
  const ErrorScope errors;
  PM_TRY(PublicKey public_key, public_key_of(pkey.get()));
  PkeyContext signing(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr));
  if (signing == nullptr || EVP_PKEY_sign_init(signing.get()) != 1) {
    return openssl::backend_failure("the private key could not be set up for signing");
  }
  std::unique_ptr<SigningKey> key(new LocalSigningKey(std::move(pkey), std::move(signing), std::move(public_key)));
  PM_TRY_VOID(check_pair(*key));
  return key;
}

Result<Bytes> LocalSigningKey::sign(SignatureScheme scheme, SignatureEncoding encoding, const Digest& digest) const {
  PM_TRY_VOID(check_scheme(scheme, public_key_.type(), digest));
  if (padding_of(scheme) == RsaPadding::pkcs1) {
    return fail(CryptoReason::scheme_mismatch, std::string(name(scheme)) + " is verified only, never signed with");
  }
  const ErrorScope errors;
  const PkeyContext context(EVP_PKEY_CTX_dup(signing_.get()));
  if (context == nullptr) return openssl::backend_failure("the signature could not be started");
  PM_TRY_VOID(configure(context.get(), scheme));
  const ByteView hashed = digest.bytes();
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(pkey_.get())));
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, hashed.data(), hashed.size()) != 1) {
    return openssl::backend_failure("the signature could not be made");
  }
  return checked_signature(public_key_, encoding, std::move(signature), size);
}

Result<std::unique_ptr<SigningKey>> generate_signing_key(KeyType type, int bits) {
  const ErrorScope errors;
  EVP_PKEY* pkey = nullptr;
  switch (type) {
    case KeyType::ec_p256:
      pkey = EVP_EC_gen("P-256");
      break;
    case KeyType::ec_p384:
      pkey = EVP_EC_gen("P-384");
      break;
    case KeyType::ec_p521:
      pkey = EVP_EC_gen("P-521");
      break;
    case KeyType::rsa:
      if (bits != 2048 && bits != 3072 && bits != 4096) {
        return fail(CryptoReason::unsupported_key,
                    "an RSA key of " + std::to_string(bits) + " bits was asked for, not of 2048, 3072 or 4096");
      }
      pkey = EVP_RSA_gen(static_cast<unsigned>(bits));
      break;
  }
  if (pkey == nullptr) return openssl::backend_failure("the " + describe(type, bits) + " key could not be made");
  return LocalSigningKey::adopt(PkeyPtr(pkey));
}

}  // namespace proofmark::crypto
