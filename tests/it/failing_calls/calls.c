// Lets system calls on files fail: preloaded into the program, it counts the calls that open or
// change files below one folder, and lets the k-th fail, and all after it if they should.
//
// The test and the program share the plan, which is a file that is mapped into memory. Its layout
// is `struct plan`; `plan.rs` reads and writes the same.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct plan {
    _Atomic uint64_t armed;   // 0: nothing is counted and nothing fails
    _Atomic uint64_t seen;    // how many calls were counted
    _Atomic uint64_t fail_at; // the number of the call that fails; 0: none
    _Atomic uint64_t lasting; // 1: all later calls fail, too
    _Atomic uint64_t error;   // the number of the error
    _Atomic uint64_t failed;  // how many calls have failed
    char only[128];           // counts only paths that contain this text
    char first[256];          // the name and the path of the first call that failed
};

static struct plan *plan;
static char root[PATH_MAX];
static size_t root_length;

// What a call needs: a full disk still removes and syncs files, and a read-only one is read.
enum needs { SPACE, WRITING, READING };

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("FAILING_CALLS_BELOW");
    const char *file = getenv("FAILING_CALLS_PLAN");
    if (!folder || !file)
        return;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    void *shared = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (shared == MAP_FAILED)
        return;
    root_length = strnlen(folder, sizeof root - 1);
    memcpy(root, folder, root_length);
    plan = shared;
}

static int fails(const char *call, const char *path, enum needs needs) {
    if (strncmp(path, root, root_length) != 0 || (path[root_length] != '/' && path[root_length] != 0))
        return 0;
    if (plan->only[0] && !strstr(path, plan->only))
        return 0;
    uint64_t error = plan->error;
    if (needs == READING && error != EIO)
        return 0;
    uint64_t number = atomic_fetch_add(&plan->seen, 1) + 1, at = plan->fail_at;
    if (at == 0 || number < at || (number > at && !plan->lasting))
        return 0;
    // A full disk goes on removing and syncing, and what is there can be read.
    if (number > at && ((error == ENOSPC && needs != SPACE) || needs == READING))
        return 0;
    if (atomic_fetch_add(&plan->failed, 1) == 0)
        snprintf(plan->first, sizeof plan->first, "%s %s", call, path + root_length);
    errno = (int)error;
    return 1;
}

static int path_fails(const char *call, const char *path, enum needs needs) {
    if (!plan || !plan->armed || !path)
        return 0;
    return fails(call, path, needs);
}

static int at_fails(const char *call, int folder, const char *path, enum needs needs) {
    if (!plan || !plan->armed || !path)
        return 0;
    if (path[0] == '/' || folder == AT_FDCWD)
        return fails(call, path, needs);
    char link[64], whole[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, whole, sizeof whole - 1);
    if (length < 0)
        return 0;
    whole[length] = 0;
    snprintf(whole + length, sizeof whole - (size_t)length, "/%s", path);
    return fails(call, whole, needs);
}

static int file_fails(const char *call, int fd, enum needs needs) {
    if (!plan || !plan->armed)
        return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int before = errno;
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0 || path[0] != '/')
        return 0;
    path[length] = 0;
    // A file that has lost its name has this behind it.
    char *gone = strstr(path, " (deleted)");
    if (gone)
        *gone = 0;
    return fails(call, path, needs);
}

#define NEXT(name, type)                                                                           \
    static type next;                                                                              \
    if (!next)                                                                                     \
        next = (type)dlsym(RTLD_NEXT, name)

// A write that fails may have got some way.
typedef ssize_t (*write_call)(int, const void *, size_t);
ssize_t write(int fd, const void *bytes, size_t count) {
    NEXT("write", write_call);
    if (file_fails("write", fd, SPACE)) {
        int error = errno;
        if (count > 1)
            (void)!next(fd, bytes, count / 2);
        errno = error;
        return -1;
    }
    return next(fd, bytes, count);
}

