// Hostile bytes as a SubjectPublicKeyInfo. What is accepted has exactly one encoding: ours.
#include <cstdlib>

#include "crypto/key.h"
#include "crypto/spki.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace proofmark;
  const ByteView input(data, size);
  const auto numbers = crypto::parse_spki(input);
  const auto key = crypto::PublicKey::from_spki(input);
  if (!numbers) {
    if (key) std::abort();
    return 0;
  }
  const Bytes written = numbers->type == crypto::KeyType::rsa ? crypto::rsa_spki(numbers->modulus, numbers->exponent)
                                                              : crypto::ec_spki(numbers->type, numbers->point);
  if (!equal(written, input)) std::abort();
  if (key && (key->type() != numbers->type || key->bits() != numbers->bits)) std::abort();
  return 0;
}
