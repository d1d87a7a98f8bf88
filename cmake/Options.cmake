# Compiler and linker settings shared by every target of ours.
add_library(proofmark_options INTERFACE)

target_compile_options(proofmark_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wswitch-enum
  -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Wextra-semi
  -Wmissing-declarations -Wthread-safety
  -Wno-missing-designated-field-initializers  # options structs have default member initialisers, to be left out
  -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(proofmark_options INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT PROOFMARK_SANITIZE)
  target_compile_definitions(proofmark_options INTERFACE _FORTIFY_SOURCE=2)
endif()
# Assertions for our own bugs stay on in every build type: "assertions for our bugs, errors for the world's".
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
string(REPLACE "-g" "-g1" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_link_options(-pie -Wl,-z,relro,-z,now)

if(PROOFMARK_SANITIZE)
  add_compile_options(-fsanitize=${PROOFMARK_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PROOFMARK_SANITIZE})
endif()
if(PROOFMARK_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
if(PROOFMARK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(PROOFMARK_TIDY)
  find_program(CLANG_TIDY clang-tidy-19 REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY "${CLANG_TIDY};--warnings-as-errors=*;--quiet")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(LLD ld.lld-19)
if(LLD)
  add_link_options(-fuse-ld=lld-19)
endif()
