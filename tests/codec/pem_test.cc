#include "codec/pem.h"

#include <functional>
#include <map>

#include "support/support.h"

namespace proofmark::codec {
namespace {

constexpr std::string_view kHello = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";

std::string block(std::string_view body, std::string_view label = "X") {
  return "-----BEGIN " + std::string(label) + "-----\n" + std::string(body) + "-----END " + std::string(label) +
         "-----\n";
}

TEST(Pem, reads_a_block) {
  ASSERT_OK(const auto blocks, read_pem(kHello, 1));
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].label, "CERTIFICATE");
  EXPECT_EQ(as_text(blocks[0].data), "hello");
  ASSERT_OK(const PemBlock only, read_only_pem(kHello));
  EXPECT_EQ(only.label, "CERTIFICATE");
  EXPECT_EQ(as_text(only.data), "hello");
}

// RFC 7468, section 5.2: explanatory text.
TEST(Pem, passes_over_text_outside_of_blocks) {
  const std::string text =
      "Subject: CN=a\n\n" + block("YQ==\n", "A") + "-- more: text\n" + block("Yg==\n", "B") + "end";
  ASSERT_OK(const auto blocks, read_pem(text, 2));
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].label, "A");
  EXPECT_EQ(as_text(blocks[0].data), "a");
  EXPECT_EQ(blocks[1].label, "B");
  EXPECT_EQ(as_text(blocks[1].data), "b");
}

TEST(Pem, takes_crlf_a_missing_last_line_end_and_blanks_behind_the_marks) {
  for (const std::string_view text :
       {"-----BEGIN X-----\r\nYQ==\r\n-----END X-----\r\n", "-----BEGIN X-----\nYQ==\n-----END X-----",
        "-----BEGIN X----- \t\nYQ==\n-----END X-----\t \r\n",
        " \t\r\n\n-----BEGIN X-----\nYQ==\n-----END X-----\n\n\f\v "}) {
    ASSERT_OK(const PemBlock read, read_only_pem(text));
    EXPECT_EQ(read.label, "X");
    EXPECT_EQ(as_text(read.data), "a");
  }
}

TEST(Pem, takes_lines_of_1_to_76_characters) {
  EXPECT_OK(read_only_pem(block(std::string(76, 'A') + "\n" + "AAAA\n")));
  EXPECT_OK(read_only_pem(block("A\nA\nA\nA\n")));
  EXPECT_REFUSED(read_only_pem(block(std::string(80, 'A') + "\n")), PemReason::bad_body);
  EXPECT_REFUSED(read_only_pem(block(std::string(77, 'A') + "\nAAA\n")), PemReason::bad_body);
}

TEST(Pem, refuses_bodies_that_are_not_base64) {
  for (const std::string_view body : {"", "\n", "YQ\n", "YQ==\n\n", "\nYQ==\n", "YQ== \n", " YQ==\n", "YQ==\nYQ==\n",
                                      "YR==\n", "Y-_=\n", "Y\rQ==\n", "YQ==\r\r\n", "=\n", "YQ=\n=Y\n"}) {
    SCOPED_TRACE(body);
    EXPECT_REFUSED(read_only_pem(block(body)), PemReason::bad_body);
  }
  EXPECT_REFUSED(read_only_pem(block(std::string("YQ=\0", 4) + "\n")), PemReason::bad_body);
  EXPECT_OK(read_only_pem(block("YQ=\n=\n")));  // strict over the joined lines
}

// RFC 1421, 4.6; RFC 7468 has none.
TEST(Pem, refuses_headers) {
  EXPECT_REFUSED(read_only_pem(block("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nYQ==\n")),
                 PemReason::headers);
  EXPECT_REFUSED(read_only_pem(block("YQ==\nX: y\n")), PemReason::headers);
}

TEST(Pem, wants_the_end_line_of_the_same_label) {
  EXPECT_REFUSED(read_only_pem("-----BEGIN X-----\nYQ==\n"), PemReason::unterminated);
  EXPECT_REFUSED(read_only_pem("-----BEGIN X-----"), PemReason::unterminated);
  for (const std::string_view end :
       {"-----END Y-----", "-----END x-----", "-----END X----", "-----END X------", "-----END  X-----", "-----END-----",
        "-----END -----", "-----BEGIN X-----", "-----", "-----END XX-----", "-----END X-----x"}) {
    SCOPED_TRACE(end);
    EXPECT_REFUSED(read_only_pem("-----BEGIN X-----\nYQ==\n" + std::string(end) + "\n"), PemReason::unterminated);
  }
  EXPECT_REFUSED(read_pem(std::string("-----BEGIN X-----\nYQ==\n") + std::string(kHello), 9), PemReason::unterminated);
}

TEST(Pem, refuses_text_without_a_block) {
  for (const std::string_view text :
       {"", "\n", "hello\n", "-----BEGIN", "aGVsbG8=", " -----BEGIN X-----", "---- BEGIN X ----"}) {
    SCOPED_TRACE(text);
    EXPECT_REFUSED(read_pem(text, 9), PemReason::no_block);
    EXPECT_REFUSED(read_only_pem(text), PemReason::no_block);
  }
}

