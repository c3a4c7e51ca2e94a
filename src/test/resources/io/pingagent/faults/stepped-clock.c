/*
 * Steps the wall clock of one process and of nobody else: a time namespace shifts the monotonic clocks only, and the
 * machine's own clock is not for tests to set. Preloaded with LD_PRELOAD; TEST_CLOCK_FILE names a file of eight bytes, the
 * nanoseconds to add, in the machine's byte order. A write to the file is a step.
 *
 * The kernel's stamps of packets are shifted, too: after a real step they follow the clock.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS 1000000000LL

static const volatile int64_t *shared;

__attribute__((constructor)) static void map_file(void) {
    const char *name = getenv("TEST_CLOCK_FILE");
    int fd = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        void *at = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
        shared = at == MAP_FAILED ? NULL : at;
        close(fd);
    }
}

static void shift(struct timespec *time) {
    int64_t offset = shared == NULL ? 0 : *shared;
    int64_t nanos = time->tv_sec * NANOS + time->tv_nsec + offset;
    time->tv_sec = nanos / NANOS;
    time->tv_nsec = nanos % NANOS;
}

/* System calls and not the library's own functions, which would have to be looked up first. */
int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int) syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        shift(time);
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec now;
    (void) zone;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *seconds) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (seconds != NULL) {
        *seconds = now.tv_sec;
    }
    return now.tv_sec;
}

static void shift_stamps(struct msghdr *message) {
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || (part->cmsg_type != SO_TIMESTAMPNS && part->cmsg_type != SO_TIMESTAMPING)) {
            continue;
        }
        /* SO_TIMESTAMPNS brings one struct timespec, SO_TIMESTAMPING three, of which those not asked for are 0. */
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(struct timespec);
        for (size_t i = 0; i < count; i++) {
            struct timespec stamp;
            unsigned char *at = CMSG_DATA(part) + i * sizeof stamp;
            memcpy(&stamp, at, sizeof stamp);
            if (stamp.tv_sec != 0) {
                shift(&stamp);
                memcpy(at, &stamp, sizeof stamp);
            }
        }
    }
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    ssize_t length = syscall(SYS_recvmsg, fd, message, flags);
    if (length >= 0) {
        shift_stamps(message);
    }
    return length;
}

int recvmmsg(int fd, struct mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout) {
    int received = (int) syscall(SYS_recvmmsg, fd, messages, count, flags, timeout);
    for (int i = 0; i < received; i++) {
        shift_stamps(&messages[i].msg_hdr);
    }
    return received;
}
