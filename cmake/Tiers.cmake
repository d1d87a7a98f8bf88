# Reads cmake/tiers.txt and offers proofmark_library(), which makes one target of one folder and links exactly
# the folders that the table allows. Configuring fails on an edge that points up or sideways.

# tests/architecture hands in tables that must be refused, with cmake -D PROOFMARK_TIERS_FILE=... -P.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(PROOFMARK_TIERS_FILE "${CMAKE_CURRENT_LIST_DIR}/tiers.txt")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROOFMARK_TIERS_FILE}")
endif()

file(STRINGS "${PROOFMARK_TIERS_FILE}" _lines REGEX "^[a-z]")
foreach(_line IN LISTS _lines)
  string(REGEX REPLACE "[ \t]+" ";" _fields "${_line}")
  list(POP_FRONT _fields _folder _tier)
  if(DEFINED _TIER_${_folder})
    message(FATAL_ERROR "tiers.txt: ${_folder} is listed twice")
  endif()
  if(NOT _tier MATCHES "^[0-9]+$")
    message(FATAL_ERROR "tiers.txt: ${_folder} has the tier '${_tier}', which is not a number")
  endif()
  set(_TIER_${_folder} ${_tier})
  set(_DEPS_${_folder} ${_fields})
  list(APPEND PROOFMARK_FOLDERS ${_folder})
endforeach()

foreach(_folder IN LISTS PROOFMARK_FOLDERS)
  foreach(_dep IN LISTS _DEPS_${_folder})
    if(NOT DEFINED _TIER_${_dep})
      message(FATAL_ERROR "tiers.txt: ${_folder} may include '${_dep}', which the table does not list")
    endif()
    string(FIND "${_folder}/" "${_dep}/" _inside)
    if(NOT _TIER_${_dep} LESS _TIER_${_folder} AND NOT _inside EQUAL 0)
      message(FATAL_ERROR
        "tiers.txt: ${_folder} (tier ${_TIER_${_folder}}) must not depend on ${_dep} (tier ${_TIER_${_dep}}): "
        "dependencies point down only")
    endif()
  endforeach()
endforeach()

# The target of a folder: envelope/cms -> proofmark_envelope_cms.
function(proofmark_target folder out)
  string(REPLACE "/" "_" _name "proofmark_${folder}")
  set(${out} ${_name} PARENT_SCOPE)
endfunction()

# Links the folders that the table allows `folder` to use to `target`.
function(proofmark_link_folders target visibility folder)
  foreach(_dep IN LISTS _DEPS_${folder})
    proofmark_target(${_dep} _dep_target)
    target_link_libraries(${target} ${visibility} ${_dep_target})
  endforeach()
endfunction()

# proofmark_library(folder SOURCES a.cc b.cc [PRIVATE_LIBRARIES OpenSSL::Crypto ...])
function(proofmark_library folder)
  cmake_parse_arguments(_arg "" "" "SOURCES;PRIVATE_LIBRARIES" ${ARGN})
  if(NOT DEFINED _TIER_${folder})
    message(FATAL_ERROR "src/${folder} is not in cmake/tiers.txt: say which tier it is and what it may include")
  endif()
  proofmark_target(${folder} _target)
  list(TRANSFORM _arg_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/src/${folder}/")
  add_library(${_target} STATIC ${_arg_SOURCES})
  target_include_directories(${_target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${_target} PRIVATE proofmark_options ${_arg_PRIVATE_LIBRARIES} PUBLIC fmt::fmt-header-only)
  proofmark_link_folders(${_target} PUBLIC ${folder})
endfunction()
