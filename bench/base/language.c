#include "bench/base/language.h"

#include <string.h>

const struct qn_words qn_language_words = QN_WORD_LIST("en", "zh");

static enum qn_language chosen;

void qn_language_set(enum qn_language language)
{
    chosen = language;
}

const char *qn_say(const char *english)
{
    for (size_t i = 0; chosen == QN_CHINESE && i < qn_n_chinese; i++)
        if (strcmp(qn_chinese[i].english, english) == 0)
            return qn_chinese[i].other;
    return english;
}
