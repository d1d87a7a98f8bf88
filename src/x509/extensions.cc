#include "x509/extensions.h"

#include <algorithm>
#include <limits>

#include "codec/der.h"
#include "x509/oids.h"
#include "x509/syntax.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;

constexpr std::size_t kMaxExtensions = 64;
constexpr std::uint32_t kKnownKeyUsageBits = (1U << 9U) - 1;

struct Extension {
  der::Oid oid;
  bool critical = false;
  ByteView value;
};

std::unexpected<Error> bad(std::string_view extension, std::string_view why) {
  return fail(X509Reason::bad_extension, fmt::format("the certificate's {} {}", extension, why));
}

template <class T>
Result<T> reading_bad(std::string_view part, Result<T> result) {
  return reading(part, std::move(result), X509Reason::bad_extension);
}

/// `critical` FALSE is the default and must not be written (X.690, 11.5).
Result<Extension> read_extension(der::Reader& list) {
  constexpr std::string_view part = "extension list";
  PM_TRY(auto sequence, reading(part, list.enter(der::Tag::sequence)));
  PM_TRY(const auto oid, reading(part, sequence.read_oid()));
  bool critical = false;
  if (sequence.next_is(der::Tag::boolean)) {
    PM_TRY(critical, reading(part, sequence.read_boolean()));
    if (!critical) {
      return fail(X509Reason::malformed,
                  fmt::format("the certificate's extension {} says `critical` FALSE, which is the default",
                              der::to_string(oid)));
    }
  }
  PM_TRY(const auto value, reading(part, sequence.read_octet_string()));
  PM_TRY_VOID(reading(part, sequence.finish()));
  return Extension{oid, critical, value};
}

/// RFC 5280, 4.2.1.9. A pathLen says something only of a CA.
Result<BasicConstraints> parse_basic_constraints(ByteView value) {
  constexpr std::string_view part = "basicConstraints";
  PM_TRY(const auto element, reading_bad(part, der::read_only(value, der::Tag::sequence)));
  der::Reader reader(element.content);
  BasicConstraints constraints;
  if (reader.next_is(der::Tag::boolean)) {
    PM_TRY(constraints.is_ca, reading_bad(part, reader.read_boolean()));
    if (!constraints.is_ca) return bad(part, "says `cA` FALSE, which is the default");
  }
  if (!reader.at_end()) {
    PM_TRY(const auto length, reading_bad(part, reader.read_small_integer()));
    if (!constraints.is_ca) return bad(part, "limits the path length of what is no CA");
    if (length < 0 || length > std::numeric_limits<std::int32_t>::max()) {
      return bad(part, fmt::format("has a path length of {}", length));
    }
    constraints.path_length = static_cast<std::uint32_t>(length);
  }
  PM_TRY_VOID(reading_bad(part, reader.finish()));
  return constraints;
}

/// RFC 5280, 4.2.1.3: at least one bit is set.
Result<std::uint32_t> parse_key_usage(ByteView value) {
  constexpr std::string_view part = "keyUsage";
  der::Reader reader(value);
  PM_TRY(const auto bits, reading_bad(part, reader.read_named_bits()));
  PM_TRY_VOID(reading_bad(part, reader.finish()));
  if (bits == 0) return bad(part, "allows nothing");
  if ((bits & ~kKnownKeyUsageBits) != 0) return bad(part, "has bits that RFC 5280 does not define");
  return bits;
}

std::optional<Purpose> purpose_of(const der::Oid& oid) {
  if (oid == oids::kCodeSigning) return Purpose::code_signing;
  if (oid == oids::kTimeStamping) return Purpose::time_stamping;
  if (oid == oids::kOcspSigning) return Purpose::ocsp_signing;
  if (oid == oids::kServerAuth) return Purpose::server_auth;
  if (oid == oids::kClientAuth) return Purpose::client_auth;
  if (oid == oids::kEmailProtection) return Purpose::email_protection;
  if (oid == oids::kAnyPurpose) return Purpose::any;
  return std::nullopt;
}

