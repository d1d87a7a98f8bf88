# Reads JSON documents with Python's json module, made as strict as json.h promises to be: one document a line on standard
# input, in hexadecimal. Writes a line for each: "refused", or the value in a form that names types and bits, a blank, and what
# json.dumps writes in hexadecimal, compact and indented ("-" where doubles make the two differ in style).
#
# Where Python is laxer, and what makes it strict here:
#   NaN and Infinity are taken              parse_constant refuses
#   the last of duplicate keys wins         object_pairs_hook refuses
#   integers of any size, and -0            parse_int refuses
#   1e400 is infinity, 1e-400 is zero       parse_float refuses
#   lone surrogates are kept                encoding the strings refuses
#   depth is bounded by the interpreter     the value is measured
import json
import math
import struct
import sys

MAX_DEPTH = 64


def refuse(*_):
    raise ValueError


def parse_int(text):
    value = int(text)
    if text == "-0" or not -(2**63) <= value < 2**64:
        raise ValueError
    return value


def parse_float(text):
    value = float(text)
    mantissa = text.lower().split("e")[0]
    if math.isinf(value) or (value == 0 and mantissa.strip("-0.") != ""):
        raise ValueError
    return value


def pairs(members):
    if len({key for key, _ in members}) != len(members):
        raise ValueError
    return dict(members)


def describe(value, depth):
    if isinstance(value, (list, dict)) and depth == 0:
        raise ValueError
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return "i%d" % value
    if isinstance(value, float):
        return "d" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode("utf-8").hex()
    if isinstance(value, list):
        return "[" + "".join(describe(element, depth - 1) + "," for element in value) + "]"
    return "{" + "".join(describe(key, 1) + ":" + describe(element, depth - 1) + "," for key, element in value.items()) + "}"


def answer(line):
    try:
        text = bytes.fromhex(line).decode("utf-8")
        value = json.loads(text, parse_constant=refuse, parse_int=parse_int, parse_float=parse_float, object_pairs_hook=pairs)
        form = describe(value, MAX_DEPTH)
    except (ValueError, RecursionError):
        return "refused"
    if has_double(value):
        return form + " - -"
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    indented = json.dumps(value, ensure_ascii=False, indent=2)
    return " ".join([form, compact.encode("utf-8").hex(), indented.encode("utf-8").hex()])


def has_double(value):
    if isinstance(value, list):
        return any(has_double(element) for element in value)
    if isinstance(value, dict):
        return any(has_double(element) for element in value.values())
    return isinstance(value, float)


for line in sys.stdin.read().splitlines():
    print(answer(line))