// A block that is passed over because its mark is spoilt would be a certificate that silently isn't there.
TEST(Pem, refuses_marks_that_are_not_well_formed) {
  for (const std::string_view mark :
       {"-----BEGIN -----", "-----BEGIN X", "-----BEGIN X----", "-----BEGIN  X-----", "-----BEGIN X -----",
        "-----BEGIN X--Y-----", "-----BEGIN X- Y-----", "-----BEGIN -X-----", "-----BEGIN X------",
        "-----BEGIN \x01-----", "-----BEGIN \xc3\xbc-----", "-----BEGIN X-----Y", "-----END X-----", "-----BEGIN ",
        "-----END ", "-----BEGIN    "}) {
    SCOPED_TRACE(mark);
    EXPECT_REFUSED(read_pem(std::string(kHello) + std::string(mark) + "\n", 9), PemReason::no_block);
  }
  EXPECT_OK(read_only_pem(block("YQ==\n", std::string(64, 'X'))));
  EXPECT_REFUSED(read_only_pem(block("YQ==\n", std::string(65, 'X'))), PemReason::no_block);
}

TEST(Pem, takes_labels_of_several_words) {
  for (const std::string_view label : {"EC PRIVATE KEY", "X509 CRL", "X-Y", "PKCS7", "a b-c"}) {
    ASSERT_OK(const PemBlock read, read_only_pem(block("YQ==\n", label)));
    EXPECT_EQ(read.label, label);
  }
}

TEST(Pem, counts_its_blocks) {
  const std::string two = std::string(kHello) + std::string(kHello);
  EXPECT_OK(read_pem(two, 2));
  EXPECT_REFUSED(read_pem(two, 1), PemReason::too_many_blocks);
  EXPECT_REFUSED(read_pem(kHello, 0), PemReason::too_many_blocks);
  EXPECT_REFUSED(read_only_pem(two), PemReason::too_many_blocks);
}

TEST(Pem, wants_only_white_space_around_an_only_block) {
  EXPECT_REFUSED(read_only_pem("x\n" + std::string(kHello)), PemReason::trailing_text);
  EXPECT_REFUSED(read_only_pem(std::string(kHello) + "x"), PemReason::trailing_text);
  EXPECT_REFUSED(read_only_pem(std::string(kHello) + std::string("\0", 1)), PemReason::trailing_text);
  EXPECT_REFUSED(read_only_pem("\xef\xbb\xbf" + std::string(kHello)), PemReason::no_block);  // the mark starts no line
}

// RFC 7468, section 2: 64 characters a line.
TEST(Pem, writes_lines_of_64_characters) {
  EXPECT_EQ(write_pem("CERTIFICATE", as_bytes("hello")), kHello);
  EXPECT_EQ(write_pem("X", Bytes(48)), block(std::string(64, 'A') + "\n"));
  EXPECT_EQ(write_pem("X", Bytes(49)), block(std::string(64, 'A') + "\nAA==\n"));
}

TEST(Pem, reads_back_what_it_writes) {
  test::FakeRandom random(3);
  for (std::size_t length = 1; length < 300; ++length) {
    Bytes data(length);
    random.fill(data);
    ASSERT_OK(const PemBlock read, read_only_pem(write_pem("PKCS7", data)));
    EXPECT_EQ(read.label, "PKCS7");
    EXPECT_EQ(read.data, data);
  }
}

// A private key may be what is refused.
TEST(Pem, never_quotes_the_body_in_a_message) {
  for (const std::string_view body : {"c2VjcmV0!A==\n", "c2VjcmV0c2VjcmV0 \n", "c2VjcmV0:\n", "c2VjcmV0\n-----\n"}) {
    const auto refused = read_only_pem(block(body));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().describe().find("c2V"), std::string::npos) << refused.error().describe();
  }
}

TEST(PemReason, every_one_is_reached) {
  const std::map<PemReason, std::string> texts{
      {PemReason::no_block, "hello"},
      {PemReason::unterminated, "-----BEGIN X-----\nYQ==\n"},
      {PemReason::headers, block("A: b\n")},
      {PemReason::bad_body, block("!\n")},
      {PemReason::too_many_blocks, std::string(kHello) + std::string(kHello)},
      {PemReason::trailing_text, std::string(kHello) + "x"},
  };
  for (int i = 0; i <= static_cast<int>(last_reason(PemReason{})); ++i) {
    const auto reason = static_cast<PemReason>(i);
    ASSERT_TRUE(texts.contains(reason)) << reason_info(reason).name;
    EXPECT_REFUSED(read_only_pem(texts.at(reason)), reason);
  }
}

TEST(PemDeathTest, ends_the_program_that_writes_a_label_it_could_not_read) {
  EXPECT_DEATH((void)write_pem("X\n", as_bytes("a")), "is_label");
}

}  // namespace
}  // namespace proofmark::codec
