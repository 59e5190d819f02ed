#include "bench/base/module.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/text.h"
#include "runtime/err.h"

int qn_module_symbol(const char *path, const char *symbol, void **out, char *why)
{
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const char *error = module ? NULL : dlerror();

    if (!module) {
        size_t n = strlen(path);

        if (error && strncmp(error, path, n) == 0) /* it is said already */
            error += n + strspn(error + n, ": ");
        snprintf(why, QN_MODULE_WHY_BYTES, "can't be loaded: %s",
                 error ? error : "no reason given");
        return QN_EINVAL;
    }
    *out = dlsym(module, symbol);
    if (*out)
        return QN_OK;
    snprintf(why, QN_MODULE_WHY_BYTES, "has no symbol %s", symbol);
    return QN_ENOENT;
}

bool qn_module_is_line(const char *text)
{
    for (const char *c = text; c && *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return !text || qn_text_is_utf8(text);
}
