// Boost.JSON itself, compiled here once: the product needs no shared library for it, and sanitizers and fuzzers see
// into it.
#include <boost/json/src.hpp>
