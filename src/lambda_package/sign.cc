#include "lambda_package/sign.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.h"
#include "codec/zip/writer.h"
#include "lambda_package/boundaries.h"
#include "lambda_package/signature_member.h"

namespace proofmark::lambda_package {
namespace {

constexpr int kMaxMonths = 135;  // 11 years and 3 months: AWS Signer's default and maximum. facts 2.4
constexpr std::uint16_t kFolderMode = 0755;

using codec::zip::Archive;
using codec::zip::Method;
using codec::zip::NewEntry;

Result<void> check_signable(const Archive& archive, std::size_t added) {
  if (archive.entries().empty()) return fail(PackageReason::empty, "the archive is empty: there is nothing to sign");
  if (archive.find(kSignatureName) != nullptr) {
    return fail(
        PackageReason::already_signed,
        fmt::format("the package is signed already: it holds {}; sign the package as it was built", kSignatureName));
  }
  const auto limit = zip_limits().max_entries;
  if (archive.entries().size() + added > limit) {
    return fail(PackageReason::too_large,
                fmt::format("{} members; a signed package may have {}, the {} that signing adds included",
                            archive.entries().size(), limit, added));
  }
  return {};
}

/// The members that become part of the signed content: META_INF/ unless it is there, and the boundary list when asked
/// for.
Result<std::vector<NewEntry>> signed_additions(const Archive& archive, Boundaries boundaries, Instant modified) {
  std::vector<NewEntry> added;
  std::vector<std::pair<std::size_t, std::size_t>> lengths;
  if (archive.find(kSignatureFolder) == nullptr) {
    added.push_back({std::string(kSignatureFolder), {}, Method::stored, kFolderMode, modified});
    lengths.emplace_back(kSignatureFolder.size(), 0);
  }
  if (boundaries == Boundaries::pinned) {
    if (archive.find(kBoundariesName) != nullptr) {
      return fail(PackageReason::already_signed, fmt::format("the package holds a {} already", kBoundariesName));
    }
    added.push_back({std::string(kBoundariesName), boundary_list(archive, lengths), Method::deflated, 0644, modified});
  }
  return added;
}

Bytes content_tail(const std::vector<NewEntry>& added) {
  Bytes tail;
  for (const auto& entry : added) {
    append(tail, as_bytes(entry.name));
    append(tail, entry.body);
  }
  return tail;
}

std::unexpected<Error> not_a_copy(std::string what) {
  return fail(PackageReason::read_back_failed, fmt::format("what was written is not what was to be written: {}", what));
}

/// The first `size` bytes of both must be the same.
Result<void> require_same_bytes(const RandomAccess& a, const RandomAccess& b, std::uint64_t size) {
  constexpr std::uint64_t kBlock = 256U << 10U;
  Bytes left(static_cast<std::size_t>(std::min(kBlock, size)));
  Bytes right(left.size());
  for (std::uint64_t at = 0; at < size; at += kBlock) {
    const auto length = static_cast<std::size_t>(std::min(kBlock, size - at));
    PM_TRY_VOID(a.read_at(at, std::span(left).first(length)));
    PM_TRY_VOID(b.read_at(at, std::span(right).first(length)));
    if (!equal(ByteView(left).first(length), ByteView(right).first(length))) {
      return not_a_copy(fmt::format("the members differ near byte {}", at));
    }
  }
  return {};
}

/// The written archive must hold the members of `original`, byte for byte as they were when they were hashed, and then
/// `added`: then its content is what was hashed and signed, and needs not be inflated a second time.
Result<void> require_copy(const Archive& written, const Archive& original, const std::vector<NewEntry>& added) {
  const auto& entries = written.entries();
  const auto old_directory = original.central_directory();
  if (entries.size() != original.entries().size() + added.size() ||
      written.central_directory().size() < old_directory.size() ||
      !equal(written.central_directory().first(old_directory.size()), old_directory)) {
    return not_a_copy("the central directory differs");
  }
  PM_TRY_VOID(require_same_bytes(original.source(), written.source(), original.central_directory_offset()));
  for (std::size_t i = 0; i < added.size(); ++i) {
    const auto& entry = entries[original.entries().size() + i];
    PM_TRY(const Bytes body, written.read_all(entry, added[i].body.size()));
    if (entry.name != added[i].name || body != added[i].body)
      return not_a_copy(fmt::format("{} differs", added[i].name));
  }
  return {};
}

struct Written {
  const Archive& original;
  const std::vector<NewEntry>& added;
  const crypto::Digest& content;
};

Result<Reading> read_written(FileWriter& out, const SigningRequest& request, const x509::Certificate& root,
                             const Written& wanted) {
  PM_TRY(const auto file, out.written());
  PM_TRY(const auto archive, Archive::open(*file, zip_limits()));
  PM_TRY_VOID(require_copy(archive, wanted.original, wanted.added));
  Verifier verifier(x509::TrustedRoots({root}), request.boundaries);
  return verifier.verify_content(archive, wanted.content, request.claims.signing_time);
}

Result<VerifiedPackage> read_back(FileWriter& out, const SigningRequest& request, const x509::Certificate& root,
                                  const Written& wanted) {
  auto reading = read_written(out, request, root, wanted);
  if (reading) {
    if (auto* package = std::get_if<VerifiedPackage>(&*reading)) return std::move(*package);
  }
  Error error(PackageReason::read_back_failed, "the signed package does not verify, so it was not kept");
  if (!reading) error = std::move(error).caused_by(std::move(reading).error());
  return std::unexpected(std::move(error));
}

}  // namespace

Result<ValidityPeriod> parse_validity(std::string_view text) {
  ValidityPeriod period;
  const auto refuse = [&] {
    return fail(PackageReason::bad_validity,
                fmt::format("{} is not a validity period: a number and d, m or y (days, months, years), as in 135m",
                            quoted(text, 40)));
  };
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), period.value);
  if (error != std::errc{} || end + 1 != text.data() + text.size() || period.value < 1 || text[0] == '-')
    return refuse();
  switch (*end) {
    case 'd':
      period.unit = ValidityPeriod::Unit::days;
      return period;
    case 'm':
      period.unit = ValidityPeriod::Unit::months;
      return period;
    case 'y':
      period.unit = ValidityPeriod::Unit::years;
      return period;
    default:
      return refuse();
  }
}

