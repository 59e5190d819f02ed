/* What a fan-out in C++ throws and returns, as the harness in C has it. */
int planned_some(int i) __asm__("some_work");
int planned_all(int i) __asm__("all_work");
extern "C" int called(int n, int threads) __asm__("fan_out");

void fan_out(int n, int threads);
bool some_work(int i);
void all_work(int i);

bool some_work(int i)
{
    int rc = planned_some(i);

    if (rc < 0)
        throw rc;
    return rc > 0;
}

void all_work(int i)
{
    int rc = planned_all(i);

    if (rc < 0)
        throw rc;
}

int called(int n, int threads)
{
    try {
        fan_out(n, threads);
    } catch (int error) {
        return error;
    }
    return 0;
}
