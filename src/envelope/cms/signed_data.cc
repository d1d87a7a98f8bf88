#include "envelope/cms/signed_data.h"

#include <fmt/format.h>

#include "envelope/cms/oids.h"

namespace proofmark::envelope::cms {

using codec::der::context_constructed;
using codec::der::Element;
using codec::der::Lengths;
using codec::der::Oid;
using codec::der::Reader;
using codec::der::Tag;

struct UnverifiedSignedData::State {
  Bytes encoded;  // everything below points into it
  std::vector<x509::Certificate> certificates;
  std::size_t signer_certificate = 0;
  ByteView signed_attributes;  // content of the SET OF
  std::vector<Attribute> attributes;
  Instant signing_time;
  crypto::Digest message_digest{crypto::HashAlgorithm::sha384, std::array<std::uint8_t, 48>{}};
  ByteView signature;
};

namespace {

std::unexpected<Error> refuse(CmsReason reason, std::string message) {
  return fail(reason, std::move(message));
}

/// Puts the CMS field that was being read in front of what the DER reader or a certificate says.
std::unexpected<Error> refuse_field(Error cause, std::string_view field) {
  return std::unexpected(
      Error(CmsReason::malformed, fmt::format("CMS {} can't be read", field)).caused_by(std::move(cause)));
}

#define CMS_TRY(declaration, expression, field) \
  CMS_TRY_(PM_CONCAT(cms_result_, __LINE__), declaration, expression, field)
#define CMS_TRY_(result, declaration, expression, field)              \
  auto result = (expression);                                         \
  if (!result) return refuse_field(std::move(result).error(), field); \
  declaration = *std::move(result)

/// An AlgorithmIdentifier without parameters, or with NULL ones. RFC 5754 asks for absent and for tolerance.
Result<Oid> read_algorithm(Reader& reader, Tag tag, std::string_view field) {
  CMS_TRY(Reader algorithm, reader.enter(tag), field);
  CMS_TRY(const Oid oid, algorithm.read_oid(), field);
  if (!algorithm.at_end()) {
    CMS_TRY(const Element null, algorithm.read(Tag::null), field);
    if (!null.content.empty() || !algorithm.at_end()) {
      return refuse(CmsReason::malformed, fmt::format("CMS {} has parameters", field));
    }
  }
  return oid;
}

Result<void> require_algorithm(Reader& reader, Tag tag, const Oid& wanted, std::string_view field) {
  PM_TRY(const Oid oid, read_algorithm(reader, tag, field));
  if (oid == wanted) return {};
  return refuse(CmsReason::unsupported_algorithm,
                fmt::format("CMS {} is {}; signed packages use SHA-384 and ECDSA", field, codec::der::to_string(oid)));
}

Result<void> require_version_1(Reader& reader, std::string_view field) {
  CMS_TRY(const std::int64_t version, reader.read_small_integer(), field);
  if (version == 1) return {};
  return refuse(CmsReason::unsupported_version, fmt::format("CMS {} is {}, not 1", field, version));
}

/// Nothing may stand behind the last field.
Result<void> require_end(const Reader& reader, std::string_view field) {
  if (reader.at_end()) return {};
  return refuse(CmsReason::malformed, fmt::format("CMS {}: {} byte(s) too many", field, reader.rest().size()));
}

/// ContentInfo of RFC 5652, section 3, down to the content of SignedData.
Result<Reader> open_content_info(ByteView encoded) {
  Reader whole(encoded);
  CMS_TRY(Reader content_info, whole.enter(Tag::sequence, Lengths::indefinite_allowed), "ContentInfo");
  PM_TRY_VOID(require_end(whole, "envelope"));
  CMS_TRY(const Oid type, content_info.read_oid(), "content type");
  if (type != oids::kSignedData) {
    return refuse(CmsReason::not_signed_data,
                  fmt::format("the envelope holds {}, not CMS SignedData", codec::der::to_string(type)));
  }
  CMS_TRY(Reader content, content_info.enter(context_constructed(0), Lengths::indefinite_allowed), "content");
  PM_TRY_VOID(require_end(content_info, "ContentInfo"));
  CMS_TRY(Reader signed_data, content.enter(Tag::sequence, Lengths::indefinite_allowed), "SignedData");
  PM_TRY_VOID(require_end(content, "content"));
  return signed_data;
}

Result<void> read_digest_algorithms(Reader& signed_data) {
  CMS_TRY(Reader set, signed_data.enter(Tag::set, Lengths::indefinite_allowed), "digestAlgorithms");
  PM_TRY_VOID(require_algorithm(set, Tag::sequence, oids::kSha384, "digest algorithm"));
  return require_end(set, "digestAlgorithms");
}

Result<void> read_encapsulated_content(Reader& signed_data) {
  CMS_TRY(Reader content, signed_data.enter(Tag::sequence, Lengths::indefinite_allowed), "encapContentInfo");
  CMS_TRY(const Oid type, content.read_oid(), "encapsulated content type");
  if (type != oids::kData) {
    return refuse(CmsReason::unsupported_algorithm,
                  fmt::format("the signed content is {}, not data", codec::der::to_string(type)));
  }
  if (!content.at_end()) return refuse(CmsReason::attached_content, "the CMS envelope holds content of its own");
  return {};
}

Result<std::vector<x509::Certificate>> read_certificates(Reader& signed_data, x509::CertificateCache& cache) {
  std::vector<x509::Certificate> certificates;
  if (!signed_data.next_is(context_constructed(0))) {
    return refuse(CmsReason::no_signer_certificate, "the CMS envelope holds no certificates");
  }
  CMS_TRY(Reader set, signed_data.enter(context_constructed(0), Lengths::indefinite_allowed), "certificates");
  while (!set.at_end()) {
    if (certificates.size() == kMaxCertificates) {
      return refuse(CmsReason::too_large, fmt::format("the CMS envelope holds over {} certificates", kMaxCertificates));
    }
    CMS_TRY(const Element element, set.read(Tag::sequence), "certificate");
    PM_TRY(auto certificate, cache.parse(element.encoded));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

struct SignerIdentifier {
  ByteView issuer;
  ByteView serial;
};

Result<SignerIdentifier> read_signer_identifier(Reader& signer) {
  CMS_TRY(Reader sid, signer.enter(Tag::sequence), "signer identifier");
  CMS_TRY(const Element issuer, sid.read(Tag::sequence), "signer's issuer");
  CMS_TRY(const ByteView serial, sid.read_integer(), "signer's serial number");
  PM_TRY_VOID(require_end(sid, "signer identifier"));
  return SignerIdentifier{issuer.encoded, serial};
}

/// Exactly one of the certificates must be the one that the signer names.
Result<std::size_t> find_signer(const std::vector<x509::Certificate>& certificates, const SignerIdentifier& sid) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    if (!equal(certificates[i].issuer(), sid.issuer) || !equal(certificates[i].serial(), sid.serial)) continue;
    if (found) {
      return refuse(CmsReason::no_signer_certificate, "more than one certificate is the one that the signer names");
    }
    found = i;
  }
  if (!found) return refuse(CmsReason::no_signer_certificate, "the signer's certificate is not in the CMS envelope");
  return *found;
}

Result<std::vector<Attribute>> read_attributes(ByteView set_content) {
  std::vector<Attribute> attributes;
  for (Reader set(set_content); !set.at_end();) {
    if (attributes.size() == kMaxAttributes) {
      return refuse(CmsReason::too_large, fmt::format("over {} signed attributes", kMaxAttributes));
    }
    CMS_TRY(Reader attribute, set.enter(Tag::sequence), "signed attribute");
    CMS_TRY(const Oid type, attribute.read_oid(), "signed attribute's type");
    CMS_TRY(Reader values, attribute.enter(Tag::set), "signed attribute's values");
    PM_TRY_VOID(require_end(attribute, "signed attribute"));
    const auto name = codec::der::to_string(type);
    if (values.at_end()) return refuse(CmsReason::bad_attribute, fmt::format("signed attribute {} has no value", name));
    CMS_TRY(const Element value, values.read_any(), "signed attribute's value");
    if (!values.at_end()) {
      return refuse(CmsReason::bad_attribute, fmt::format("signed attribute {} has more than one value", name));
    }
    for (const auto& earlier : attributes) {
      if (earlier.type == type) {
        return refuse(CmsReason::duplicate_attribute, fmt::format("signed attribute {} stands there twice", name));
      }
    }
    attributes.push_back({type, value.encoded});
  }
  if (!codec::der::require_sorted(set_content)) {
    return refuse(CmsReason::attributes_not_sorted, "the signed attributes are not in DER order");
  }
  return attributes;
}

std::optional<ByteView> find(const std::vector<Attribute>& attributes, const Oid& type) {
  for (const auto& attribute : attributes) {
    if (attribute.type == type) return attribute.value;
  }
  return std::nullopt;
}

Result<ByteView> require(const std::vector<Attribute>& attributes, const Oid& type, std::string_view name) {
  const auto value = find(attributes, type);
  if (!value) return refuse(CmsReason::missing_attribute, fmt::format("the signed attribute {} is missing", name));
  return *value;
}

std::unexpected<Error> bad_attribute(std::string_view name) {
  return refuse(CmsReason::bad_attribute, fmt::format("the signed attribute {} is not what it must be", name));
}

/// RFC 5652, 11.1: the content type that was signed.
Result<void> check_content_type(const std::vector<Attribute>& attributes) {
  PM_TRY(const ByteView value, require(attributes, oids::kContentType, "contentType"));
  const auto type = Reader(value).read_oid();
  if (!type || *type != oids::kData) return bad_attribute("contentType");
  return {};
}

/// RFC 5652, 11.2.
Result<crypto::Digest> read_message_digest(const std::vector<Attribute>& attributes) {
  PM_TRY(const ByteView value, require(attributes, oids::kMessageDigest, "messageDigest"));
  const auto digest = Reader(value).read_octet_string();
  if (!digest || digest->size() != crypto::digest_size(crypto::HashAlgorithm::sha384)) {
    return bad_attribute("messageDigest");
  }
  return crypto::Digest(crypto::HashAlgorithm::sha384, *digest);
}

/// RFC 5652, 11.3; AWS writes GeneralizedTime with fractions before 2050 too, so both are read.
Result<Instant> read_signing_time(const std::vector<Attribute>& attributes) {
  PM_TRY(const ByteView value, require(attributes, oids::kSigningTime, "signingTime"));
  const auto time = Reader(value).read_time(Reader::Fractions::allowed);
  if (!time) return bad_attribute("signingTime");
  return *time;
}

/// RFC 6211. It may be absent; when it is there, it must name what is used.
Result<void> check_algorithm_protection(const std::vector<Attribute>& attributes) {
  const auto value = find(attributes, oids::kAlgorithmProtection);
  if (!value) return {};
  Reader whole(*value);
  CMS_TRY(Reader protection, whole.enter(Tag::sequence), "algorithmProtection");
  PM_TRY(const Oid digest, read_algorithm(protection, Tag::sequence, "protected digest algorithm"));
  PM_TRY(const Oid signature, read_algorithm(protection, context_constructed(1), "protected signature algorithm"));
  if (!protection.at_end() || digest != oids::kSha384 || signature != oids::kEcdsaSha384) {
    return refuse(CmsReason::algorithm_protection, "the protected algorithms are not those that the signature uses");
  }
  return {};
}

}  // namespace

Result<UnverifiedSignedData> UnverifiedSignedData::parse(ByteView encoded, x509::CertificateCache& certificates) {
  if (encoded.size() > kMaxEnvelope) {
    return refuse(CmsReason::too_large,
                  fmt::format("a CMS envelope of {} bytes; at most {}", encoded.size(), kMaxEnvelope));
  }
  auto state = std::make_shared<State>();
  state->encoded = to_bytes(encoded);

  PM_TRY(Reader signed_data, open_content_info(state->encoded));
  PM_TRY_VOID(require_version_1(signed_data, "SignedData version"));
  PM_TRY_VOID(read_digest_algorithms(signed_data));
  PM_TRY_VOID(read_encapsulated_content(signed_data));
  PM_TRY(state->certificates, read_certificates(signed_data, certificates));
  if (signed_data.next_is(context_constructed(1)))
    return refuse(CmsReason::unexpected_field, "the CMS envelope holds CRLs");

  CMS_TRY(Reader signers, signed_data.enter(Tag::set, Lengths::indefinite_allowed), "signerInfos");
  PM_TRY_VOID(require_end(signed_data, "SignedData"));
  if (signers.at_end()) return refuse(CmsReason::not_one_signer, "the CMS envelope has no signer");
  CMS_TRY(Reader signer, signers.enter(Tag::sequence), "signerInfo");
  if (!signers.at_end()) return refuse(CmsReason::not_one_signer, "the CMS envelope has more than one signer");

  PM_TRY_VOID(require_version_1(signer, "SignerInfo version"));
  PM_TRY(const SignerIdentifier sid, read_signer_identifier(signer));
  PM_TRY_VOID(require_algorithm(signer, Tag::sequence, oids::kSha384, "signer's digest algorithm"));
  if (!signer.next_is(context_constructed(0))) {
    return refuse(CmsReason::missing_attribute, "the CMS signer has no signed attributes");
  }
  CMS_TRY(const Element attributes, signer.read(context_constructed(0)), "signed attributes");
  state->signed_attributes = attributes.content;
  PM_TRY_VOID(require_algorithm(signer, Tag::sequence, oids::kEcdsaSha384, "signature algorithm"));
  CMS_TRY(state->signature, signer.read_octet_string(), "signature");
  if (signer.next_is(context_constructed(1))) {
    return refuse(CmsReason::unexpected_field, "the CMS signer has unsigned attributes");
  }
  PM_TRY_VOID(require_end(signer, "signerInfo"));

  PM_TRY(state->signer_certificate, find_signer(state->certificates, sid));
  PM_TRY(state->attributes, read_attributes(state->signed_attributes));
  PM_TRY_VOID(check_content_type(state->attributes));
  PM_TRY(state->message_digest, read_message_digest(state->attributes));
  PM_TRY(state->signing_time, read_signing_time(state->attributes));
  PM_TRY_VOID(check_algorithm_protection(state->attributes));
  return UnverifiedSignedData(std::move(state));
}

const std::vector<x509::Certificate>& UnverifiedSignedData::certificates() const {
  return state_->certificates;
}
const x509::Certificate& UnverifiedSignedData::signer_certificate() const {
  return state_->certificates[state_->signer_certificate];
}
const std::vector<Attribute>& UnverifiedSignedData::attributes() const {
  return state_->attributes;
}
std::optional<ByteView> UnverifiedSignedData::attribute(const Oid& type) const {
  return find(state_->attributes, type);
}
Instant UnverifiedSignedData::signing_time() const {
  return state_->signing_time;
}
const crypto::Digest& UnverifiedSignedData::message_digest() const {
  return state_->message_digest;
}

Result<VerifiedSignedData> VerifiedSignedData::verify(const UnverifiedSignedData& unverified,
                                                      const crypto::Digest& content_digest,
                                                      const x509::TrustedRoots& roots,
                                                      const x509::ChainProfile& profile, x509::ChainCache& chains) {
  const auto& state = *unverified.state_;
  if (content_digest != state.message_digest) {
    return refuse(CmsReason::digest_mismatch,
                  "the content is not what was signed: it was changed, or its signature is another's");
  }
  PM_TRY(auto chain,
         chains.build(unverified.signer_certificate(), state.certificates, roots, profile, state.signing_time));
  // RFC 5652, 5.4: what is signed is the attributes as an explicit SET OF, not with their implicit [0] tag.
  const auto signed_set = codec::der::encode(Tag::set, state.signed_attributes);
  auto verified = unverified.signer_certificate().public_key().verify(
      crypto::SignatureScheme::ecdsa_sha384, crypto::SignatureEncoding::der,
      crypto::hash(crypto::HashAlgorithm::sha384, signed_set), state.signature);
  if (!verified) {
    return std::unexpected(Error(CmsReason::bad_signature, "the signature is not that of the signer's certificate")
                               .caused_by(std::move(verified).error()));
  }
  return VerifiedSignedData(unverified, std::move(chain));
}

}  // namespace proofmark::envelope::cms
