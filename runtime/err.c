#include "runtime/err.h"

const char *qn_err_text(int err)
{
    switch (err) {
#define QN_ERR_CASE(name, value, text) \
    case name: \
        return text;
        QN_ERR_LIST(QN_ERR_CASE)
#undef QN_ERR_CASE
    default:
        return "unknown error";
    }
}
