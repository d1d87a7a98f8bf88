#include "envelope/cms/signer.h"

#include <algorithm>

#include "envelope/cms/oids.h"

namespace proofmark::envelope::cms {
namespace {

using codec::der::encode;
using codec::der::encode_oid;
using codec::der::encode_set_of;
using codec::der::encode_small_integer;
using codec::der::Oid;
using codec::der::Tag;

Bytes algorithm(const Oid& oid, Tag tag = Tag::sequence) {
  return encode(tag, encode_oid(oid));
}

Bytes attribute(const Oid& type, const Bytes& value) {
  return encode(Tag::sequence, {encode_oid(type), encode(Tag::set, value)});
}

/// RFC 6211, section 2.
Bytes algorithm_protection() {
  return encode(Tag::sequence,
                {algorithm(oids::kSha384), algorithm(oids::kEcdsaSha384, codec::der::context_constructed(1))});
}

Bytes content_of(const Bytes& encoded_set) {
  const auto element = codec::der::read_only(encoded_set, Tag::set);
  return element ? to_bytes(element->content) : Bytes{};
}

Result<void> check(const crypto::SigningKey& key, const std::vector<x509::Certificate>& chain,
                   const std::vector<NewAttribute>& attributes) {
  if (chain.empty() || !(chain.front().public_key() == key.public_key())) {
    return fail(CmsReason::no_signer_certificate, "the first certificate of the chain is not that of the signing key");
  }
  if (key.public_key().type() != crypto::KeyType::ec_p384) {
    return fail(CmsReason::unsupported_algorithm, "signed packages need an EC P-384 key");
  }
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    const auto same = [&](const NewAttribute& other) { return other.type == it->type; };
    const bool standard = it->type == oids::kContentType || it->type == oids::kMessageDigest ||
                          it->type == oids::kSigningTime || it->type == oids::kAlgorithmProtection;
    if (standard || std::any_of(attributes.begin(), it, same)) {
      return fail(CmsReason::duplicate_attribute, "an attribute may be signed once only");
    }
  }
  return {};
}

}  // namespace

Result<Bytes> sign(const crypto::Digest& content_digest, const crypto::SigningKey& key,
                   const std::vector<x509::Certificate>& chain, Instant signing_time,
                   const std::vector<NewAttribute>& attributes) {
  PM_TRY_VOID(check(key, chain, attributes));
  std::vector<Bytes> encoded{
      attribute(oids::kContentType, encode_oid(oids::kData)),
      attribute(oids::kMessageDigest, encode(Tag::octet_string, content_digest.bytes())),
      attribute(oids::kSigningTime, codec::der::encode_millisecond_time(signing_time)),
      attribute(oids::kAlgorithmProtection, algorithm_protection()),
  };
  for (const auto& extra : attributes) encoded.push_back(attribute(extra.type, extra.value));
  const Bytes signed_set = encode_set_of(std::move(encoded));
  PM_TRY(const Bytes signature, key.sign(crypto::SignatureScheme::ecdsa_sha384, crypto::SignatureEncoding::der,
                                         crypto::hash(crypto::HashAlgorithm::sha384, signed_set)));

  const auto& leaf = chain.front();
  const Bytes signer =
      encode(Tag::sequence,
             {encode_small_integer(1), encode(Tag::sequence, {leaf.issuer(), encode(Tag::integer, leaf.serial())}),
              algorithm(oids::kSha384), encode(codec::der::context_constructed(0), content_of(signed_set)),
              algorithm(oids::kEcdsaSha384), encode(Tag::octet_string, signature)});
  std::vector<Bytes> certificates;
  for (const auto& certificate : chain) certificates.push_back(to_bytes(certificate.der()));
  const Bytes signed_data =
      encode(Tag::sequence,
             {encode_small_integer(1), encode(Tag::set, algorithm(oids::kSha384)),
              encode(Tag::sequence, encode_oid(oids::kData)),
              encode_set_of(std::move(certificates), codec::der::context_constructed(0)), encode(Tag::set, signer)});
  return encode(Tag::sequence,
                {encode_oid(oids::kSignedData), encode(codec::der::context_constructed(0), signed_data)});
}

}  // namespace proofmark::envelope::cms
