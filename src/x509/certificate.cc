#include "x509/certificate.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "codec/der.h"
#include "crypto/hash.h"
#include "x509/algorithm.h"
#include "x509/extensions.h"
#include "x509/names.h"
#include "x509/syntax.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;

constexpr std::size_t kMaxCertificate = 64UL * 1024;
constexpr std::size_t kMaxSerial = 20;  // octets, RFC 5280, 4.1.2.2

enum class Version : std::uint8_t { v1, v3 };

struct Validity {
  Instant not_before;
  Instant not_after;
};

/// TBSCertificate; the views lie in the parsed input.
struct Body {
  Version version;
  ByteView serial;
  ByteView algorithm;
  ByteView issuer;
  ByteView subject;
  Validity validity;
  crypto::PublicKey public_key;
  Extensions extensions;
};

/// [0] EXPLICIT Version DEFAULT v1: a v1 that is spelt out is not DER.
Result<Version> read_version(der::Reader& tbs) {
  if (!tbs.next_is(der::context_constructed(0))) return Version::v1;
  PM_TRY(auto field, reading("version", tbs.enter(der::context_constructed(0))));
  PM_TRY(const auto version, reading("version", field.read_small_integer()));
  PM_TRY_VOID(reading("version", field.finish()));
  if (version == 0) return fail(X509Reason::malformed, "the certificate says version 1, which is the default");
  if (version != 2) {
    return fail(X509Reason::unsupported_version,
                fmt::format("the certificate has the version field {} (2 is version 3)", version));
  }
  return Version::v3;
}

/// RFC 5280, 4.1.2.2: zero and up to 20 octets; the AWS root has 17.
Result<ByteView> read_serial(der::Reader& tbs) {
  PM_TRY(const auto serial, reading("serialNumber", tbs.read_integer()));
  if (serial.size() > kMaxSerial) {
    return fail(X509Reason::malformed,
                fmt::format("the certificate's serialNumber has {} octets (at most {})", serial.size(), kMaxSerial));
  }
  if ((serial[0] & 0x80U) != 0) return fail(X509Reason::malformed, "the certificate's serialNumber is negative");
  return serial;
}

/// RFC 5280, 4.1.2.5: GeneralizedTime is for 2050 and later only.
Result<Instant> read_validity_time(der::Reader& validity) {
  const bool generalized = validity.next_is(der::Tag::generalized_time);
  PM_TRY(const auto time, reading("validity", validity.read_time()));
  if (generalized && time < std::chrono::sys_days{std::chrono::year{2050} / 1 / 1}) {
    return fail(
        X509Reason::malformed,
        fmt::format("the certificate writes {} as a GeneralizedTime, which is for 2050 and later", to_rfc3339(time)));
  }
  return time;
}

Result<Validity> read_validity(der::Reader& tbs) {
  PM_TRY(auto sequence, reading("validity", tbs.enter(der::Tag::sequence)));
  PM_TRY(const auto not_before, read_validity_time(sequence));
  PM_TRY(const auto not_after, read_validity_time(sequence));
  PM_TRY_VOID(reading("validity", sequence.finish()));
  if (not_before > not_after) {
    return fail(X509Reason::malformed,
                fmt::format("the certificate's validity begins at {} and ends before that, at {}",
                            to_rfc3339(not_before), to_rfc3339(not_after)));
  }
  return Validity{not_before, not_after};
}

/// The unique ids are refused: RFC 5280 (4.1.2.8) forbids to issue them.
Result<Extensions> read_extensions(der::Reader& tbs, Version version) {
  if (tbs.next_is(der::context_primitive(1)) || tbs.next_is(der::context_primitive(2))) {
    return fail(X509Reason::malformed, "the certificate has an issuer or subject unique id, which RFC 5280 forbids");
  }
  if (tbs.at_end()) return Extensions{};
  PM_TRY(const auto field, reading("extension list", tbs.read(der::context_constructed(3))));
  if (version == Version::v1) {
    return fail(X509Reason::unsupported_version, "the certificate has extensions and is not of version 3");
  }
  return parse_extensions(field.content);
}

