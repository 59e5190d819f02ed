#include "bench/code/code.h"

#include <stdlib.h>
#include <string.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "bench/base/path.h"

#define QN_CODE_LANGUAGE(symbol, word, file, source) word,
const struct qn_words qn_code_words = QN_WORD_LIST(QN_CODE_LANGUAGES(QN_CODE_LANGUAGE));
#undef QN_CODE_LANGUAGE
#define QN_CODE_LANGUAGE(symbol, word, file, source) file,
const char *const qn_code_files[QN_CODE_LANGUAGE_COUNT] = {QN_CODE_LANGUAGES(QN_CODE_LANGUAGE)};
#undef QN_CODE_LANGUAGE
#define QN_CODE_LANGUAGE(symbol, word, file, source) source,
static const char *const sources[QN_CODE_LANGUAGE_COUNT] = {QN_CODE_LANGUAGES(QN_CODE_LANGUAGE)};
#undef QN_CODE_LANGUAGE

/* What a strategy's code does. */
static const struct form {
    const char *strategy;
    bool looks; /* running work looks whether to stop */
    bool skips; /* work that hasn't begun doesn't begin after an error */
    bool waits; /* the call returns once all have stopped */
    bool grace; /* it waits for that, but not longer than a while */
} forms[] = {
    {"buffered", false, false, false, false},     {"drain", false, false, true, false},
    {"cancel-dequeue", false, true, true, false}, {"cancel-wait", true, true, true, false},
    {"cancel", true, true, false, false},         {"cancel-grace", true, true, false, true},
};

static const struct form *form_of(const char *strategy)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(forms); i++)
        if (strcmp(forms[i].strategy, strategy) == 0)
            return &forms[i];
    return NULL;
}

bool qn_code_has(const char *strategy)
{
    return form_of(strategy) != NULL;
}

/* What is left of a line of a template: "@looks,!waits|text" is text where both hold. NULL: nothing. */
static char *applies(char *line, const struct qn_code *code, const struct form *form)
{
    const struct {
        const char *word;
        bool holds;
    } conditions[] = {{"looks", form->looks},
                      {"skips", form->skips},
                      {"waits", form->waits},
                      {"grace", form->grace},
                      {"yields", code->yields}};
    char *text = line[0] == '@' ? strchr(line, '|') : NULL, *word;

    if (!text)
        return line;
    *text++ = '\0';
    line++;
    while ((word = strsep(&line, ","))) {
        bool wants = *word != '!', holds = false;

        for (size_t i = 0; i < QN_ARRAY_LEN(conditions); i++)
            if (strcmp(conditions[i].word, word + !wants) == 0)
                holds = conditions[i].holds;
        if (holds != wants)
            return NULL;
    }
    return text;
}

/* Writes a line with its placeholders replaced. */
static void put_line(const char *line, const struct qn_code *code, FILE *f)
{
    char grace[32];
    const struct {
        const char *name, *value;
    } places[] = {{"@LOOK@", code->look}, {"@GRACE_NS@", grace}, {"@STRATEGY@", code->strategy}};

    snprintf(grace, sizeof(grace), "%llu", (unsigned long long)code->grace_ns);
    while (*line) {
        size_t i = 0;

        while (i < QN_ARRAY_LEN(places) &&
               strncmp(line, places[i].name, strlen(places[i].name)) != 0)
            i++;
        if (i == QN_ARRAY_LEN(places)) {
            fputc(*line++, f);
        } else {
            fputs(places[i].value, f);
            line += strlen(places[i].name);
        }
    }
}

int qn_code_write(const struct qn_code *code, enum qn_code_language language, FILE *file)
{
    const struct form *form = form_of(code->strategy);
    char path[QN_PATH_BYTES], *line = NULL;
    size_t bytes = 0;
    FILE *source;
    int rc = qn_path(path, "%s/templates/%s", qn_data_dir(), sources[language]);

    source = rc == QN_OK ? fopen(path, "r") : NULL;
    if (!source)
        return qn_complain_of_file(qn_data_dir(), sources[language]);
    while (getline(&line, &bytes, source) > 0) {
        char *text = applies(line, code, form);

        if (text)
            put_line(text, code, file);
    }
    if (ferror(source))
        rc = qn_complain_of_file(qn_data_dir(), sources[language]);
    free(line);
    fclose(source);
    return rc;
}

void qn_code_comment(const char *text, FILE *f)
{
    while (*text) {
        size_t n = strcspn(text, "\n");

        fprintf(f, "// %.*s\n", (int)n, text);
        text += n + (text[n] == '\n');
    }
}
