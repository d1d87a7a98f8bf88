// Hostile bytes as an ECDSA signature, on the curve that the first byte picks. What is accepted has exactly one
// encoding in each form, and the two forms hold the same numbers.
#include "crypto/ecdsa_signature.h"

#include <array>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace proofmark;
  using namespace proofmark::crypto;
  if (size == 0) return 0;
  constexpr std::array kCurves{KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521};
  const KeyType curve = kCurves[data[0] % kCurves.size()];
  const ByteView input(data + 1, size - 1);
  for (const auto& [encoding, other] : {std::pair{SignatureEncoding::der, SignatureEncoding::fixed},
                                        std::pair{SignatureEncoding::fixed, SignatureEncoding::der}}) {
    const auto signature = EcdsaSignature::parse(curve, encoding, input);
    if (!signature) continue;
    if (!equal(signature->encode(encoding), input)) std::abort();
    const Bytes converted = signature->encode(other);
    const auto again = EcdsaSignature::parse(curve, other, converted);
    if (!again || !equal(again->r(), signature->r()) || !equal(again->s(), signature->s())) std::abort();
  }
  return 0;
}