typedef ssize_t (*writev_call)(int, const struct iovec *, int);
ssize_t writev(int fd, const struct iovec *parts, int count) {
    NEXT("writev", writev_call);
    return file_fails("writev", fd, SPACE) ? -1 : next(fd, parts, count);
}

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off64_t);
static ssize_t write_at(pwrite_call next, int fd, const void *bytes, size_t count, off64_t at) {
    if (file_fails("pwrite", fd, SPACE)) {
        int error = errno;
        if (count > 1)
            (void)!next(fd, bytes, count / 2, at);
        errno = error;
        return -1;
    }
    return next(fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    NEXT("pwrite64", pwrite_call);
    return write_at(next, fd, bytes, count, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    NEXT("pwrite64", pwrite_call);
    return write_at(next, fd, bytes, count, at);
}

typedef int (*fd_call)(int);
int fsync(int fd) {
    NEXT("fsync", fd_call);
    return file_fails("fsync", fd, WRITING) ? -1 : next(fd);
}
int fdatasync(int fd) {
    NEXT("fdatasync", fd_call);
    return file_fails("fdatasync", fd, WRITING) ? -1 : next(fd);
}

typedef int (*range_call)(int, off64_t, off64_t, unsigned int);
int sync_file_range(int fd, off64_t from, off64_t count, unsigned int flags) {
    NEXT("sync_file_range", range_call);
    return file_fails("sync_file_range", fd, WRITING) ? -1 : next(fd, from, count, flags);
}

typedef int (*length_call)(int, off64_t);
int ftruncate(int fd, off_t length) {
    NEXT("ftruncate64", length_call);
    return file_fails("ftruncate", fd, WRITING) ? -1 : next(fd, length);
}
int ftruncate64(int fd, off64_t length) {
    NEXT("ftruncate64", length_call);
    return file_fails("ftruncate", fd, WRITING) ? -1 : next(fd, length);
}

typedef int (*allocate_call)(int, int, off64_t, off64_t);
int fallocate64(int fd, int mode, off64_t from, off64_t count) {
    NEXT("fallocate64", allocate_call);
    return file_fails("fallocate", fd, SPACE) ? -1 : next(fd, mode, from, count);
}
typedef int (*reserve_call)(int, off64_t, off64_t);
int posix_fallocate64(int fd, off64_t from, off64_t count) {
    NEXT("posix_fallocate64", reserve_call);
    return file_fails("posix_fallocate", fd, SPACE) ? errno : next(fd, from, count);
}

typedef int (*open_call)(const char *, int, ...);
typedef int (*openat_call)(int, const char *, int, ...);
static enum needs needs_of(int flags) {
    if (flags & O_CREAT)
        return SPACE;
    return (flags & O_ACCMODE) == O_RDONLY ? READING : WRITING;
}
#define MODE(flags, mode)                                                                          \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode = va_arg(more, mode_t);                                                               \
        va_end(more);                                                                              \
    }
int open(const char *path, int flags, ...) {
    NEXT("open64", open_call);
    MODE(flags, mode)
    if (path_fails("open", path, needs_of(flags)))
        return -1;
    return next(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    NEXT("open64", open_call);
    MODE(flags, mode)
    if (path_fails("open", path, needs_of(flags)))
        return -1;
    return next(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    NEXT("openat64", openat_call);
    MODE(flags, mode)
    if (at_fails("openat", folder, path, needs_of(flags)))
        return -1;
    return next(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    NEXT("openat64", openat_call);
    MODE(flags, mode)
    if (at_fails("openat", folder, path, needs_of(flags)))
        return -1;
    return next(folder, path, flags, mode);
}

typedef int (*two_paths_call)(const char *, const char *);
int rename(const char *from, const char *to) {
    NEXT("rename", two_paths_call);
    return path_fails("rename", to, SPACE) ? -1 : next(from, to);
}
int link(const char *from, const char *to) {
    NEXT("link", two_paths_call);
    return path_fails("link", to, SPACE) ? -1 : next(from, to);
}
typedef int (*linkat_call)(int, const char *, int, const char *, int);
int linkat(int from_folder, const char *from, int folder, const char *to, int flags) {
    NEXT("linkat", linkat_call);
    return at_fails("linkat", folder, to, SPACE) ? -1 : next(from_folder, from, folder, to, flags);
}

typedef int (*path_call)(const char *);
int unlink(const char *path) {
    NEXT("unlink", path_call);
    return path_fails("unlink", path, WRITING) ? -1 : next(path);
}
int rmdir(const char *path) {
    NEXT("rmdir", path_call);
    return path_fails("rmdir", path, WRITING) ? -1 : next(path);
}
typedef int (*unlinkat_call)(int, const char *, int);
int unlinkat(int folder, const char *path, int flags) {
    NEXT("unlinkat", unlinkat_call);
    return at_fails("unlinkat", folder, path, WRITING) ? -1 : next(folder, path, flags);
}
typedef int (*mkdir_call)(const char *, mode_t);
int mkdir(const char *path, mode_t mode) {
    NEXT("mkdir", mkdir_call);
    return path_fails("mkdir", path, SPACE) ? -1 : next(path, mode);
}
