#include "x509/algorithm.h"

#include <optional>

#include "codec/der.h"
#include "x509/oids.h"
#include "x509/syntax.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;
using crypto::HashAlgorithm;
using crypto::SignatureScheme;

constexpr std::string_view kPart = "signature algorithm";

enum class Parameters : std::uint8_t { absent, null, pss };

struct Known {
  SignatureScheme scheme{};
  der::Oid oid;
  Parameters parameters{};
};

constexpr std::array kKnown{
    Known{SignatureScheme::ecdsa_sha256, oids::kEcdsaSha256, Parameters::absent},
    Known{SignatureScheme::ecdsa_sha384, oids::kEcdsaSha384, Parameters::absent},
    Known{SignatureScheme::ecdsa_sha512, oids::kEcdsaSha512, Parameters::absent},
    Known{SignatureScheme::rsa_pkcs1_sha256, oids::kRsaSha256, Parameters::null},
    Known{SignatureScheme::rsa_pkcs1_sha384, oids::kRsaSha384, Parameters::null},
    Known{SignatureScheme::rsa_pkcs1_sha512, oids::kRsaSha512, Parameters::null},
    Known{SignatureScheme::rsa_pss_sha256, oids::kRsaPss, Parameters::pss},
    Known{SignatureScheme::rsa_pss_sha384, oids::kRsaPss, Parameters::pss},
    Known{SignatureScheme::rsa_pss_sha512, oids::kRsaPss, Parameters::pss},
};

struct KnownHash {
  HashAlgorithm hash{};
  der::Oid oid;
};

constexpr std::array kHashes{
    KnownHash{HashAlgorithm::sha256, oids::kSha256},
    KnownHash{HashAlgorithm::sha384, oids::kSha384},
    KnownHash{HashAlgorithm::sha512, oids::kSha512},
};

std::unexpected<Error> unsupported(const std::string& what) {
  return fail(X509Reason::unsupported_algorithm, fmt::format("the certificate is signed with {}", what));
}

/// A hash AlgorithmIdentifier; its parameters are absent or NULL.
Result<HashAlgorithm> read_hash(der::Reader& reader) {
  PM_TRY(auto sequence, reading(kPart, reader.enter(der::Tag::sequence)));
  PM_TRY(const auto oid, reading(kPart, sequence.read_oid()));
  if (!sequence.at_end()) {
    PM_TRY(const auto null, reading(kPart, sequence.read(der::Tag::null)));
    if (!null.content.empty())
      return fail(X509Reason::malformed, "the certificate's hash algorithm has a NULL with content");
  }
  PM_TRY_VOID(reading(kPart, sequence.finish()));
  for (const auto& known : kHashes) {
    if (known.oid == oid) return known.hash;
  }
  return unsupported(fmt::format("RSASSA-PSS over the hash {}", der::to_string(oid)));
}

Result<HashAlgorithm> read_mask_hash(der::Reader& reader) {
  PM_TRY(auto sequence, reading(kPart, reader.enter(der::Tag::sequence)));
  PM_TRY(const auto oid, reading(kPart, sequence.read_oid()));
  if (oid != oids::kMgf1) return unsupported(fmt::format("RSASSA-PSS and the mask {}", der::to_string(oid)));
  PM_TRY(const auto hash, read_hash(sequence));
  PM_TRY_VOID(reading(kPart, sequence.finish()));
  return hash;
}

/// [n] EXPLICIT. Left out means SHA-1 or a salt of 20 bytes, which we do not use.
Result<der::Reader> enter_field(der::Reader& reader, std::uint8_t n) {
  if (!reader.next_is(der::context_constructed(n))) return unsupported("RSASSA-PSS and its default parameters (SHA-1)");
  return reading(kPart, reader.enter(der::context_constructed(n)));
}

