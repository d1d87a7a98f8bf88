#include "codec/base64.h"

#include "support/support.h"

namespace proofmark::codec {
namespace {

// RFC 4648, section 10.
TEST(Base64, encodes_and_decodes_the_vectors_of_rfc_4648) {
  const std::vector<std::pair<std::string_view, std::string_view>> vectors{
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    ASSERT_OK(const Bytes decoded, from_base64(encoded));
    EXPECT_EQ(as_text(decoded), plain);
  }
}

// RFC 7515, appendix C.
TEST(Base64, encodes_url_safe_without_padding_as_rfc_7515_shows) {
  const Bytes bytes{3, 236, 255, 224, 193};
  EXPECT_EQ(to_base64url(bytes), "A-z_4ME");
  EXPECT_EQ(to_base64(bytes), "A+z/4ME=");
  ASSERT_OK(const Bytes decoded, from_base64url("A-z_4ME"));
  EXPECT_EQ(decoded, bytes);
}

TEST(Base64, reads_back_what_it_writes_for_every_length_and_byte) {
  test::FakeRandom random(1);
  for (std::size_t length = 0; length < 260; ++length) {
    Bytes bytes(length);
    random.fill(bytes);
    ASSERT_OK(const Bytes standard, from_base64(to_base64(bytes)));
    ASSERT_OK(const Bytes url, from_base64url(to_base64url(bytes)));
    EXPECT_EQ(standard, bytes);
    EXPECT_EQ(url, bytes);
  }
}

// RFC 4648, section 3.2: padding is part of the standard form.
TEST(Base64, refuses_padding_that_is_missing_short_long_or_in_the_middle) {
  for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Zm8", "Zm8==", "Zm9v=", "Zm9v==", "Zm9v====", "=",
                                      "==", "====", "Z===", "Zg==Zg==", "Zm8=Zm9v", "A=A=", "=AAA", "AA=A"}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(from_base64(text), Base64Reason::not_base64);
  }
  for (const std::string_view text : {"Z", "Zg=", "Zg==", "Zm8=", "Zm9vY", "="}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(from_base64url(text), Base64Reason::not_base64);
  }
}

// RFC 4648, section 3.5: "canonical encoding".
TEST(Base64, refuses_trailing_bits_that_are_not_zero) {
  for (const std::string_view text : {"Zh==", "Zi==", "Zv==", "Zm9=", "Zm+="}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(from_base64(text), Base64Reason::not_base64);
  }
  for (const std::string_view text : {"Zh", "Zv", "Zm9", "Zm-"}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(from_base64url(text), Base64Reason::not_base64);
  }
}

// RFC 4648, section 3.3.
TEST(Base64, takes_exactly_the_64_characters_of_its_alphabet) {
  std::size_t standard = 0;
  std::size_t url = 0;
  for (int c = 0; c < 256; ++c) {
    const std::string text{'A', static_cast<char>(c), 'A', 'A'};
    standard += from_base64(text).has_value() ? 1U : 0U;
    url += from_base64url(text).has_value() ? 1U : 0U;
  }
  EXPECT_EQ(standard, 64U);
  EXPECT_EQ(url, 64U);
  EXPECT_REFUSED(from_base64("A-_A"), Base64Reason::not_base64);
  EXPECT_REFUSED(from_base64url("A+/A"), Base64Reason::not_base64);
  EXPECT_REFUSED(from_base64("Zm9v\n"), Base64Reason::not_base64);
  EXPECT_REFUSED(from_base64("Zm9v\nZm9v\r\n "), Base64Reason::not_base64);
}

TEST(Base64, never_quotes_the_text_in_a_message) {
  const auto refused = from_base64("c2VjcmV0!A==");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message().find("c2V"), std::string::npos) << refused.error().message();
}

TEST(Base64, has_a_test_for_every_reason) {
  static_assert(last_reason(Base64Reason{}) == Base64Reason{0}, "a new reason wants a new test");
  EXPECT_REFUSED(from_base64("?"), Base64Reason::not_base64);
}

}  // namespace
}  // namespace proofmark::codec
