#include <fmt/format.h>

#include "base/text.h"
#include "codec/json.h"

namespace proofmark::codec::json {
namespace {

// Shared by all empty ones, so that "[[],[],[], …" costs no allocation each.
const std::shared_ptr<const Array>& empty_array() {
  static const auto array = std::make_shared<const Array>();
  return array;
}

const std::shared_ptr<const Object>& empty_object() {
  static const auto object = std::make_shared<const Object>();
  return object;
}

using Pair = std::pair<const Value*, const Value*>;

/// Whether two values are equal but for what is inside them, which goes to `inside` to be compared.
bool equal_outside(const Value& a, const Value& b, std::vector<Pair>& inside) {
  if (const Array* left = a.if_array()) {
    const Array* right = b.if_array();
    if (right == nullptr || left->size() != right->size()) return false;
    for (std::size_t i = 0; left != right && i < left->size(); ++i) inside.emplace_back(&(*left)[i], &(*right)[i]);
    return true;
  }
  if (const Object* left = a.if_object()) {
    const Object* right = b.if_object();
    if (right == nullptr || left->size() != right->size()) return false;
    for (std::size_t i = 0; left != right && i < left->size(); ++i) {
      if ((*left)[i].first != (*right)[i].first) return false;
      inside.emplace_back(&(*left)[i].second, &(*right)[i].second);
    }
    return true;
  }
  const auto same = [](const auto* left, const auto* right) { return left && right && *left == *right; };
  return (a.is_null() && b.is_null()) || same(a.if_bool(), b.if_bool()) || same(a.if_int64(), b.if_int64()) ||
         same(a.if_uint64(), b.if_uint64()) || same(a.if_double(), b.if_double()) || same(a.if_string(), b.if_string());
}

Result<const Value*> member(const Value& object, std::string_view key) {
  if (object.if_object() == nullptr) {
    return fail(JsonReason::wrong_type, fmt::format("there is no object to hold the member {}", quoted(key)));
  }
  const Value* const value = object.find(key);
  if (value == nullptr) return fail(JsonReason::missing_member, fmt::format("the member {} is missing", quoted(key)));
  return value;
}

}  // namespace

Value::Value() : value_(nullptr) {}
Value::Value(std::nullptr_t) : value_(nullptr) {}
Value::Value(std::int64_t value) : value_(value) {}
Value::Value(int value) : value_(std::int64_t{value}) {}
Value::Value(std::uint64_t value) {
  if (std::in_range<std::int64_t>(value)) {
    value_ = static_cast<std::int64_t>(value);
  } else {
    value_ = value;
  }
}
Value::Value(double value) : value_(value) {}
Value::Value(std::string value) : value_(std::move(value)) {}
Value::Value(std::string_view value) : value_(std::string(value)) {}
Value::Value(const char* value) : value_(std::string(value)) {}
Value::Value(Array value) : value_(value.empty() ? empty_array() : std::make_shared<const Array>(std::move(value))) {}
Value::Value(Object value)
    : value_(value.empty() ? empty_object() : std::make_shared<const Object>(std::move(value))) {}

bool Value::is_null() const {
  return std::holds_alternative<std::nullptr_t>(value_);
}
const bool* Value::if_bool() const {
  return std::get_if<bool>(&value_);
}
const std::int64_t* Value::if_int64() const {
  return std::get_if<std::int64_t>(&value_);
}
const std::uint64_t* Value::if_uint64() const {
  return std::get_if<std::uint64_t>(&value_);
}
const double* Value::if_double() const {
  return std::get_if<double>(&value_);
}
const std::string* Value::if_string() const {
  return std::get_if<std::string>(&value_);
}
const Array* Value::if_array() const {
  const auto* array = std::get_if<std::shared_ptr<const Array>>(&value_);
  return array == nullptr ? nullptr : array->get();
}
const Object* Value::if_object() const {
  const auto* object = std::get_if<std::shared_ptr<const Object>>(&value_);
  return object == nullptr ? nullptr : object->get();
}

const Value* Value::find(std::string_view key) const {
  const Object* const object = if_object();
  if (object == nullptr) return nullptr;
  for (const auto& [name, value] : *object) {
    if (name == key) return &value;
  }
  return nullptr;
}

Result<std::string> Value::string_at(std::string_view key) const {
  PM_TRY(const Value* const value, member(*this, key));
  if (const std::string* text = value->if_string()) return *text;
  return fail(JsonReason::wrong_type, fmt::format("the member {} is not a string", quoted(key)));
}

Result<std::int64_t> Value::integer_at(std::string_view key) const {
  PM_TRY(const Value* const value, member(*this, key));
  if (const std::int64_t* integer = value->if_int64()) return *integer;
  return fail(JsonReason::wrong_type, fmt::format("the member {} is not an integer of 64 bits", quoted(key)));
}

bool operator==(const Value& a, const Value& b) {
  std::vector<Pair> open{{&a, &b}};
  while (!open.empty()) {
    const auto [left, right] = open.back();
    open.pop_back();
    if (!equal_outside(*left, *right, open)) return false;
  }
  return true;
}

}  // namespace proofmark::codec::json
