// Hostile text for the JSON reader: what it takes is written, compact and indented, so that it reads back equal.
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "codec/json.h"

namespace {

using namespace proofmark;
using namespace proofmark::codec;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

void require_reads_back(const json::Value& value, json::Style style, const json::Limits& limits) {
  const std::string text = json::serialize(value, style);
  require(is_utf8(text), "what is written is UTF-8");
  json::Limits generous = limits;
  generous.max_bytes = text.size();  // white space and escapes make it longer than it was
  const auto again = json::parse(text, generous);
  require(again.has_value() && *again == value, "what is written reads back equal");
  require(json::serialize(*again, style) == text, "what reads back equal is written alike");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const json::Limits limits{.max_bytes = 1U << 20U, .max_depth = 40};
  const auto value = json::parse(text, limits);
  if (!value) {
    require(value.error().domain() == "json" && !value.error().message().empty(), "a refusal says why");
    return 0;
  }
  require(is_utf8(text), "what is read is UTF-8");
  require_reads_back(*value, json::Style::compact, limits);
  require_reads_back(*value, json::Style::indented, limits);
  return 0;
}