/// RFC 5280, 4.2.1.12.
Result<void> parse_extended_key_usage(ByteView value, Extensions& extensions) {
  constexpr std::string_view part = "extendedKeyUsage";
  PM_TRY(const auto element, reading_bad(part, der::read_only(value, der::Tag::sequence)));
  der::Reader reader(element.content);
  if (reader.at_end()) return bad(part, "lists nothing");
  auto& purposes = extensions.purposes.emplace();
  while (!reader.at_end()) {
    PM_TRY(const auto oid, reading_bad(part, reader.read_oid()));
    ++extensions.purpose_count;
    if (const auto purpose = purpose_of(oid)) purposes.push_back(*purpose);
  }
  return {};
}

/// RFC 5280, 4.2.1.2.
Result<ByteView> parse_subject_key_id(ByteView value) {
  constexpr std::string_view part = "subjectKeyIdentifier";
  der::Reader reader(value);
  PM_TRY(const auto id, reading_bad(part, reader.read_octet_string()));
  PM_TRY_VOID(reading_bad(part, reader.finish()));
  if (id.empty()) return bad(part, "is empty");
  return id;
}

/// RFC 5280, 4.2.1.1. Issuer and serial, which we do not use, come in pairs.
Result<std::optional<ByteView>> parse_authority_key_id(ByteView value) {
  constexpr std::string_view part = "authorityKeyIdentifier";
  PM_TRY(const auto element, reading_bad(part, der::read_only(value, der::Tag::sequence)));
  der::Reader reader(element.content);
  std::optional<ByteView> id;
  if (reader.next_is(der::context_primitive(0))) {
    PM_TRY(const auto key_id, reading_bad(part, reader.read(der::context_primitive(0))));
    if (key_id.content.empty()) return bad(part, "is empty");
    id = key_id.content;
  }
  if (reader.next_is(der::context_constructed(1))) {
    PM_TRY_VOID(reading_bad(part, reader.read(der::context_constructed(1))));
    PM_TRY_VOID(reading_bad(part, reader.read(der::context_primitive(2))));
  }
  PM_TRY_VOID(reading_bad(part, reader.finish()));
  return id;
}

Result<void> require_not_critical(const Extension& extension, std::string_view name) {
  if (extension.critical) return bad(name, "is critical, which RFC 5280 forbids");
  return {};
}

Result<void> take(const Extension& extension, Extensions& all) {
  if (extension.oid == oids::kBasicConstraints) {
    PM_TRY(all.basic_constraints, parse_basic_constraints(extension.value));
    all.basic_constraints_critical = extension.critical;
  } else if (extension.oid == oids::kKeyUsage) {
    PM_TRY(all.key_usage, parse_key_usage(extension.value));
    all.key_usage_critical = extension.critical;
  } else if (extension.oid == oids::kExtendedKeyUsage) {
    PM_TRY_VOID(parse_extended_key_usage(extension.value, all));
  } else if (extension.oid == oids::kSubjectKeyId) {
    PM_TRY_VOID(require_not_critical(extension, "subjectKeyIdentifier"));
    PM_TRY(all.subject_key_id, parse_subject_key_id(extension.value));
  } else if (extension.oid == oids::kAuthorityKeyId) {
    PM_TRY_VOID(require_not_critical(extension, "authorityKeyIdentifier"));
    PM_TRY(all.authority_key_id, parse_authority_key_id(extension.value));
  } else if (extension.critical) {
    all.unknown_critical.push_back(der::to_string(extension.oid));
  }
  return {};
}

}  // namespace

Result<Extensions> parse_extensions(ByteView encoded) {
  PM_TRY(const auto element, reading("extension list", der::read_only(encoded, der::Tag::sequence)));
  der::Reader list(element.content);
  if (list.at_end()) return fail(X509Reason::malformed, "the certificate's extension list is empty");
  std::vector<der::Oid> seen;
  Extensions all;
  while (!list.at_end()) {
    if (seen.size() == kMaxExtensions) {
      return fail(X509Reason::too_large, fmt::format("the certificate has more than {} extensions", kMaxExtensions));
    }
    PM_TRY(const auto extension, read_extension(list));
    if (std::find(seen.begin(), seen.end(), extension.oid) != seen.end()) {
      return fail(X509Reason::duplicate_extension,
                  fmt::format("the certificate has the extension {} twice", der::to_string(extension.oid)));
    }
    seen.push_back(extension.oid);
    PM_TRY_VOID(take(extension, all));
  }
  return all;
}

}  // namespace proofmark::x509
