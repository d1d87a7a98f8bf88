// Builds CMS SignedData field by field, so that a test can get each one wrong.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "codec/der.h"
#include "crypto/key.h"
#include "envelope/cms/oids.h"
#include "support/signing_authority.h"

namespace proofmark::envelope::cms::test {

using codec::der::context_constructed;
using codec::der::encode;
using codec::der::encode_oid;
using codec::der::encode_small_integer;
using codec::der::Oid;
using codec::der::Tag;

inline constexpr std::array<std::uint8_t, 9> kSha256Bytes{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
inline constexpr Oid kSha256{kSha256Bytes};

inline Bytes algorithm(const Oid& oid, Tag tag = Tag::sequence) {
  return encode(tag, encode_oid(oid));
}
inline Bytes algorithm_with_null(const Oid& oid) {
  return encode(Tag::sequence, {encode_oid(oid), encode(Tag::null, ByteView{})});
}
inline Bytes attribute(const Oid& type, std::vector<Bytes> values) {
  return encode(Tag::sequence, {encode_oid(type), encode(Tag::set, std::move(values))});
}
inline Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const auto& part : parts) append(all, part);
  return all;
}
/// The same element with an indefinite length (BER).
inline Bytes indefinite(Tag tag, ByteView content) {
  Bytes out{static_cast<std::uint8_t>(tag), 0x80};
  append(out, content);
  append(out, Bytes{0, 0});
  return out;
}

struct CmsBuilder {
  crypto::Digest content = crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content"));
  Instant signing_time = proofmark::test::at("2026-09-28T09:19:26.806Z");

  std::int64_t version = 1;
  Oid outer_type = oids::kSignedData;
  std::vector<Bytes> digest_algorithms{algorithm(oids::kSha384)};
  Oid content_type = oids::kData;
  Bytes encapsulated;               // the [0] of encapContentInfo
  std::vector<Bytes> certificates;  // empty: leaf, intermediate, root
  bool no_certificates = false;
  Bytes crls;
  std::int64_t signer_version = 1;
  std::optional<Bytes> signer_identifier;
  Bytes signer_digest_algorithm = algorithm(oids::kSha384);
  Bytes signature_algorithm = algorithm(oids::kEcdsaSha384);
  std::vector<Bytes> attributes;  // empty: the standard four
  bool sort_attributes = true;
  Bytes unsigned_attributes;
  std::size_t signer_count = 1;
  Bytes after_signer;  // inside SignerInfo, behind all fields
  Bytes after;         // behind ContentInfo
  bool indefinite_wrappers = false;
  bool flip_signature = false;

  [[nodiscard]] std::vector<Bytes> standard_attributes() const {
    return {attribute(oids::kContentType, {encode_oid(oids::kData)}),
            attribute(oids::kMessageDigest, {encode(Tag::octet_string, content.bytes())}),
            attribute(oids::kSigningTime, {codec::der::encode_millisecond_time(signing_time)}),
            attribute(oids::kAlgorithmProtection,
                      {encode(Tag::sequence,
                              {algorithm(oids::kSha384), algorithm(oids::kEcdsaSha384, context_constructed(1))})})};
  }

  [[nodiscard]] Bytes signer() const {
    const auto& authority = proofmark::test::signing_authority();
    const auto& leaf = authority.chain.front();
    auto signed_attributes = attributes.empty() ? standard_attributes() : attributes;
    if (sort_attributes) std::ranges::sort(signed_attributes);
    const Bytes set = joined(signed_attributes);
    Bytes signature = authority.leaf_key
                          ->sign(crypto::SignatureScheme::ecdsa_sha384, crypto::SignatureEncoding::der,
                                 crypto::hash(crypto::HashAlgorithm::sha384, encode(Tag::set, set)))
                          .value();
    if (flip_signature) signature.back() ^= 1U;
    const Bytes sid =
        signer_identifier.value_or(encode(Tag::sequence, {leaf.issuer(), encode(Tag::integer, leaf.serial())}));
    return encode(Tag::sequence, {encode_small_integer(signer_version), sid, signer_digest_algorithm,
                                  encode(context_constructed(0), set), signature_algorithm,
                                  encode(Tag::octet_string, signature), unsigned_attributes, after_signer});
  }

  [[nodiscard]] Bytes build() const {
    const auto wrap = [&](Tag tag, ByteView content_bytes) {
      return indefinite_wrappers ? indefinite(tag, content_bytes) : encode(tag, content_bytes);
    };
    std::vector<Bytes> chain = certificates;
    if (chain.empty()) {
      for (const auto& certificate : proofmark::test::signing_authority().chain)
        chain.push_back(to_bytes(certificate.der()));
    }
    Bytes signers;
    for (std::size_t i = 0; i < signer_count; ++i) append(signers, signer());
    const Bytes signed_data =
        wrap(Tag::sequence, joined({encode_small_integer(version), wrap(Tag::set, joined(digest_algorithms)),
                                    wrap(Tag::sequence, joined({encode_oid(content_type), encapsulated})),
                                    no_certificates ? Bytes{} : wrap(context_constructed(0), joined(chain)), crls,
                                    wrap(Tag::set, signers)}));
    Bytes whole = wrap(Tag::sequence, joined({encode_oid(outer_type), wrap(context_constructed(0), signed_data)}));
    append(whole, after);
    return whole;
  }
};

}  // namespace proofmark::envelope::cms::test
