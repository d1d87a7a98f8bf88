#include "lambda_package/boundaries.h"

#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

const std::string kList(kBoundariesName);

Result<void> check(const Bytes& zip) {
  const MemoryAccess in(zip);
  PM_TRY(const auto archive, codec::zip::Archive::open(in, zip_limits()));
  return require_pinned_boundaries(archive);
}

TEST(Boundaries, the_list_says_how_long_each_name_and_body_is) {
  EXPECT_OK(check(make_zip({{"a.py", "one"}, {"META_INF/", ""}, {kList, "boundaries 1\n4 3\n9 0\n"}})));
  EXPECT_OK(check(make_zip({{kList, "boundaries 1\n"}})));
}

TEST(Boundaries, without_a_list_in_last_place_nothing_is_pinned) {
  EXPECT_REFUSED(check(make_zip({{"a.py", "one"}})), PackageReason::boundaries_not_pinned);
  EXPECT_REFUSED(check(make_zip({{kList, "boundaries 1\n4 3\n"}, {"a.py", "one"}})),
                 PackageReason::boundaries_not_pinned);
}

TEST(Boundaries, a_list_that_does_not_fit_is_refused) {
  for (const auto* list :
       {"", "boundaries 1", "boundaries 2\n4 3\n", "boundaries 1\n3 4\n", "boundaries 1\n4 3\n ",
        "boundaries 1\n04 3\n", "boundaries 1\n4 3\n4 3\n", "boundaries 1\n4  3\n", "boundaries 1\r\n4 3\r\n"}) {
    EXPECT_REFUSED(check(make_zip({{"a.py", "one"}, {kList, list}})), PackageReason::bad_boundaries);
  }
}

// The point of it all: the same signed stream, cut elsewhere, verifies as AWS would have it, and is refused when
// boundaries are pinned.
TEST(Boundaries, a_shifted_package_is_refused_in_strict_mode_only) {
  ASSERT_OK(const auto plain, sign_zip(make_zip({{"ab", "c"}})));
  const auto shift = [](Members& members) { members[0] = {"a", "bc"}; };
  EXPECT_TRUE(is_verified(verify_zip(rebuilt(plain, shift))));
  EXPECT_NOT_INTACT(verify_zip(plain, at("2030-01-01"), Boundaries::pinned), PackageReason::boundaries_not_pinned);

  ASSERT_OK(const auto pinned, sign_zip(make_zip({{"ab", "c"}}), Boundaries::pinned));
  EXPECT_TRUE(is_verified(verify_zip(pinned)));
  const auto strict = verify_zip(pinned, at("2030-01-01"), Boundaries::pinned);
  ASSERT_TRUE(is_verified(strict));
  EXPECT_TRUE(std::get<VerifiedPackage>(strict).boundaries_pinned());
  EXPECT_NOT_INTACT(verify_zip(rebuilt(pinned, shift), at("2030-01-01"), Boundaries::pinned),
                    PackageReason::bad_boundaries);
  EXPECT_NOT_INTACT(verify_zip(rebuilt(pinned, shift)), PackageReason::bad_boundaries);
}

bool ends_like_a_list(const std::vector<std::string>& pieces) {
  BoundaryListScanner scanner;
  for (const auto& piece : pieces) scanner.update(as_bytes(piece));
  return scanner.ends_like_a_list();
}

TEST(Boundaries, a_stream_that_ends_like_a_list_is_noticed) {
  const std::string list = kList + "boundaries 1\n4 3\n17 0\n";
  EXPECT_TRUE(ends_like_a_list({list}));
  EXPECT_TRUE(ends_like_a_list({"before M META_INF/proof", list}));
  EXPECT_TRUE(ends_like_a_list({list, "x", list}));
  EXPECT_TRUE(ends_like_a_list({kList + "boundaries 1\n"}));
  std::vector<std::string> bytes;
  for (const char c : "MME" + list) bytes.emplace_back(1, c);
  EXPECT_TRUE(ends_like_a_list(bytes));
  for (const auto& other :
       {std::string(), kList, list + "x", list + "META_INF/", kList + "boundaries 1\n4\n",
        kList + "boundaries 1\n 4 3\n", kList + "boundaries 1\n4 3", "m" + list.substr(1), kList + "boundaries 2\n"}) {
    EXPECT_FALSE(ends_like_a_list({other})) << other;
  }
}

// The author of one file of a package plants a list at its end, behind a META_INF/ that is there already, so that a
// re-cut package would look pinned. Such a stream is not signed without a list of its own.
TEST(Boundaries, a_planted_list_is_not_signed) {
  const std::string planted = "harmless text" + kList + "boundaries 1\n9 0\n5 4\n7 8\n";
  const auto zip = make_zip({{"META_INF/", ""}, {"notes.txt", planted}});
  EXPECT_REFUSED(sign_zip(zip), PackageReason::bad_boundaries);
  EXPECT_OK(sign_zip(zip, Boundaries::pinned));
  // With META_INF/ to be appended the stream ends otherwise.
  EXPECT_OK(sign_zip(make_zip({{"notes.txt", planted}})));
}

/// Every way to cut a small stream into members, all with the same signed content; only the true one may pass in strict
/// mode.
TEST(Boundaries, of_all_cuts_of_a_stream_only_the_signed_one_passes) {
  ASSERT_OK(const auto pinned, sign_zip(make_zip({{"ab", "c"}, {"d", "e"}}), Boundaries::pinned));
  Members original = members_of(pinned);
  const auto signature = original.back();
  original.pop_back();
  std::string stream;
  for (const auto& [name, body] : original) stream += name + body;
  Verifier verifier(signing_authority().roots(), Boundaries::pinned);
  int accepted = 0;
  int tried = 0;
  // Two to four members whose boundaries lie anywhere: name | body | name | body … up to the whole stream.
  const auto try_cuts = [&](const std::vector<std::size_t>& ends) {
    Members members;
    std::size_t from = 0;
    for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
      members.emplace_back(stream.substr(from, ends[i] - from), stream.substr(ends[i], ends[i + 1] - ends[i]));
      from = ends[i + 1];
    }
    members.push_back(signature);
    std::vector<NewEntry> entries;
    for (const auto& [name, body] : members)
      entries.push_back({name, to_bytes(as_bytes(body)), Method::stored, 0644, kSigned});
    const auto zip = codec::zip::make_archive(entries);
    if (!zip) return;  // not even an archive that we read
    ++tried;
    const MemoryAccess in(*zip);
    if (!is_verified(verifier.verify(in, at("2030-01-01")))) return;
    ++accepted;
    EXPECT_EQ(members_of(*zip), members_of(pinned));
  };
  const std::size_t end = stream.size();
  for (std::size_t a = 1; a <= end; ++a) try_cuts({a, end});
  for (std::size_t a = 1; a <= end; ++a) {
    for (std::size_t b = a; b < end; ++b) {
      for (std::size_t c = b + 1; c <= end; c += 7) try_cuts({a, b, c, end});
    }
  }
  const std::size_t list_name = stream.find(kList);
  const std::size_t list_body = list_name + kList.size();
  for (std::size_t a = 1; a <= 5; ++a) {
    for (std::size_t b = a; b <= 5; ++b) {
      for (std::size_t c = b + 1; c <= 5; ++c) try_cuts({a, b, c, 5, 14, 14, list_body, end});
    }
  }
  EXPECT_EQ(list_name, 14U);  // "abc" "de" "META_INF/"
  EXPECT_EQ(accepted, 1);
  EXPECT_GT(tried, 1000);
}

}  // namespace
}  // namespace proofmark::lambda_package
