#include "crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <bit>
#include <span>

#include "crypto/ecdsa_signature.h"
#include "crypto/openssl_handles.h"
#include "crypto/scheme.h"
#include "crypto/spki.h"

namespace proofmark::crypto {

using openssl::ErrorScope;
using openssl::PkeyContext;
using openssl::PkeyPtr;

struct PublicKey::State {
  KeyType type{};
  int bits = 0;
  Bytes spki;
  PkeyContext verifying;  // initialised, never used itself: each verification works on a copy

  /// The uncompressed point is what an EC key's SPKI ends with.
  [[nodiscard]] ByteView point() const { return ByteView(spki).last(1 + 2 * field_bytes(type)); }
};

namespace {

/// Null means OpenSSL. Set at start, before other threads run; read without a lock.
std::shared_ptr<const P384Verifier>& p384_verifier() {
  static std::shared_ptr<const P384Verifier> verifier;
  return verifier;
}

OSSL_PARAM octets_parameter(const char* key, Bytes& bytes) {
  return OSSL_PARAM_construct_octet_string(key, bytes.data(), bytes.size());
}

/// OSSL_PARAM holds numbers in the machine's byte order.
Bytes native_order(ByteView big_endian) {
  Bytes bytes = to_bytes(big_endian);
  if constexpr (std::endian::native == std::endian::little) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

/// EVP_PKEY_fromdata is eight times cheaper than d2i_PUBKEY, and doesn't get slower with a second thread.
Result<PkeyPtr> make_pkey(const char* algorithm, std::span<OSSL_PARAM> parameters) {
  const ErrorScope errors;
  const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1) {
    return openssl::backend_failure("the public key could not be set up");
  }
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) != 1) {
    return fail(CryptoReason::invalid_key,
                std::string("the public key's numbers are not those of an ") + algorithm + " key");
  }
  return PkeyPtr(made);
}

Result<PkeyPtr> make_rsa(const PublicNumbers& numbers) {
  Bytes modulus = native_order(numbers.modulus);
  Bytes exponent = native_order(numbers.exponent);
  std::array<OSSL_PARAM, 3> parameters{OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus.data(), modulus.size()),
                                       OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, exponent.data(), exponent.size()),
                                       OSSL_PARAM_construct_end()};
  return make_pkey("RSA", parameters);
}

/// Setting the affine coordinates makes OpenSSL check that they are less than p and satisfy the curve's equation; the
/// cofactor of all three curves is 1, so that such a point has the right order. (key_test has points off the curve.)
Result<PkeyPtr> make_ec(const PublicNumbers& numbers) {
  std::string group = numbers.type == KeyType::ec_p256 ? "P-256" : numbers.type == KeyType::ec_p384 ? "P-384" : "P-521";
  Bytes point = to_bytes(numbers.point);
  std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
      octets_parameter(OSSL_PKEY_PARAM_PUB_KEY, point), OSSL_PARAM_construct_end()};
  return make_pkey("EC", parameters);
}

std::unexpected<Error> bad_signature(SignatureScheme scheme) {
  return fail(CryptoReason::bad_signature,
              "the " + std::string(name(scheme)) + " signature was not made by this key over this digest");
}

/// To be copied for each verification: a copy takes 0.1 us, a new context 2.5 us. It keeps the key alive.
Result<PkeyContext> make_verifying_context(const PkeyPtr& pkey) {
  const ErrorScope errors;
  PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey.get(), nullptr));
  if (context == nullptr || EVP_PKEY_verify_init(context.get()) != 1) {
    return openssl::backend_failure("the public key could not be set up for verification");
  }
  return context;
}

/// `signature` in the form that OpenSSL reads: DER for ECDSA.
Result<void> verify_with_openssl(const EVP_PKEY_CTX* verifying, SignatureScheme scheme, const Digest& digest,
                                 ByteView signature) {
  const ErrorScope errors;
  const PkeyContext context(EVP_PKEY_CTX_dup(verifying));
  if (context == nullptr) return openssl::backend_failure("the verification could not start");
  PM_TRY_VOID(configure(context.get(), scheme));
  const ByteView hashed = digest.bytes();
  // Negative results are refusals too: OpenSSL gives them for signatures that lead to the point at infinity.
  if (EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hashed.data(), hashed.size()) != 1) {
    return bad_signature(scheme);
  }
  return {};
}

}  // namespace

Result<PublicKey> PublicKey::from_spki(ByteView der) {
  PM_TRY(const PublicNumbers numbers, parse_spki(der));
  PM_TRY(const PkeyPtr pkey, numbers.type == KeyType::rsa ? make_rsa(numbers) : make_ec(numbers));
  PM_TRY(PkeyContext verifying, make_verifying_context(pkey));
  return PublicKey(
      std::make_shared<const State>(State{numbers.type, numbers.bits, to_bytes(der), std::move(verifying)}));
}

KeyType PublicKey::type() const {
  return state_->type;
}
int PublicKey::bits() const {
  return state_->bits;
}
ByteView PublicKey::spki() const {
  return state_->spki;
}

Result<void> PublicKey::verify(SignatureScheme scheme, SignatureEncoding encoding, const Digest& digest,
                               ByteView signature) const {
  PM_TRY_VOID(check_scheme(scheme, state_->type, digest));
  if (state_->type == KeyType::rsa) {
    const auto modulus_bytes = static_cast<std::size_t>(state_->bits) / 8;
    if (signature.size() != modulus_bytes) {
      return fail(CryptoReason::bad_signature, "the RSA signature has " + std::to_string(signature.size()) +
                                                   " bytes instead of " + std::to_string(modulus_bytes));
    }
    return verify_with_openssl(state_->verifying.get(), scheme, digest, signature);
  }
  PM_TRY(const auto numbers, EcdsaSignature::parse(state_->type, encoding, signature));
  if (const P384Verifier* faster = p384_verifier().get(); faster != nullptr && state_->type == KeyType::ec_p384) {
    if (!faster->verify(state_->point(), digest.bytes(), numbers.r(), numbers.s())) return bad_signature(scheme);
    return {};
  }
  if (encoding == SignatureEncoding::der)
    return verify_with_openssl(state_->verifying.get(), scheme, digest, signature);
  return verify_with_openssl(state_->verifying.get(), scheme, digest, numbers.encode(SignatureEncoding::der));
}

void set_p384_verifier(std::shared_ptr<const P384Verifier> verifier) {
  p384_verifier() = std::move(verifier);
}

}  // namespace proofmark::crypto
