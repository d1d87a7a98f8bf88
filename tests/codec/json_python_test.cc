// Python's json module as the oracle of what is JSON and what it means. data/json_oracle.py lists where it is made
// stricter.
#include "codec/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "support/support.h"

namespace proofmark::codec::json {
namespace {

/// The form of data/json_oracle.py: types and bits, so that 1 and 1.0 differ.
std::string describe(const Value& value) {
  if (value.is_null()) return "null";
  if (const bool* boolean = value.if_bool()) return *boolean ? "true" : "false";
  if (const auto* integer = value.if_int64()) return fmt::format("i{}", *integer);
  if (const auto* large = value.if_uint64()) return fmt::format("i{}", *large);
  if (const auto* number = value.if_double()) return fmt::format("d{:016x}", std::bit_cast<std::uint64_t>(*number));
  if (const auto* text = value.if_string()) return "s" + to_hex(as_bytes(*text));
  std::string form;
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) form += describe(element) + ",";
    return "[" + form + "]";
  }
  for (const auto& [key, member] : *value.if_object())
    form += "s" + to_hex(as_bytes(key)) + ":" + describe(member) + ",";
  return "{" + form + "}";
}

bool has_double(const Value& value) {
  if (const auto* array = value.if_array()) return std::ranges::any_of(*array, has_double);
  if (const auto* object = value.if_object()) {
    return std::ranges::any_of(*object, [](const Member& member) { return has_double(member.second); });
  }
  return value.if_double() != nullptr;
}

std::string our_answer(std::string_view document) {
  const auto value = parse(document);
  if (!value) return "refused";
  if (has_double(*value)) return describe(*value) + " - -";
  return describe(*value) + " " + to_hex(as_bytes(serialize(*value))) + " " +
         to_hex(as_bytes(serialize(*value, Style::indented)));
}

/// Asks one Python process about all documents and compares answer by answer. Gives the number that both took.
std::size_t compare_with_python(const std::vector<std::string>& documents) {
  std::string input;
  for (const auto& document : documents) input += to_hex(as_bytes(document)) + "\n";
  const auto outcome = test::run({"python3", PROOFMARK_TEST_DATA "/json_oracle.py"}, ".", input);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::string_view answers = outcome.out;
  std::size_t taken = 0;
  for (const auto& document : documents) {
    const std::size_t end = answers.find('\n');
    if (end == std::string_view::npos) {
      ADD_FAILURE() << "Python has too few answers";
      return taken;
    }
    const std::string ours = our_answer(document);
    EXPECT_EQ(ours, answers.substr(0, end)) << ::testing::PrintToString(document);
    taken += ours == "refused" ? 0U : 1U;
    answers.remove_prefix(end + 1);
  }
  EXPECT_TRUE(answers.empty());
  return taken;
}

const std::vector<std::string>& seeds() {
  static const std::vector<std::string> documents{
      "null",
      "true",
      "false",
      "0",
      "-1",
      "1.5",
      "[]",
      "{}",
      "\"\"",
      " [1 , 2.50e+3 ,-0.0]\n",
      "[[[[]]],{}]",
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["signer:*"],"Resource":"*"}]})",
      R"({"a":{"b":[1,2,{"c":null}]},"d":"\u00e9\ud83d\ude00\\\/\b\f\n\r\t\"","e":1e-7,"f":-12345678901234567890.5})",
      R"([9223372036854775807,9223372036854775808,-9223372036854775808,18446744073709551615,0.1,1E21,5e-324])",
      "{\"\xc3\xa9\":\"\xe2\x82\xac\xf0\x9f\x98\x80\",\"\":{\"\":{}},\"\\u0000\":[true,false]}",
      R"({"alg":"ES384","cty":"application/vnd.cncf.notary.payload.v1+json","crit":["io.cncf.notary.signingScheme"]})",
      R"(["\uD834\uDD1E","\u0001","\u007f","a\u2028b"])"};
  return documents;
}