Result<crypto::PublicKey> read_public_key(der::Reader& tbs) {
  PM_TRY(const auto spki, reading("subjectPublicKeyInfo", tbs.read(der::Tag::sequence)));
  auto key = crypto::PublicKey::from_spki(spki.encoded);
  if (!key) return std::unexpected<Error>(std::move(key).error().within("the certificate's subjectPublicKeyInfo"));
  return key;
}

/// What RFC 5280 says about fields together.
Result<void> check_together(const Body& body) {
  der::Reader issuer(body.issuer);
  PM_TRY(const auto issuer_name, reading("issuer", issuer.read(der::Tag::sequence)));
  if (issuer_name.content.empty()) return fail(X509Reason::malformed, "the certificate's issuer is empty");
  if (body.version == Version::v1 && !equal(body.issuer, body.subject)) {
    return fail(X509Reason::unsupported_version, "the certificate is of version 1 and names another issuer");
  }
  const auto& constraints = body.extensions.basic_constraints;
  der::Reader subject(body.subject);
  PM_TRY(const auto subject_name, reading("subject", subject.read(der::Tag::sequence)));
  if (constraints && constraints->is_ca && subject_name.content.empty()) {
    return fail(X509Reason::malformed, "the certificate of a CA has an empty subject");
  }
  return {};
}

/// RFC 5280, 4.1.
Result<Body> parse_body(ByteView content) {
  der::Reader tbs(content);
  PM_TRY(const auto version, read_version(tbs));
  PM_TRY(const auto serial, read_serial(tbs));
  PM_TRY(const auto algorithm, reading("signature algorithm", tbs.read(der::Tag::sequence)));
  PM_TRY(const auto issuer, reading("issuer", tbs.read(der::Tag::sequence)));
  PM_TRY_VOID(check_name(issuer.encoded, "issuer"));
  PM_TRY(const auto validity, read_validity(tbs));
  PM_TRY(const auto subject, reading("subject", tbs.read(der::Tag::sequence)));
  PM_TRY_VOID(check_name(subject.encoded, "subject"));
  PM_TRY(auto key, read_public_key(tbs));
  PM_TRY(auto extensions, read_extensions(tbs, version));
  PM_TRY_VOID(reading("body", tbs.finish()));
  Body body{.version = version,
            .serial = serial,
            .algorithm = algorithm.encoded,
            .issuer = issuer.encoded,
            .subject = subject.encoded,
            .validity = validity,
            .public_key = std::move(key),
            .extensions = std::move(extensions)};
  PM_TRY_VOID(check_together(body));
  return body;
}

Fingerprint fingerprint_of(ByteView der) {
  Fingerprint fingerprint;
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha256, der);
  std::ranges::copy(digest.bytes(), fingerprint.begin());
  return fingerprint;
}

}  // namespace

struct Certificate::State {
  Bytes der;  // what every view below lies in
  ByteView tbs;
  ByteView signature;
  Body body;
  crypto::SignatureScheme scheme;
  Fingerprint fingerprint;
};

Result<Certificate> Certificate::parse(ByteView der) {
  if (der.size() > kMaxCertificate) {
    return fail(X509Reason::too_large,
                fmt::format("the certificate is {} bytes long (at most {})", der.size(), kMaxCertificate));
  }
  Bytes copy = to_bytes(der);
  PM_TRY(const auto outer, reading("outer sequence", der::read_only(copy, der::Tag::sequence)));
  der::Reader reader(outer.content);
  PM_TRY(const auto tbs, reading("body", reader.read(der::Tag::sequence)));
  PM_TRY(const auto algorithm, reading("signature algorithm", reader.read(der::Tag::sequence)));
  PM_TRY(const auto signature, reading("signature", reader.read_bit_string()));
  PM_TRY_VOID(reading("outer sequence", reader.finish()));
  PM_TRY(const auto scheme, parse_signature_algorithm(algorithm.encoded));
  PM_TRY(auto body, parse_body(tbs.content));
  if (!equal(body.algorithm, algorithm.encoded)) {
    return fail(X509Reason::algorithm_mismatch, "the certificate's inner and outer signature algorithms differ");
  }
  const Fingerprint fingerprint = fingerprint_of(copy);
  // Moving a vector keeps its storage, and with it the views.
  return Certificate(std::make_shared<const State>(State{.der = std::move(copy),
                                                         .tbs = tbs.encoded,
                                                         .signature = signature,
                                                         .body = std::move(body),
                                                         .scheme = scheme,
                                                         .fingerprint = fingerprint}));
}

