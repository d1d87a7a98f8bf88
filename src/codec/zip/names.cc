#include "codec/zip/names.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/text.h"

namespace proofmark::codec::zip {
namespace {

// Stands for '/' in folded keys. No name holds it (control characters are refused), and it sorts before every other
// byte: so whatever lies below a path sorts directly behind that path.
constexpr char kSeparator = '\x01';

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// C0, DEL, and C1 (U+0080 to U+009F, in UTF-8 C2 80 to C2 9F). `text` is UTF-8.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool has_drive(std::string_view path) {
  if (path.size() < 2 || path[1] != ':') return false;
  const char letter = path[0];
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

/// What is wrong with the path, or null. `path` has no "./" in front.
const char* path_fault(std::string_view path) {
  if (path.find('\\') != std::string_view::npos) return "holds a backslash";
  if (has_control(path)) return "holds a control character";
  if (path.starts_with('/')) return "is absolute";
  if (has_drive(path)) return "starts with a drive letter";
  if (path.ends_with('/')) path.remove_suffix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    if (component.empty()) return "has an empty component";
    if (component == ".") return "has a \".\" component";
    if (component == "..") return "has a \"..\" component";
    if (slash == std::string_view::npos) return nullptr;
    path.remove_prefix(slash + 1);
  }
}

/// The place that a name means: without "./" in front and "/" behind; empty for the root ("./").
std::string_view place(std::string_view name) {
  if (name.starts_with("./")) name.remove_prefix(2);
  if (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

/// One pass of utf8proc over code points in UTF-8. Valid UTF-8 can't fail but for memory.
std::string map(std::string_view text, unsigned options, std::vector<utf8proc_int32_t>& buffer) {
  const auto option = static_cast<utf8proc_option_t>(options);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  utf8proc_ssize_t count = 0;
  while (true) {
    count = utf8proc_decompose(bytes, size, buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()), option);
    if (count <= static_cast<utf8proc_ssize_t>(buffer.size())) break;
    buffer.resize(static_cast<std::size_t>(count));
  }
  if (count >= 0) count = utf8proc_normalize_utf32(buffer.data(), count, option);
  std::string out;
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    std::array<utf8proc_uint8_t, 4> encoded{};
    const utf8proc_ssize_t length = utf8proc_encode_char(buffer[static_cast<std::size_t>(i)], encoded.data());
    out.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length));
  }
  return out;
}

/// Appends what two names have in common when a file system that ignores case, or normalises, takes them for one.
void append_folded(std::string& out, std::string_view path, std::vector<utf8proc_int32_t>& buffer) {
  const std::size_t start = out.size();
  if (is_ascii(path)) {
    out += path;
    for (char* c = out.data() + start; c != out.data() + out.size(); ++c) {
      if (*c >= 'A' && *c <= 'Z') *c = static_cast<char>(*c - 'A' + 'a');
    }
  } else {
    // Decomposed first: U+0345 folds to a letter, so folding before marks are in canonical order would tell equal texts
    // apart.
    const std::string decomposed = map(path, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, buffer);
    out += map(decomposed, UTF8PROC_STABLE | UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE, buffer);
  }
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), '/', kSeparator);
}

struct Place {
  std::string_view key;
  std::size_t index;
};

/// Every place, in an order that puts equal ones side by side and a folder directly before what it holds.
std::vector<Place> sorted_places(std::span<const std::string_view> names, std::string& keys) {
  std::vector<std::size_t> ends;
  ends.reserve(names.size());
  std::vector<utf8proc_int32_t> buffer(256);
  for (const std::string_view name : names) {
    append_folded(keys, place(name), buffer);
    ends.push_back(keys.size());
  }
  std::vector<Place> places;
  places.reserve(names.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    places.push_back({std::string_view(keys).substr(begin, ends[i] - begin), i});
    begin = ends[i];
  }
  std::ranges::sort(places, [](const Place& a, const Place& b) {
    const int order = a.key.compare(b.key);
    return order != 0 ? order < 0 : a.index < b.index;
  });
  return places;
}

}  // namespace

Result<void> check_name(std::string_view name, std::uint32_t max_name) {
  if (name.size() > max_name) {
    return fail(ZipReason::name_too_long,
                fmt::format("entry {}: the name has {} bytes, more than {}", quoted(name), name.size(), max_name));
  }
  if (!is_utf8(name))
    return fail(ZipReason::name_not_utf8, fmt::format("entry {}: the name is not UTF-8", quoted(name)));
  if (name == "./") return {};
  const std::string_view path = name.starts_with("./") ? name.substr(2) : name;
  if (const char* fault = path_fault(path)) {
    return fail(ZipReason::unsafe_name, fmt::format("entry {}: the name {}", quoted(name), fault));
  }
  return {};
}

Result<void> check_tree(std::span<const std::string_view> names) {
  std::string keys;
  const std::vector<Place> places = sorted_places(names, keys);
  for (std::size_t i = 1; i < places.size(); ++i) {
    const Place& before = places[i - 1];
    const Place& after = places[i];
    if (before.key == after.key) {
      return fail(ZipReason::duplicate_name, fmt::format("entries {} and {} mean the same place",
                                                         quoted(names[before.index]), quoted(names[after.index])));
    }
    const bool below = after.key.size() > before.key.size() && after.key.starts_with(before.key) &&
                       after.key[before.key.size()] == kSeparator;
    if (below && !names[before.index].ends_with('/')) {
      return fail(ZipReason::file_is_directory, fmt::format("entry {} is a file, but entry {} lies below it",
                                                            quoted(names[before.index]), quoted(names[after.index])));
    }
  }
  return {};
}

}  // namespace proofmark::codec::zip
