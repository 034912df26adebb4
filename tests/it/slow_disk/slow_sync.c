/* Makes every sync of a file take two seconds, while the file that an environment variable names
   exists. The test compiles it and loads it into the program. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_if_slow(void) {
    const char *switch_file = getenv("SLOW_SYNC_WHILE");
    if (switch_file != NULL && access(switch_file, F_OK) == 0) {
        struct timespec two_seconds = {2, 0};
        nanosleep(&two_seconds, NULL);
    }
}

int fsync(int file) {
    wait_if_slow();
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    wait_if_slow();
    return (int)syscall(SYS_fdatasync, file);
}