/// RSASSA-PSS-params. RFC 4055, section 3.1.
Result<SignatureScheme> read_pss(der::Reader& reader) {
  if (reader.at_end()) return unsupported("RSASSA-PSS without parameters");
  PM_TRY(auto parameters, reading(kPart, reader.enter(der::Tag::sequence)));
  PM_TRY(auto hash_field, enter_field(parameters, 0));
  PM_TRY(const auto hash, read_hash(hash_field));
  PM_TRY_VOID(reading(kPart, hash_field.finish()));
  PM_TRY(auto mask_field, enter_field(parameters, 1));
  PM_TRY(const auto mask_hash, read_mask_hash(mask_field));
  PM_TRY_VOID(reading(kPart, mask_field.finish()));
  PM_TRY(auto salt_field, enter_field(parameters, 2));
  PM_TRY(const auto salt, reading(kPart, salt_field.read_small_integer()));
  PM_TRY_VOID(reading(kPart, salt_field.finish()));
  if (!parameters.at_end()) return unsupported("RSASSA-PSS and a trailer of its own");
  if (mask_hash != hash) return unsupported("RSASSA-PSS and another hash in its mask");
  if (salt != static_cast<std::int64_t>(crypto::digest_size(hash))) {
    return unsupported(fmt::format("RSASSA-PSS and a salt of {} bytes", salt));
  }
  for (const auto& known : kKnown) {
    if (known.parameters == Parameters::pss && crypto::hash_of(known.scheme) == hash) return known.scheme;
  }
  return unsupported("RSASSA-PSS over an unknown hash");
}

Result<void> check_parameters(der::Reader& reader, Parameters wanted) {
  if (wanted == Parameters::null) {
    PM_TRY(const auto null, reading(kPart, reader.read(der::Tag::null)));
    if (!null.content.empty())
      return fail(X509Reason::malformed, "the certificate's signature algorithm has a NULL with content");
  }
  return reading(kPart, reader.finish());
}

Bytes encode_hash(HashAlgorithm hash) {
  for (const auto& known : kHashes) {
    if (known.hash == hash)
      return der::encode(der::Tag::sequence, {der::encode_oid(known.oid), der::encode(der::Tag::null, ByteView{})});
  }
  return {};
}

Bytes encode_pss_parameters(HashAlgorithm hash) {
  const Bytes hash_id = encode_hash(hash);
  const Bytes mask = der::encode(der::Tag::sequence, {der::encode_oid(oids::kMgf1), hash_id});
  const Bytes salt = der::encode_small_integer(static_cast<std::int64_t>(crypto::digest_size(hash)));
  return der::encode(der::Tag::sequence,
                     {der::encode(der::context_constructed(0), hash_id), der::encode(der::context_constructed(1), mask),
                      der::encode(der::context_constructed(2), salt)});
}

}  // namespace

Result<SignatureScheme> parse_signature_algorithm(ByteView encoded) {
  PM_TRY(const auto element, reading(kPart, der::read_only(encoded, der::Tag::sequence)));
  der::Reader reader(element.content);
  PM_TRY(const auto oid, reading(kPart, reader.read_oid()));
  for (const auto& known : kKnown) {
    if (known.oid != oid) continue;
    if (known.parameters != Parameters::pss) {
      PM_TRY_VOID(check_parameters(reader, known.parameters));
      return known.scheme;
    }
    PM_TRY(const auto scheme, read_pss(reader));
    PM_TRY_VOID(reading(kPart, reader.finish()));
    return scheme;
  }
  return unsupported(fmt::format("the algorithm {}", der::to_string(oid)));
}

Bytes encode_signature_algorithm(SignatureScheme scheme) {
  for (const auto& known : kKnown) {
    if (known.scheme != scheme) continue;
    const Bytes oid = der::encode_oid(known.oid);
    switch (known.parameters) {
      case Parameters::absent:
        return der::encode(der::Tag::sequence, {oid});
      case Parameters::null:
        return der::encode(der::Tag::sequence, {oid, der::encode(der::Tag::null, ByteView{})});
      case Parameters::pss:
        return der::encode(der::Tag::sequence, {oid, encode_pss_parameters(crypto::hash_of(scheme))});
    }
  }
  return {};
}

}  // namespace proofmark::x509
