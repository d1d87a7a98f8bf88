// Archives made by the programs that people use are read, and what append() makes of them is read by those programs.
#include <algorithm>
#include <map>

#include "codec/zip/archive_builder.h"
#include "codec/zip/peers.h"
#include "codec/zip/reader.h"
#include "codec/zip/writer.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::Outcome;
using test::run;

/// Files by the place that their names mean; folders are left out, since not every program writes entries for them.
using Files = std::map<std::string, Bytes>;

Files files_of(const test::Contents& contents) {
  Files files;
  for (const auto& [name, body] : contents) {
    if (!name.ends_with('/')) files[name.starts_with("./") ? name.substr(2) : name] = body;
  }
  return files;
}

void expect_success(const Outcome& outcome) {
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
}

class ZipInterop : public testing::Test {
 protected:
  void SetUp() override {
    test::FakeRandom random(7);
    Bytes noise(100'000);
    random.fill(noise);
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + " of a file that deflates well\n";
    expected_ = {{"handler.py", to_bytes(as_bytes("def handler(event, context):\n    return 1\n"))},
                 {"empty", {}},
                 {"one", {'1'}},
                 {"lib/noise.bin", noise},
                 {"lib/deep/er/text.txt", to_bytes(as_bytes(text))},
                 {"with space/a file", {'x'}},
                 {"stra\xc3\x9f"
                  "e/gr\xc3\xbc\xc3\x9f"
                  "e.txt",
                  to_bytes(as_bytes("UTF-8"))}};
    for (const auto& [name, body] : expected_) {
      std::filesystem::create_directories((tree() / name).parent_path());
      test::write(tree() / name, body);
    }
    std::filesystem::create_directories(tree() / "empty-folder");
    std::filesystem::create_directories(made());
  }

  [[nodiscard]] std::filesystem::path tree() const { return folder_ / "tree"; }
  /// Where the archives go that programs make.
  [[nodiscard]] std::filesystem::path made() const { return folder_ / "made"; }
  [[nodiscard]] std::string made(std::string_view name) const { return (made() / name).string(); }

  /// The archive holds the files of the tree, no more and no less.
  void expect_tree(const std::filesystem::path& archive) const { expect_files(archive, expected_); }
  static void expect_files(const std::filesystem::path& archive, const Files& wanted) {
    SCOPED_TRACE(archive.filename().string());
    ASSERT_OK(const auto source, open_file(archive));
    ASSERT_OK(const test::Contents got, test::contents(*source));
    EXPECT_EQ(files_of(got), wanted);
  }

  void zip(std::vector<std::string> arguments, std::string_view input = {}) const {
    arguments.insert(arguments.begin(), {"zip", "-q"});
    expect_success(run(arguments, tree(), input));
  }
  void zip_to_pipe(std::string_view name, std::vector<std::string> arguments, std::string_view input = {}) const {
    arguments.insert(arguments.begin(), {"zip", "-q"});
    const Outcome outcome = run(arguments, tree(), input);
    expect_success(outcome);
    test::write(made() / name, outcome.out);
  }
  void make_with_info_zip() const {
    zip({"-r", made("infozip.zip"), "."});
    zip({"-r0", made("infozip-stored.zip"), "."});
    zip({"-rD", made("infozip-no-folders.zip"), "."});
    zip({"-rX", made("infozip-no-extra.zip"), "."});
    zip({"-r9", "-fz", made("infozip-zip64.zip"), "."});
    zip_to_pipe("infozip-pipe.zip", {"-r", "-", "."});
    zip_to_pipe("infozip-pipe-stored.zip", {"-r0", "-", "."});
  }
  void make_with_7z() const {
    expect_success(run({"7z", "a", "-tzip", made("7z.zip"), "."}, tree()));
    expect_success(run({"7z", "a", "-tzip", "-mx=0", made("7z-stored.zip"), "."}, tree()));
    expect_success(run({"7z", "a", "-tzip", "-mcu=on", made("7z-utf8.zip"), "."}, tree()));
    const Outcome outcome = run({"7z", "a", "-tzip", "-so", "to-stdout", "."}, tree());
    expect_success(outcome);
    test::write(made() / "7z-pipe.zip", outcome.out);
  }
  void make_with_python() const {
    expect_success(run({"python3", test::peer_source("peer.py"), "pack", tree().string(), made().string()}));
  }
  void make_with_bsdtar() const {
    expect_success(run({"bsdtar", "--format", "zip", "-cf", made("bsdtar.zip"), "."}, tree()));
  }
  void make_with_go() const { expect_success(run({test::go_peer(folder_), "pack", made("go.zip"), tree().string()})); }
  void make_with_yazl() const {
    for (const char* mode : {"buffer", "stream", "zip64"}) {
      const std::string target = made(std::string("yazl-") + mode + ".zip");
      expect_success(run({"env", "NODE_PATH=" + test::node_modules("yazl"), "node", test::peer_source("yazl/pack.js"),
                          target, tree().string(), mode}));
    }
  }

  test::TempFolder folder_;
  Files expected_;
};

TEST_F(ZipInterop, reads_what_info_zip_writes) {
  make_with_info_zip();
  for (const auto& archive : std::filesystem::directory_iterator(made())) expect_tree(archive.path());
}

TEST_F(ZipInterop, reads_what_info_zip_makes_of_a_stream) {
  const std::string body(300'000, 's');
  zip({made("from-stdin.zip"), "-"}, body);
  zip_to_pipe("filter.zip", {"-", "-"}, body);
  for (const char* name : {"from-stdin.zip", "filter.zip"})
    expect_files(made() / name, {{"-", to_bytes(as_bytes(body))}});
}

TEST_F(ZipInterop, reads_what_info_zip_made_of_an_archive_in_place) {
  zip({"-r", made("changed.zip"), "."});
  test::write(tree() / "handler.py", "changed\n");
  expected_["handler.py"] = to_bytes(as_bytes("changed\n"));
  zip({"-r", made("changed.zip"), "."});
  zip({"-d", made("changed.zip"), "one"});
  expected_.erase("one");
  expect_tree(made() / "changed.zip");
}

TEST_F(ZipInterop, reads_what_7_zip_writes) {
  make_with_7z();
  for (const auto& archive : std::filesystem::directory_iterator(made())) expect_tree(archive.path());
}

TEST_F(ZipInterop, reads_what_7_zip_makes_of_a_stream) {
  expect_success(run({"7z", "a", "-tzip", "-siname.txt", made("stdin.zip")}, tree(), "a body"));
  expect_files(made() / "stdin.zip", {{"name.txt", to_bytes(as_bytes("a body"))}});
}

TEST_F(ZipInterop, reads_what_python_writes) {
  make_with_python();
  int count = 0;
  for (const auto& archive : std::filesystem::directory_iterator(made())) {
    expect_tree(archive.path());
    ++count;
  }
  EXPECT_EQ(count, 9);
}

// zipfile writes ZIP64 end records from 65,536 entries on: at 65,535 the saturated count stands for itself.
TEST_F(ZipInterop, reads_pythons_archives_around_65535_entries) {
  for (const int count : {65'535, 65'536}) {
    expect_success(run({"python3", test::peer_source("peer.py"), "many", made("many.zip"), std::to_string(count)}));
    ASSERT_OK(const auto source, open_file(made() / "many.zip"));
    ASSERT_OK(const Archive archive, Archive::open(*source, Limits{}));
    EXPECT_EQ(archive.entries().size(), static_cast<std::size_t>(count));
  }
}

TEST_F(ZipInterop, reads_what_bsdtar_writes) {
  make_with_bsdtar();
  expect_tree(made() / "bsdtar.zip");
}

// bsdtar fills its last block of 10,240 bytes with zeros when it writes to a pipe. `-f FILE` does not.
TEST_F(ZipInterop, refuses_the_zeros_that_bsdtar_adds_in_a_pipe) {
  const Outcome outcome = run({"bsdtar", "--format", "zip", "-cf", "-", "."}, tree());
  expect_success(outcome);
  EXPECT_REFUSED(test::contents(as_bytes(outcome.out)), ZipReason::trailing_bytes);
}

TEST_F(ZipInterop, reads_what_go_writes) {
  make_with_go();
  expect_tree(made() / "go.zip");
}

TEST_F(ZipInterop, reads_what_node_writes) {
  make_with_yazl();
  for (const auto& archive : std::filesystem::directory_iterator(made())) expect_tree(archive.path());
}

// data/jar.zip: made of data/jar by `jar cf` of OpenJDK 17.0.15; data/jar-stored.zip by `jar cf0M`. Both have the extra
// field 0xcafe; the first has descriptors and a deflated folder.
TEST_F(ZipInterop, reads_what_jar_wrote) {
  const std::filesystem::path data = PROOFMARK_TEST_DATA;
  Files wanted{{"hello.txt", test::read(data / "jar/hello.txt")},
               {"sub/zeros.bin", test::read(data / "jar/sub/zeros.bin")}};
  expect_files(data / "jar-stored.zip", wanted);
  ASSERT_OK(const auto source, open_file(data / "jar.zip"));
  ASSERT_OK(const test::Contents got, test::contents(*source));
  Files files = files_of(got);
  EXPECT_EQ(files.erase("META-INF/MANIFEST.MF"), 1U);
  EXPECT_EQ(files, wanted);
}

TEST_F(ZipInterop, the_programs_accept_what_append_makes_of_their_archives) {
  make_with_info_zip();
  make_with_7z();
  make_with_python();
  make_with_bsdtar();
  make_with_go();
  make_with_yazl();
  NewEntry folder;
  folder.name = "META_INF/";
  NewEntry signature;
  signature.name = "META_INF/signature-\xc3\xbc.txt";
  signature.body = to_bytes(as_bytes(std::string(5'000, 's')));
  std::vector<Bytes> batch;
  std::vector<std::string> lines;
  for (const auto& archive : std::filesystem::directory_iterator(made())) {
    SCOPED_TRACE(archive.path().filename().string());
    ASSERT_OK(const auto source, open_file(archive.path()));
    ASSERT_OK(const Archive old, Archive::open(*source, Limits{}));
    const std::filesystem::path target = folder_ / "signed.zip";
    ASSERT_OK(const auto out, create_file(target, Overwrite::allow));
    EXPECT_OK(append(old, {folder, signature}, *out));
    EXPECT_OK(out->commit());
    expect_success(run({"unzip", "-tqq", target.string()}));
    expect_success(run({"7z", "t", target.string()}));
    const Outcome extracted = run({"bsdtar", "-xOf", target.string(), signature.name});
    expect_success(extracted);
    EXPECT_EQ(extracted.out, as_text(signature.body));
    batch.push_back(test::read(target));
    ASSERT_OK(const test::Contents contents, test::contents(batch.back()));
    lines.push_back(test::line_of(contents));
  }
  EXPECT_GT(batch.size(), 20U);
  EXPECT_EQ(test::ask_python(folder_, batch), lines);
  EXPECT_EQ(test::ask_go(folder_, batch), lines);
}

TEST_F(ZipInterop, the_programs_accept_70000_entries) {
  std::vector<NewEntry> entries(70'000);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].name = std::to_string(i);
    entries[i].method = Method::stored;
  }
  ASSERT_OK(const Bytes bytes, make_archive(entries));
  test::write(made() / "many.zip", bytes);
  ASSERT_OK(const test::Contents contents, test::contents(bytes));
  EXPECT_EQ(contents.size(), entries.size());
  EXPECT_EQ(test::ask_python(folder_, {bytes}), std::vector{test::line_of(contents)});
  EXPECT_EQ(test::ask_go(folder_, {bytes}), std::vector{test::line_of(contents)});
  expect_success(run({"unzip", "-tqq", made("many.zip")}));
  expect_success(run({"7z", "t", made("many.zip")}));
}

}  // namespace
}  // namespace proofmark::codec::zip