Result<Instant> expiry_after(Instant start, const ValidityPeriod& period) {
  const Instant latest = add_months(start, kMaxMonths);
  const auto too_long = [&] {
    return fail(PackageReason::bad_validity, fmt::format("a signature can be valid for {} months at most", kMaxMonths));
  };
  if (period.value < 1) return fail(PackageReason::bad_validity, "a validity period is one day at least");
  if (period.value > kMaxMonths * 31) return too_long();
  Instant expiry;
  switch (period.unit) {
    case ValidityPeriod::Unit::days:
      expiry = start + std::chrono::days{period.value};
      break;
    case ValidityPeriod::Unit::months:
      expiry = add_months(start, period.value);
      break;
    case ValidityPeriod::Unit::years:
      expiry = add_months(start, period.value * 12);
      break;
  }
  if (expiry > latest || expiry > kLatestInstant) return too_long();
  return expiry;
}

Result<x509::Chain> signing_chain(const std::vector<x509::Certificate>& certificates, const crypto::SigningKey& key,
                                  Instant at) {
  using envelope::cms::CmsReason;
  const auto leaf =
      std::ranges::find_if(certificates, [&](const auto& c) { return c.public_key() == key.public_key(); });
  if (leaf == certificates.end()) {
    return fail(CmsReason::no_signer_certificate, "no certificate of the chain is that of the signing key");
  }
  std::vector<x509::Certificate> roots;
  std::ranges::copy_if(certificates, std::back_inserter(roots), &x509::Certificate::is_self_issued);
  if (roots.empty()) {
    return fail(x509::X509Reason::issuer_not_found, "the chain does not end with its root certificate: append it");
  }
  return x509::build_chain(*leaf, certificates, x509::TrustedRoots(std::move(roots)), x509::ChainProfile::lambda(), at);
}

Result<VerifiedPackage> sign(const RandomAccess& package, FileWriter& out, const SigningRequest& request,
                             const crypto::SigningKey& key, const std::vector<x509::Certificate>& chain,
                             const Progress& progress) {
  PM_TRY_VOID(check_claims(request.claims));
  PM_TRY(const auto archive, Archive::open(package, zip_limits()));
  PM_TRY(auto added, signed_additions(archive, request.boundaries, request.claims.signing_time));
  PM_TRY_VOID(check_signable(archive, added.size() + 1));

  BoundaryListScanner scanner;
  PM_TRY(const auto content,
         content_digest(archive, content_tail(added), progress, [&](ByteView piece) { scanner.update(piece); }));
  if (request.boundaries == Boundaries::any && scanner.ends_like_a_list()) {
    return fail(PackageReason::bad_boundaries,
                "the package ends with what could pass for a boundary list that nobody signed as one: sign it with "
                "pinned boundaries");
  }
  PM_TRY(const auto cms, envelope::cms::sign(crypto::hash(crypto::HashAlgorithm::sha384, content.bytes()), key, chain,
                                             request.claims.signing_time, claim_attributes(request.claims)));
  added.push_back({std::string(kSignatureName), to_bytes(as_bytes(signature_text(cms))), Method::deflated, 0644,
                   request.claims.signing_time});
  PM_TRY_VOID(codec::zip::append(archive, added, out));
  return read_back(out, request, chain.back(), {archive, added, content});
}

Result<crypto::Digest> package_digest(const RandomAccess& package, const Progress& progress) {
  PM_TRY(const auto archive, Archive::open(package, zip_limits()));
  const bool complete = archive.find(kSignatureName) != nullptr || archive.find(kSignatureFolder) != nullptr;
  return content_digest(archive, complete ? ByteView{} : as_bytes(kSignatureFolder), progress);
}

}  // namespace proofmark::lambda_package
