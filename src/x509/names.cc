#include "x509/names.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <ranges>
#include <string>

#include "base/text.h"
#include "codec/der.h"
#include "x509/certificate.h"
#include "x509/oids.h"
#include "x509/syntax.h"

namespace proofmark::x509 {
namespace {

namespace der = codec::der;

constexpr std::size_t kMaxName = 16UL * 1024;

struct Attribute {
  der::Oid type;
  der::Element value;
};

struct ShortName {
  der::Oid type;
  std::string_view text;
};

// RFC 4514, section 3, and two more that certificates often have.
constexpr std::array kShortNames{
    ShortName{oids::kCommonName, "CN"},
    ShortName{oids::kLocality, "L"},
    ShortName{oids::kState, "ST"},
    ShortName{oids::kOrganization, "O"},
    ShortName{oids::kOrganizationalUnit, "OU"},
    ShortName{oids::kCountry, "C"},
    ShortName{oids::kStreet, "STREET"},
    ShortName{oids::kDomainComponent, "DC"},
    ShortName{oids::kUserId, "UID"},
    ShortName{oids::kSerialNumber, "serialNumber"},
    ShortName{oids::kEmailAddress, "emailAddress"},
};

bool is_seven_bit(ByteView content) {
  return std::all_of(content.begin(), content.end(), [](std::uint8_t byte) { return byte < 0x80; });
}

bool is_numeric(ByteView content) {
  return std::all_of(content.begin(), content.end(),
                     [](std::uint8_t byte) { return byte == ' ' || (byte >= '0' && byte <= '9'); });
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0U | (c >> 6U));
    put(0x80U | (c & 0x3fU));
  } else if (c < 0x10000) {
    put(0xe0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3fU));
    put(0x80U | (c & 0x3fU));
  } else {
    put(0xf0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3fU));
    put(0x80U | ((c >> 6U) & 0x3fU));
    put(0x80U | (c & 0x3fU));
  }
}

/// BMPString (2 bytes a character) and UniversalString (4) as UTF-8; nothing when a unit is no character.
std::optional<std::string> from_wide(ByteView content, std::size_t width) {
  if (content.size() % width != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < content.size(); i += width) {
    std::uint32_t c = 0;
    for (std::size_t j = 0; j < width; ++j) c = (c << 8U) | content[i + j];
    if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return std::nullopt;
    append_utf8(out, c);
  }
  return out;
}

/// The text of a string value; nothing when it is no string or holds what its type can't. T61 is taken as it is: what
/// is not UTF-8 in it is shown escaped.
std::optional<std::string> text_of(const der::Element& value) {
  const std::string_view text = as_text(value.content);
  if (value.tag == der::Tag::utf8_string) return is_utf8(text) ? std::optional(std::string(text)) : std::nullopt;
  if (value.tag == der::Tag::printable_string || value.tag == der::Tag::ia5_string) {
    return is_seven_bit(value.content) ? std::optional(std::string(text)) : std::nullopt;
  }
  if (value.tag == der::Tag::numeric_string)
    return is_numeric(value.content) ? std::optional(std::string(text)) : std::nullopt;
  if (value.tag == der::Tag::t61_string) return std::string(text);
  if (value.tag == der::Tag::bmp_string) return from_wide(value.content, 2);
  if (value.tag == der::Tag::universal_string) return from_wide(value.content, 4);
  return std::nullopt;
}

Result<Attribute> read_attribute(der::Reader& set) {
  PM_TRY(auto sequence, set.enter(der::Tag::sequence));
  PM_TRY(const auto type, sequence.read_oid());
  PM_TRY(const auto value, sequence.read_any());
  PM_TRY_VOID(sequence.finish());
  return Attribute{type, value};
}

/// The RDNs of a name, each with its attributes, as they stand in it.
Result<std::vector<std::vector<Attribute>>> read_name(ByteView der_name) {
  PM_TRY(const auto sequence, der::read_only(der_name, der::Tag::sequence));
  std::vector<std::vector<Attribute>> name;
  der::Reader rdns(sequence.content);
  while (!rdns.at_end()) {
    PM_TRY(const auto element, rdns.read(der::Tag::set));
    PM_TRY_VOID(der::require_sorted(element.content));
    der::Reader set(element.content);
    auto& rdn = name.emplace_back();
    do {
      PM_TRY(const auto attribute, read_attribute(set));
      rdn.push_back(attribute);
    } while (!set.at_end());
  }
  return name;
}

/// base/text's escapes for what would change the display, and RFC 4514's (section 2.4) for what has a meaning in a
/// name.
std::string escaped(std::string_view text) {
  const std::string shown = quoted(text, std::numeric_limits<std::size_t>::max());
  const std::string_view inside = std::string_view(shown).substr(1, shown.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const char c = inside[i];
    const bool first = i == 0;
    const bool last = i + 1 == inside.size();
    if (std::string_view("+,;<>").find(c) != std::string_view::npos || (first && c == '#') ||
        ((first || last) && c == ' ')) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

/// An attribute type without a name is dotted, and its value then '#' and the hexadecimal DER (RFC 4514, section 2.4).
std::string to_text(const Attribute& attribute) {
  const auto text = text_of(attribute.value);
  for (const auto& known : kShortNames) {
    if (known.type == attribute.type && text) return fmt::format("{}={}", known.text, escaped(*text));
  }
  return fmt::format("{}=#{}", der::to_string(attribute.type), to_hex(attribute.value.encoded));
}

}  // namespace

Result<void> check_name(ByteView der_name, std::string_view which) {
  if (der_name.size() > kMaxName) {
    return fail(X509Reason::too_large,
                fmt::format("the certificate's {} is {} bytes long (at most {})", which, der_name.size(), kMaxName));
  }
  PM_TRY(const auto name, reading(which, read_name(der_name)));
  for (const auto& rdn : name) {
    for (const auto& attribute : rdn) {
      if (text_of(attribute.value)) continue;
      return fail(X509Reason::malformed, fmt::format("the certificate's {} has an attribute {} that is no valid string",
                                                     which, der::to_string(attribute.type)));
    }
  }
  return {};
}

std::string name_to_string(ByteView der_name) {
  const auto name = read_name(der_name);
  if (!name) return "#" + to_hex(der_name);
  std::string out;
  for (const auto& rdn : std::views::reverse(*name)) {
    for (const auto& attribute : rdn) {
      if (!out.empty()) out += &attribute == &rdn.front() ? ',' : '+';
      out += to_text(attribute);
    }
  }
  return out;
}

}  // namespace proofmark::x509
