# Tests stand beside what they test: each is a line in the CMakeLists.txt of its folder.

# Only to end what hangs: under a sanitizer, on a machine that is busy, the explored orders take minutes.
set(test_timeout 900)

# qn_test(NAME LIBS...): builds NAME_test from NAME_test.c of this folder and registers it as NAME.
function(qn_test name)
  if(NOT QN_TESTS)
    return()
  endif()
  add_executable(${name}_test ${name}_test.c ${PROJECT_SOURCE_DIR}/tests/run_tests.c)
  target_link_libraries(${name}_test PRIVATE qn_flags PkgConfig::CMOCKA ${ARGN})
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES TIMEOUT ${test_timeout})
endfunction()

# qn_test_bed(NAME LIBS...): a library from NAME.c of this folder, which is what several of its tests share.
function(qn_test_bed name)
  if(NOT QN_TESTS)
    return()
  endif()
  add_library(${name} STATIC ${name}.c)
  target_link_libraries(${name} PUBLIC qn_flags PkgConfig::CMOCKA ${ARGN})
endfunction()

# qn_stepped_test(NAME): the same on the stepping executor (tests/stepped/stepped.h), and once more at another
# rate: virtual time is ns whatever the machine's clock ticks at, and no machine of that rate is needed to see it.
function(qn_stepped_test name)
  if(NOT QN_TESTS)
    return()
  endif()
  qn_test(${name} qn_stepped)
  add_test(NAME ${name}_at_3.9GHz COMMAND ${name}_test)
  set_tests_properties(${name}_at_3.9GHz PROPERTIES TIMEOUT ${test_timeout} ENVIRONMENT QUENCH_TEST_CLOCK=3.9GHz)
endfunction()

# qn_memory_test(NAME LIBS...): as qn_test, with allocations that the test can let fail (tests/allocation.h).
function(qn_memory_test name)
  if(NOT QN_TESTS)
    return()
  endif()
  qn_test(${name} ${ARGN})
  target_sources(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests/allocation.c)
  target_link_options(${name}_test PRIVATE LINKER:--wrap=malloc,--wrap=calloc,--wrap=realloc)
endfunction()

# qn_script_test(NAME SCRIPT ARGS...): registers a script of this folder. It may skip itself by exit code 77.
function(qn_script_test name script)
  add_test(NAME ${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${test_timeout} SKIP_RETURN_CODE 77)
endfunction()