TEST(JsonPython, agrees_on_documents_written_by_hand) {
  std::vector<std::string> documents = seeds();
  for (const std::string_view text : {"",
                                      " ",
                                      "-0",
                                      "[-0]",
                                      "-0.0",
                                      "01",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "1e",
                                      "1e400",
                                      "1e-400",
                                      "2e-324",
                                      "3e-324",
                                      "18446744073709551616",
                                      "-9223372036854775809",
                                      "NaN",
                                      "[Infinity]",
                                      "-Infinity",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "{\"a\":1,\"a\":2}",
                                      R"({"a":1,"\u0061":2})",
                                      R"("\ud800")",
                                      R"("\udc00\ud800")",
                                      R"(["\ud83d\ude00"])",
                                      "\"\t\"",
                                      "\"\x7f\"",
                                      "'a'",
                                      "[1 2]",
                                      "{\"a\" 1}",
                                      "[",
                                      "]",
                                      "\"",
                                      "\"\\\"",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "nul",
                                      "truex",
                                      "1 2",
                                      "//\n1",
                                      "[1]\x0c",
                                      "\xef\xbb\xbf[]",
                                      "\"\xff\"",
                                      "\"\xc0\x80\"",
                                      "\"\xed\xa0\x80\"",
                                      "\"\xf4\x90\x80\x80\"",
                                      "0e400",
                                      "0.0e-400",
                                      "1E+2",
                                      "100000000000000000000.0",
                                      "1.7976931348623158e308",
                                      "1.7976931348623159e308",
                                      "2.2250738585072011e-308",
                                      "9007199254740993.0",
                                      "\"\\u+123\"",
                                      "\"\\u 12 \"",
                                      "\"\\u0x12\"",
                                      "\"\\u1_23\"",
                                      "[1_0]",
                                      "[\xd9\xa1]"}) {
    documents.emplace_back(text);
  }
  for (const std::size_t depth : {63U, 64U, 65U, 70U, 500U})
    documents.push_back(std::string(depth, '[') + std::string(depth, ']'));
  documents.push_back(std::string("\"\0\"", 3));
  EXPECT_GT(compare_with_python(documents), seeds().size());
}

/// A document of random tokens: rarely JSON, but near it.
std::string random_tokens(test::FakeRandom& random) {
  static const std::vector<std::string_view> tokens{
      "[",       "]",       "{",        "}",    ",",    ":",    "\"a\"",  "\"b\"", "\"\\u0061\"", "1",
      "-",       "0",       ".5",       "e3",   "null", "true", " ",      "\n",    "\"",          "\\",
      "\\ud800", "\\udc00", "\xc3\xa9", "\xc3", "1.25", "-7",   "\"x\":", "[1,2]", "{\"k\":1}",   "E-2"};
  std::string text;
  for (auto n = random.next() % 12 + 1; n > 0; --n) text += tokens[random.next() % tokens.size()];
  return text;
}

/// A seed with some bytes changed, doubled, cut out, or exchanged for pieces of another.
std::string mutated(test::FakeRandom& random) {
  std::string text = seeds()[random.next() % seeds().size()];
  for (auto n = random.next() % 3 + 1; n > 0; --n) {
    const std::size_t at = random.next() % (text.size() + 1);
    static constexpr std::string_view interesting = "\"\\,:[]{}0123456789.eE+-u \n\tdDcCfFtn\x01\xff\xc3\xe2";
    switch (random.next() % 4) {
      case 0:
        text.insert(at, 1, interesting[random.next() % interesting.size()]);
        break;
      case 1:
        if (at < text.size()) text[at] = interesting[random.next() % interesting.size()];
        break;
      case 2:
        text.erase(at, random.next() % 4);
        break;
      default:
        text.insert(at, text.substr(random.next() % (text.size() + 1), random.next() % 20));
        break;
    }
  }
  return text;
}

TEST(JsonPython, agrees_on_documents_near_to_json) {
  test::FakeRandom random(2026);
  std::vector<std::string> documents(30000);
  for (std::size_t i = 0; i < documents.size(); ++i)
    documents[i] = i % 2 == 0 ? mutated(random) : random_tokens(random);
  const std::size_t taken = compare_with_python(documents);
  EXPECT_GT(taken, 1500U);
  EXPECT_LT(taken, 25000U);
}

Value random_value(test::FakeRandom& random, int depth) {
  switch (random.next() % (depth > 0 ? 9U : 7U)) {
    case 0:
      return nullptr;
    case 1:
      return (random.next() & 1U) != 0;
    case 2:
      return static_cast<std::int64_t>(random.next() >> (random.next() % 64));
    case 3:
      return random.next();
    case 4:
      return static_cast<double>(random.next() % 1000000) / 1000;
    case 5:
    case 6: {
      static const std::vector<std::string_view> pieces{
          "a", "\n", "\"", "\\", "/", "\x7f", "\x1f", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xe2\x80\xa8", "key"};
      std::string text;
      for (auto n = random.next() % 5; n > 0; --n) text += pieces[random.next() % pieces.size()];
      return text;
    }
    case 7: {
      Array array;
      for (auto n = random.next() % 5; n > 0; --n) array.push_back(random_value(random, depth - 1));
      return array;
    }
    default: {
      Object object;
      for (auto n = random.next() % 5; n > 0; --n)
        object.emplace_back(std::to_string(n), random_value(random, depth - 1));
      return object;
    }
  }
}

TEST(JsonPython, reads_what_we_write) {
  test::FakeRandom random(77);
  std::vector<std::string> documents;
  for (int i = 0; i < 5000; ++i) {
    const Value value = random_value(random, 4);
    documents.push_back(serialize(value, i % 2 == 0 ? Style::compact : Style::indented));
    EXPECT_TRUE(parse(documents.back()).value() == value) << documents.back();
  }
  EXPECT_EQ(compare_with_python(documents), documents.size());
}

}  // namespace
}  // namespace proofmark::codec::json
