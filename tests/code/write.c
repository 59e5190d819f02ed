/* Writes the code of a strategy: write STRATEGY LANGUAGE GRACE_NS YIELDS. */
#include <stdlib.h>

#include "bench/code/code.h"

int main(int argc, char **argv)
{
    struct qn_code code;
    size_t language;

    if (argc != 5 || !qn_code_has(argv[1]) ||
        qn_take_word("language", argv[2], &qn_code_words, &language) != QN_OK)
        return 2;
    code = (struct qn_code){.strategy = argv[1],
                            .look = "4 µs",
                            .grace_ns = strtoull(argv[3], NULL, 10),
                            .yields = argv[4][0] == '1'};
    return qn_code_write(&code, (enum qn_code_language)language, stdout) == QN_OK ? 0 : 1;
}
