#include "codec/pem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/secret.h"
#include "base/text.h"
#include "codec/base64.h"

namespace proofmark::codec {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";
constexpr std::size_t kMaxLineLength = 76;
constexpr std::size_t kWrittenLineLength = 64;
constexpr std::size_t kMaxLabelLength = 64;

/// The lines of a text, without their LF or CRLF.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  /// The number of the line that next() gave last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }
  std::string_view next() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// RFC 7468, section 3: printable characters but "-", with single "-" or " " between them.
bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabelLength) return false;
  bool separator_may_follow = false;
  for (const char c : label) {
    const bool separator = c == '-' || c == ' ';
    if (c < 0x20 || c > 0x7e || (separator && !separator_may_follow)) return false;
    separator_may_follow = !separator;
  }
  return separator_may_follow;
}

/// The label of a line that starts with `start` and may have blanks behind it, or none when the line is not
/// well-formed.
std::optional<std::string_view> label_of(std::string_view line, std::string_view start) {
  line.remove_prefix(start.size());
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  if (!line.ends_with(kDashes)) return std::nullopt;
  line.remove_suffix(kDashes.size());
  return is_label(line) ? std::optional(line) : std::nullopt;
}

/// The lines up to the END line of `label`, which is taken too. The body may be a private key: no message quotes it.
Result<std::vector<std::string_view>> take_body(Lines& lines, std::string_view label) {
  const std::size_t begin = lines.number();
  std::vector<std::string_view> body;
  while (!lines.at_end()) {
    const std::string_view line = lines.next();
    if (line.starts_with(kEnd) && label_of(line, kEnd) == label) return body;
    if (line.starts_with(kDashes)) {
      return fail(PemReason::unterminated,
                  fmt::format("line {} is not the END line of the {} block that begins at line {}", lines.number(),
                              quoted(label), begin));
    }
    if (line.contains(':')) {
      return fail(PemReason::headers,
                  fmt::format("line {} is a header, which a {} block may not have", lines.number(), quoted(label)));
    }
    if (line.empty() || line.size() > kMaxLineLength) {
      return fail(PemReason::bad_body, fmt::format("line {} of a {} block has {} characters instead of 1 to {}",
                                                   lines.number(), quoted(label), line.size(), kMaxLineLength));
    }
    body.push_back(line);
  }
  return fail(PemReason::unterminated,
              fmt::format("the {} block that begins at line {} has no END line", quoted(label), begin));
}

/// The bytes of a body. What is joined here may be a private key, so it is wiped.
Result<Bytes> decode_body(const std::vector<std::string_view>& body, std::string_view label, std::size_t begin) {
  std::size_t size = 0;
  for (const auto line : body) size += line.size();
  Bytes joined;
  joined.reserve(size);
  for (const auto line : body) append(joined, as_bytes(line));
  auto decoded = from_base64(as_text(joined));
  wipe(joined);
  if (!decoded || decoded->empty()) {
    auto refusal = Error(PemReason::bad_body, fmt::format("the {} block that begins at line {} {}", quoted(label),
                                                          begin, decoded ? "is empty" : "does not hold base64"));
    if (decoded) return std::unexpected(std::move(refusal));
    return std::unexpected(std::move(refusal).caused_by(std::move(decoded).error()));
  }
  return decoded;
}

struct Document {
  std::vector<PemBlock> blocks;
  std::size_t first_text_line = 0;  // outside of blocks and not blank; 0: none
};

Result<Document> read_document(std::string_view text, std::size_t max_blocks) {
  Document document;
  for (Lines lines(text); !lines.at_end();) {
    const std::string_view line = lines.next();
    if (!line.starts_with(kBegin) && !line.starts_with(kEnd)) {
      const bool blank = line.find_first_not_of(kWhiteSpace) == std::string_view::npos;
      if (!blank && document.first_text_line == 0) document.first_text_line = lines.number();
      continue;
    }
    const auto label = line.starts_with(kBegin) ? label_of(line, kBegin) : std::nullopt;
    if (!label) {
      return fail(PemReason::no_block, fmt::format("line {} is no well-formed BEGIN line", lines.number()));
    }
    if (document.blocks.size() >= max_blocks) {
      return fail(PemReason::too_many_blocks,
                  fmt::format("the block that begins at line {} is one more than {}", lines.number(), max_blocks));
    }
    const std::size_t begin = lines.number();
    PM_TRY(const auto body, take_body(lines, *label));
    PM_TRY(Bytes data, decode_body(body, *label, begin));
    document.blocks.push_back({std::string(*label), std::move(data)});
  }
  if (document.blocks.empty()) return fail(PemReason::no_block, "there is no BEGIN line");
  return document;
}

}  // namespace

Result<std::vector<PemBlock>> read_pem(std::string_view text, std::size_t max_blocks) {
  PM_TRY(Document document, read_document(text, max_blocks));
  return std::move(document.blocks);
}

Result<PemBlock> read_only_pem(std::string_view text) {
  PM_TRY(Document document, read_document(text, 1));
  if (document.first_text_line != 0) {
    return fail(PemReason::trailing_text, fmt::format("line {} stands outside of the block", document.first_text_line));
  }
  return std::move(document.blocks[0]);
}

std::string write_pem(std::string_view label, ByteView data) {
  assert(is_label(label));
  const std::string body = to_base64(data);
  std::string text;
  text.reserve(body.size() + body.size() / kWrittenLineLength + 2 * label.size() + 64);
  text.append(kBegin).append(label).append(kDashes).append("\n");
  for (std::size_t at = 0; at < body.size(); at += kWrittenLineLength) {
    text.append(body, at, kWrittenLineLength).append("\n");
  }
  text.append(kEnd).append(label).append(kDashes).append("\n");
  return text;
}

}  // namespace proofmark::codec
