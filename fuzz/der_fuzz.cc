// Hostile bytes for the DER reader: no input may crash it, and what it takes as DER our writer writes again byte for
// byte.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "codec/der.h"

namespace {

using namespace proofmark;
using namespace proofmark::codec;

constexpr int kMaxDepth = 32;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

bool inside(ByteView part, ByteView whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void require_same(const Bytes& written, ByteView read, const char* what) {
  require(equal(written, read), what);
}

/// Every reader of a type, on whatever the next element is; what is taken must be written again as it was.
void read_typed(const der::Reader& at) {
  const ByteView encoded = der::Reader(at).read_any().value().encoded;
  if (const auto value = der::Reader(at).read_boolean()) require_same(der::encode_boolean(*value), encoded, "boolean");
  if (const auto value = der::Reader(at).read_small_integer()) {
    require_same(der::encode_small_integer(*value), encoded, "small integer");
    require(der::Reader(at).read_integer().has_value(), "a small integer is an integer");
  }
  if (const auto value = der::Reader(at).read_integer()) {
    require_same(der::encode(der::Tag::integer, *value), encoded, "integer");
    if ((value->front() & 0x80U) == 0) require_same(der::encode_unsigned(*value), encoded, "unsigned");
  }
  if (const auto value = der::Reader(at).read_oid()) {
    require_same(der::encode_oid(*value), encoded, "oid");
    require(!der::to_string(*value).starts_with("not"), "an OID that is read can be shown");
  }
  if (const auto value = der::Reader(at).read_octet_string()) {
    require_same(der::encode(der::Tag::octet_string, *value), encoded, "octet string");
  }
  if (const auto value = der::Reader(at).read_bit_string()) {
    require_same(der::encode_bit_string(*value), encoded, "bit string");
  }
  if (const auto value = der::Reader(at).read_named_bits()) {
    require_same(der::encode_named_bits(*value), encoded, "named bits");
  }
  if (const auto value = der::Reader(at).read_utf8_string()) require_same(der::encode_utf8(*value), encoded, "utf8");
  if (const auto value = der::Reader(at).read_time()) {
    const Bytes written = der::encode_x509_time(*value);
    // A year that has a UTCTime may also be read as a GeneralizedTime.
    if (written[0] == encoded[0]) require_same(written, encoded, "time");
    require(der::Reader(written).read_time() == *value, "a time that is written reads back");
  }
  if (const auto value = der::Reader(at).read_time(der::Reader::Fractions::allowed)) {
    const Bytes written = der::encode_millisecond_time(*value);
    require(der::Reader(written).read_time(der::Reader::Fractions::allowed) == *value, "milliseconds read back");
  }
}

/// Walks DER and writes it again.
Result<Bytes> rewrite(der::Reader reader, int depth) {
  Bytes out;
  while (!reader.at_end()) {
    const der::Reader before = reader;
    PM_TRY(const der::Element element, reader.read_any());
    read_typed(before);
    require(inside(element.content, element.encoded), "the content lies inside of the element");
    (void)der::require_sorted(element.content);
    if ((static_cast<unsigned>(element.tag) & 0x20U) != 0 && depth < kMaxDepth) {
      der::Reader again = before;
      PM_TRY(const Bytes content, rewrite(again.enter(element.tag).value(), depth + 1));
      append(out, der::encode(element.tag, content));
    } else {
      append(out, der::encode(element.tag, element.content));
    }
  }
  return out;
}

/// Walks with indefinite lengths allowed everywhere.
void walk(der::Reader reader, ByteView input, int depth) {
  while (!reader.at_end()) {
    const std::size_t before = reader.offset();
    const auto element = reader.read_any(der::Lengths::indefinite_allowed);
    require(element.has_value() == (reader.offset() != before), "a reader moves exactly when it reads");
    if (!element) return;
    require(inside(element->content, element->encoded) && inside(element->encoded, input), "elements lie in the input");
    if ((static_cast<unsigned>(element->tag) & 0x20U) != 0 && depth < kMaxDepth) {
      walk(der::Reader(element->content), input, depth + 1);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto written = rewrite(der::Reader(input), 0))
    require_same(*written, input, "DER is written again as it was");
  walk(der::Reader(input), input, 0);
  (void)der::read_only(input, der::Tag::sequence, der::Lengths::indefinite_allowed);
  return 0;
}
