// Which names an archive may hold, alone and together: what one file system takes for two files, another must not take
// for one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "codec/zip/reasons.h"

namespace proofmark::codec::zip {

/// A name that every extractor puts below its target folder, at the same place. A leading "./" (bsdtar writes it) is
/// fine. Reasons: name_too_long (more than `max_name` bytes), name_not_utf8, unsafe_name.
Result<void> check_name(std::string_view name, std::uint32_t max_name);

/// No two names mean the same place, and none is a file where another needs a directory; after cleaning ("./" in front,
/// "/" behind) and canonical caseless matching (Unicode 15, section 3.13, D145). Each name has passed check_name. O(n
/// log n) comparisons; memory: at most three times the names' own. Reasons: duplicate_name, file_is_directory.
Result<void> check_tree(std::span<const std::string_view> names);

}  // namespace proofmark::codec::zip
