// Hostile text for the PEM reader: what it reads is written so that it reads back the same.
#include <cstdio>
#include <cstdlib>

#include "codec/base64.h"
#include "codec/pem.h"

namespace {

using namespace proofmark;
using namespace proofmark::codec;

constexpr std::size_t kMaxBlocks = 8;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// The two base64 decoders: what one takes, its encoder makes again.
void check_base64(std::string_view text) {
  if (const auto bytes = from_base64(text)) require(to_base64(*bytes) == text, "base64 has one form");
  if (const auto bytes = from_base64url(text)) require(to_base64url(*bytes) == text, "base64url has one form");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check_base64(text);
  const auto only = read_only_pem(text);
  const auto blocks = read_pem(text, kMaxBlocks);
  if (!blocks) {
    require(!only, "an only block is a block");
    return 0;
  }
  require(!blocks->empty() && blocks->size() <= kMaxBlocks, "there is a block, and not too many");
  if (only) require(blocks->size() == 1 && blocks->front().data == only->data, "an only block is the first");
  std::string written;
  for (const auto& block : *blocks) {
    const std::string one = write_pem(block.label, block.data);
    const auto again = read_only_pem(one);
    require(again && again->label == block.label && again->data == block.data, "a block reads back the same");
    written += one;
  }
  const auto again = read_pem(written, kMaxBlocks);
  require(again && again->size() == blocks->size(), "the blocks read back together");
  return 0;
}
