// Packages for tests: made, signed, taken apart and put together again as an attacker would.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "codec/zip/writer.h"
#include "lambda_package/sign.h"
#include "lambda_package/verify.h"
#include "support/memory_file.h"
#include "support/signing_authority.h"

namespace proofmark::lambda_package::test {

using codec::zip::Method;
using codec::zip::NewEntry;
using proofmark::test::at;
using proofmark::test::signing_authority;

inline const Instant kSigned = at("2026-09-28T09:19:26.806Z");
inline const Instant kExpiry = at("2037-12-28T09:19:26.806Z");
inline constexpr std::string_view kProfile =
    "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGh12";
inline constexpr std::string_view kJob =
    "arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11";

using Members = std::vector<std::pair<std::string, std::string>>;

inline Bytes make_zip(const Members& members, Method method = Method::deflated, Instant modified = at("2026-09-01")) {
  std::vector<NewEntry> entries;
  for (const auto& [name, body] : members) {
    entries.push_back({name, to_bytes(as_bytes(body)), name.ends_with('/') ? Method::stored : method, 0644, modified});
  }
  return codec::zip::make_archive(entries).value();
}

inline Claims claims() {
  return {aws::SigningJobArn::parse(kJob).value(), aws::ProfileVersionArn::parse(kProfile).value(), kSigned, kExpiry};
}

inline Result<Bytes> sign_zip(const Bytes& zip, Boundaries boundaries = Boundaries::any,
                              const Claims& what = claims()) {
  proofmark::test::MemoryFile out;
  const MemoryAccess in(zip);
  PM_TRY(const auto package,
         sign(in, out, {what, boundaries}, *signing_authority().leaf_key, signing_authority().chain));
  EXPECT_FALSE(out.committed());  // that is for the caller
  return out.bytes();
}

inline Reading verify_zip(const Bytes& zip, Instant now = at("2030-01-01"), Boundaries boundaries = Boundaries::any) {
  Verifier verifier(signing_authority().roots(), boundaries);
  const MemoryAccess in(zip);
  return verifier.verify(in, now);
}

inline bool is_verified(const Reading& reading) {
  return std::holds_alternative<VerifiedPackage>(reading);
}

/// The members as a person with write access reads them.
inline Members members_of(const Bytes& zip) {
  const MemoryAccess in(zip);
  const auto archive = codec::zip::Archive::open(in, zip_limits()).value();
  Members members;
  for (const auto& entry : archive.entries()) {
    members.emplace_back(std::string(entry.name),
                         std::string(as_text(archive.read_all(entry, kMaxUncompressed).value())));
  }
  return members;
}

/// Takes a package apart, lets `change` at its members, and puts it together with all its checksums right.
inline Bytes rebuilt(const Bytes& zip, const std::function<void(Members&)>& change, Method method = Method::stored,
                     Instant modified = at("2020-01-01")) {
  Members members = members_of(zip);
  change(members);
  return make_zip(members, method, modified);
}

inline const Members kFunction{
    {"handler.py", "def handler(event, context):\n    return 1\n"}, {"data/", ""}, {"data/table.txt", "1 2 3\n"}};

}  // namespace proofmark::lambda_package::test

/// The Reading must be an integrity failure for exactly this reason.
#define EXPECT_NOT_INTACT(reading, wanted)                                                                           \
  do {                                                                                                               \
    const auto pm_reading = (reading);                                                                               \
    const auto* pm_error = std::get_if<::proofmark::Error>(&pm_reading);                                             \
    ASSERT_NE(pm_error, nullptr) << #reading << " is not an integrity failure; wanted " << reason_info(wanted).name; \
    EXPECT_TRUE(pm_error->is(wanted)) << "wanted " << reason_info(wanted).name << ", got "                           \
                                      << ::testing::PrintToString(*pm_error);                                        \
  } while (false)
