/* cmocka and what it wants included before it. */
#ifndef QN_TESTS_CMOCKA_ALL_H
#define QN_TESTS_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#endif
