// Hostile bytes as a private key file. What is accepted signs, and is read back as the same key after it was written.
#include <cstdlib>

#include "crypto/key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace proofmark;
  using namespace proofmark::crypto;
  const SecretBytes passphrase(std::string_view("test"));
  const auto key = load_signing_key(ByteView(data, size), &passphrase);
  if (!key) return 0;
  const auto pem = private_key_pem(**key, nullptr);
  if (!pem) std::abort();
  const auto again = load_signing_key(pem->reveal(), nullptr);
  if (!again || !((*again)->public_key() == (*key)->public_key())) std::abort();
  return 0;
}