ByteView Certificate::der() const {
  return state_->der;
}
ByteView Certificate::tbs() const {
  return state_->tbs;
}
ByteView Certificate::issuer() const {
  return state_->body.issuer;
}
ByteView Certificate::subject() const {
  return state_->body.subject;
}
ByteView Certificate::serial() const {
  return state_->body.serial;
}
Instant Certificate::not_before() const {
  return state_->body.validity.not_before;
}
Instant Certificate::not_after() const {
  return state_->body.validity.not_after;
}
const crypto::PublicKey& Certificate::public_key() const {
  return state_->body.public_key;
}
bool Certificate::is_version_1() const {
  return state_->body.version == Version::v1;
}
crypto::SignatureScheme Certificate::signature_scheme() const {
  return state_->scheme;
}
ByteView Certificate::signature() const {
  return state_->signature;
}

std::optional<BasicConstraints> Certificate::basic_constraints() const {
  return state_->body.extensions.basic_constraints;
}
bool Certificate::basic_constraints_critical() const {
  return state_->body.extensions.basic_constraints_critical;
}
std::optional<std::uint32_t> Certificate::key_usage() const {
  return state_->body.extensions.key_usage;
}
bool Certificate::key_usage_critical() const {
  return state_->body.extensions.key_usage_critical;
}

bool Certificate::allows(KeyUsage usage) const {
  return (state_->body.extensions.key_usage.value_or(0) & std::to_underlying(usage)) != 0;
}

const std::optional<std::vector<Purpose>>& Certificate::extended_key_usage() const {
  return state_->body.extensions.purposes;
}

std::size_t Certificate::extended_key_usage_count() const {
  return state_->body.extensions.purpose_count;
}

bool Certificate::has_purpose(Purpose purpose) const {
  const auto& purposes = state_->body.extensions.purposes;
  return purposes && std::ranges::find(*purposes, purpose) != purposes->end();
}

std::optional<ByteView> Certificate::subject_key_id() const {
  return state_->body.extensions.subject_key_id;
}
std::optional<ByteView> Certificate::authority_key_id() const {
  return state_->body.extensions.authority_key_id;
}

const std::vector<std::string>& Certificate::unknown_critical_extensions() const {
  return state_->body.extensions.unknown_critical;
}

const Fingerprint& Certificate::fingerprint() const {
  return state_->fingerprint;
}
bool Certificate::is_self_issued() const {
  return equal(issuer(), subject());
}

Result<void> Certificate::verify_signed_by(const crypto::PublicKey& issuer_key) const {
  const auto digest = crypto::hash(crypto::hash_of(state_->scheme), state_->tbs);
  auto verified = issuer_key.verify(state_->scheme, crypto::SignatureEncoding::der, digest, state_->signature);
  if (verified) return {};
  // A signature of another kind of key is not this key's signature either.
  using crypto::CryptoReason;
  if (!verified.error().is(CryptoReason::bad_signature) && !verified.error().is(CryptoReason::scheme_mismatch)) {
    return verified;
  }
  Error error(X509Reason::bad_signature, "the signature of the certificate was not made with the key of this issuer");
  return std::unexpected<Error>(std::move(error).caused_by(std::move(verified).error()));
}

std::string serial_to_string(const Certificate& certificate) {
  ByteView serial = certificate.serial();
  if (serial.size() > 1 && serial[0] == 0) serial = serial.subspan(1);
  return to_hex(serial);
}

}  // namespace proofmark::x509
