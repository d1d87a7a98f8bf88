// Other ZIP readers, asked what they see in many archives at once: one process per reader, not per archive.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "codec/zip/archive_builder.h"
#include "support/support.h"

namespace proofmark::test {

/// A file of tests/codec/zip.
std::string peer_source(std::string_view name);
/// The Go program, built into `folder` unless it is there.
std::string go_peer(const TempFolder& folder);
/// Where `./dev setup` has put the Node packages of tests/codec/zip/<name>.
std::string node_modules(std::string_view name);

/// "ok name:crc32:size ...", as go/main.go says it.
std::string line_of(const Contents& contents);

/// One line per archive.
std::vector<std::string> ask_python(const TempFolder& folder, const std::vector<Bytes>& archives);
std::vector<std::string> ask_go(const TempFolder& folder, const std::vector<Bytes>& archives);
/// libzip with ZIP_CHECKCONS, in this process.
std::string ask_libzip(ByteView archive);

}  // namespace proofmark::test
