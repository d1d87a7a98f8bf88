#include "codec/zip/names.h"

#include <array>
#include <string>
#include <vector>

#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

constexpr std::uint32_t kMax = 4'096;

Result<void> tree(std::initializer_list<std::string_view> names) {
  const std::vector<std::string_view> list(names);
  return check_tree(list);
}

TEST(ZipNames, ordinary_names_are_fine) {
  for (const std::string_view name :
       {"a", "a.txt", "folder/", "a/b/c", "...", "a..b", ".hidden", "a/.b", "with space", "ab:c", "Foo::Bar.3pm", "1:x",
        "gr\xc3\xbc\xc3\x9f", "\xf0\x9f\x94\x8f.txt", "a\"b", "-rf", "~"}) {
    EXPECT_OK(check_name(name, kMax));
  }
}

TEST(ZipNames, bsdtar_may_start_names_with_a_dot) {
  for (const std::string_view name : {"./", "./a", "./folder/", "./a/b"}) EXPECT_OK(check_name(name, kMax));
}

TEST(ZipNames, a_path_that_could_leave_the_folder_or_mean_another_is_unsafe) {
  for (const std::string_view name :
       {"",     "/",   "/etc/passwd", "..",    "../a", "a/..", "a/../b", "a/../", "./..", "./../a",
        ".",    "a/.", "a/./b",       "././a", ".//a", ".//",  "a//b",   "a//",   "//",   "//a",
        "a\\b", "\\a", "..\\a",       "C:",    "C:a",  "c:/a", "z:\\a",  "./C:a", ".\\a"}) {
    SCOPED_TRACE(name);
    EXPECT_REFUSED(check_name(name, kMax), ZipReason::unsafe_name);
  }
}

TEST(ZipNames, control_characters_are_unsafe) {
  using namespace std::string_view_literals;
  for (const std::string_view name :
       {"a\0b"sv, "a\x01"sv, "\n"sv, "a\x1f"sv, "a\x7f"sv, "a\xc2\x80"sv, "\xc2\x9f/b"sv}) {
    EXPECT_REFUSED(check_name(name, kMax), ZipReason::unsafe_name);
  }
  EXPECT_OK(check_name("a\xc2\xa0", kMax));  // U+00A0 is the first behind them
}

TEST(ZipNames, names_that_are_not_utf8_are_refused) {
  for (const std::string_view name : {"\xff", "a\xc3", "\x81", "\xc0\xaf", "\xed\xa0\x80",
                                      "gr\x81\xe1"
                                      "e"}) {
    EXPECT_REFUSED(check_name(name, kMax), ZipReason::name_not_utf8);
  }
}

TEST(ZipNames, length_is_counted_in_bytes) {
  EXPECT_OK(check_name(std::string(10, 'a'), 10));
  EXPECT_REFUSED(check_name(std::string(11, 'a'), 10), ZipReason::name_too_long);
  EXPECT_REFUSED(check_name("\xc3\xbc\xc3\xbc", 3), ZipReason::name_too_long);
}

TEST(ZipNames, different_places_live_together) {
  EXPECT_OK(tree({}));
  EXPECT_OK(tree({"a"}));
  EXPECT_OK(tree({"./", "./a", "./b/", "./b/c"}));
  EXPECT_OK(tree({"a/b", "a/c", "a/", "ab", "a.b", "a b", "a-b"}));
  EXPECT_OK(tree({"a/b/c", "d"}));  // no entry for the folders a and a/b
  EXPECT_OK(tree({"caf\xc3\xa9", "cafe"}));
}

TEST(ZipNames, the_same_place_twice_is_refused) {
  EXPECT_REFUSED(tree({"a", "a"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"a", "b", "./a"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"a/", "b", "a/"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"a", "a/"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"./", "./"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"x/a", "./x/a/"}), ZipReason::duplicate_name);
}

TEST(ZipNames, the_same_but_for_case_is_refused) {
  EXPECT_REFUSED(tree({"README", "x", "readme"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"a/B/c", "A/b/C"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"\xc3\x9c", "\xc3\xbc"}), ZipReason::duplicate_name);  // Ü ü
  EXPECT_REFUSED(tree({"stra\xc3\x9f"
                       "e",
                       "STRASSE"}),
                 ZipReason::duplicate_name);                               // ß folds to ss
  EXPECT_REFUSED(tree({"\xe2\x84\xaa", "k"}), ZipReason::duplicate_name);  // the Kelvin sign
}

TEST(ZipNames, the_same_but_for_normalisation_is_refused) {
  EXPECT_REFUSED(tree({"caf\xc3\xa9", "cafe\xcc\x81"}), ZipReason::duplicate_name);
  EXPECT_REFUSED(tree({"CAF\xc3\x89", "cafe\xcc\x81"}), ZipReason::duplicate_name);
  // Marks in another order are the same text: U+1FB4, and alpha with U+0345 in front of U+0301 (Unicode 3.13, D145).
  EXPECT_REFUSED(tree({"\xe1\xbe\xb4", "\xce\xb1\xcd\x85\xcc\x81"}), ZipReason::duplicate_name);
}

TEST(ZipNames, a_file_holds_no_other_entry) {
  EXPECT_REFUSED(tree({"a", "a/b"}), ZipReason::file_is_directory);
  EXPECT_REFUSED(tree({"a/b/c/d", "x", "a/b"}), ZipReason::file_is_directory);
  EXPECT_REFUSED(tree({"A", "a/b"}), ZipReason::file_is_directory);
  EXPECT_REFUSED(tree({"./a", "a/b/"}), ZipReason::file_is_directory);
  // What sorts between a file and what lies below it ('!' and '-' come before '/').
  EXPECT_REFUSED(tree({"a", "a!", "a-b", "a b/c", "a/b", "ab"}), ZipReason::file_is_directory);
  EXPECT_REFUSED(tree({"\xc3\x89", "\xc3\xa9/x"}), ZipReason::file_is_directory);
}

}  // namespace
}  // namespace proofmark::codec::zip
