#include "codec/json.h"

#include <limits>
#include <type_traits>

#include "support/support.h"

namespace proofmark::codec::json {
namespace {

TEST(JsonValue, knows_its_type) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value(nullptr).is_null());
  EXPECT_EQ(*Value(true).if_bool(), true);
  EXPECT_EQ(*Value(-5).if_int64(), -5);
  EXPECT_EQ(*Value(1.5).if_double(), 1.5);
  EXPECT_EQ(*Value("a").if_string(), "a");
  EXPECT_EQ(*Value(std::string_view("b")).if_string(), "b");
  EXPECT_EQ(Value(Array{1, "x"}).if_array()->size(), 2U);
  EXPECT_EQ(Value(Object{{"k", 1}}).if_object()->at(0).first, "k");
  const Value text("a");
  EXPECT_FALSE(text.is_null());
  EXPECT_EQ(text.if_bool(), nullptr);
  EXPECT_EQ(text.if_int64(), nullptr);
  EXPECT_EQ(text.if_uint64(), nullptr);
  EXPECT_EQ(text.if_double(), nullptr);
  EXPECT_EQ(text.if_array(), nullptr);
  EXPECT_EQ(text.if_object(), nullptr);
  EXPECT_EQ(Value().if_string(), nullptr);
}

TEST(JsonValue, takes_no_pointer_for_a_bool) {
  static_assert(!std::is_constructible_v<Value, void*>);
  static_assert(!std::is_constructible_v<Value, const Value*>);
  static_assert(std::is_constructible_v<Value, bool>);
  EXPECT_EQ(Value("text").if_bool(), nullptr);
}

TEST(JsonValue, keeps_an_integer_signed_where_it_fits) {
  EXPECT_EQ(*Value(std::uint64_t{5}).if_int64(), 5);
  EXPECT_TRUE(Value(std::uint64_t{5}) == Value(5));
  EXPECT_EQ(Value(std::numeric_limits<std::uint64_t>::max()).if_int64(), nullptr);
  EXPECT_EQ(*Value(std::numeric_limits<std::uint64_t>::max()).if_uint64(), std::numeric_limits<std::uint64_t>::max());
}

TEST(JsonValue, compares_all_the_way_down) {
  const auto make = [](int leaf) {
    return Value(Object{{"a", Array{1, Object{{"b", Array{leaf, "x", nullptr, true}}}}}, {"c", 2.5}});
  };
  EXPECT_TRUE(make(1) == make(1));
  EXPECT_FALSE(make(1) == make(2));
  EXPECT_TRUE(make(1) != make(2));
  const Value original = make(1);
  const std::vector<Value> copies(2, original);  // which share what they hold
  EXPECT_TRUE(copies[0] == copies[1]);
}

TEST(JsonValue, finds_different_types_and_shapes_unequal) {
  const std::vector<Value> distinct{Value(),
                                    true,
                                    false,
                                    0,
                                    1,
                                    0.5,
                                    1.0,
                                    std::numeric_limits<std::uint64_t>::max(),
                                    "",
                                    "1",
                                    Array{},
                                    Object{},
                                    Array{Value()},
                                    Array{Value(Array{})},
                                    Array{1},
                                    Array{1, 1},
                                    Array{1, 2},
                                    Array{2, 1},
                                    Object{{"a", 1}},
                                    Object{{"b", 1}},
                                    Object{{"a", 2}},
                                    Object{{"a", 1}, {"b", 1}},
                                    Object{{"b", 1}, {"a", 1}}};  // the order of the text counts
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    for (std::size_t j = 0; j < distinct.size(); ++j) EXPECT_EQ(distinct[i] == distinct[j], i == j) << i << " " << j;
  }
}

TEST(JsonValue, compares_the_deepest_values_that_are_read) {
  const std::string text = std::string(kDeepest, '[') + "1" + std::string(kDeepest, ']');
  const std::string other = std::string(kDeepest, '[') + "2" + std::string(kDeepest, ']');
  const Limits limits{.max_depth = kDeepest};
  EXPECT_TRUE(parse(text, limits).value() == parse(text, limits).value());
  EXPECT_FALSE(parse(text, limits).value() == parse(other, limits).value());
}

TEST(JsonValue, finds_members) {
  ASSERT_OK(const Value value, parse(R"({"a":1,"b":{"a":2},"":3})"));
  EXPECT_EQ(*value.find("a")->if_int64(), 1);
  EXPECT_EQ(*value.find("b")->find("a")->if_int64(), 2);
  EXPECT_EQ(*value.find("")->if_int64(), 3);
  EXPECT_EQ(value.find("c"), nullptr);
  EXPECT_EQ(Value(Array{1}).find("a"), nullptr);
  EXPECT_EQ(Value("a").find("a"), nullptr);
}

TEST(JsonValue, reads_members_that_must_be_there) {
  ASSERT_OK(const Value value, parse(R"({"name":"x","count":-7,"large":18446744073709551615,"real":7.0,"none":null})"));
  EXPECT_EQ(value.string_at("name").value(), "x");
  EXPECT_EQ(value.integer_at("count").value(), -7);
  EXPECT_REFUSED(value.string_at("absent"), JsonReason::missing_member);
  EXPECT_REFUSED(value.integer_at("absent"), JsonReason::missing_member);
  EXPECT_REFUSED(value.string_at("count"), JsonReason::wrong_type);
  EXPECT_REFUSED(value.string_at("none"), JsonReason::wrong_type);
  EXPECT_REFUSED(value.integer_at("name"), JsonReason::wrong_type);
  EXPECT_REFUSED(value.integer_at("large"), JsonReason::wrong_type);
  EXPECT_REFUSED(value.integer_at("real"), JsonReason::wrong_type);
  EXPECT_REFUSED(Value(Array{}).string_at("name"), JsonReason::wrong_type);
  EXPECT_REFUSED(Value().integer_at("name"), JsonReason::wrong_type);
}

TEST(JsonValue, names_the_member_that_it_misses) {
  const auto refused = Value(Object{}).string_at("profile\n");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message().find(R"("profile\x0a")"), std::string::npos) << refused.error().message();
}

}  // namespace
}  // namespace proofmark::codec::json
