// Takes calls on files below one directory before the system does, and lets some of them go wrong.
// Preloaded into a gateway by the durability tests, which switch it through a shared file:
//
//   FAULTS_BELOW    the directory
//   FAULTS_CONTROL  RULES rules of this layout, little-endian
//
// Built by Faults.java: cc -shared -fPIC -O2 -o faults.so faults.c -ldl -lpthread
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { RULES = 8, FILES = 4096, PATH = 4096 };
enum call { WRITE = 1, SYNC = 2, RENAME = 4, UNLINK = 8, OPEN = 16, READ = 32, TRUNCATE = 64 };
enum action {
  NOTHING,
  FAIL,  // with the rule's error, and nothing is done
  DELAY, // and do it then
  SHORT, // write half of it
  LOSE,  // of a sync: fail, and take away what was written since the last one
};

struct rule {
  uint32_t calls; // a set of enum call
  uint32_t action;
  int32_t error;
  uint32_t delay_ms;
  uint64_t skip;  // so many calls pass first
  uint64_t times; // so many are hit
  uint64_t seen;
  uint64_t hits;
};

static struct rule *rules;
static const char *below;
static size_t below_length;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { off_t from, to; } unforced[FILES]; // what was written to a file since its last sync

__attribute__((constructor)) static void begin(void) {
  const char *control = getenv("FAULTS_CONTROL");
  below = getenv("FAULTS_BELOW");
  if (control == NULL || below == NULL) return;
  below_length = strlen(below);
  int fd = open(control, O_RDWR);
  if (fd < 0) return;
  void *map = mmap(NULL, RULES * sizeof(struct rule), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (map != MAP_FAILED) rules = map;
}

static int is_below(const char *path) {
  return path != NULL && strncmp(path, below, below_length) == 0;
}

static int fd_is_below(int fd) {
  char link[64], path[PATH];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

// The rule that hits this call, or null.
static struct rule *hit(enum call call) {
  for (int i = 0; i < RULES; i++) {
    struct rule *rule = &rules[i];
    if (rule->action == NOTHING || !(rule->calls & call)) continue;
    uint64_t seen = __atomic_add_fetch(&rule->seen, 1, __ATOMIC_SEQ_CST);
    if (seen > rule->skip && seen <= rule->skip + rule->times) {
      __atomic_add_fetch(&rule->hits, 1, __ATOMIC_SEQ_CST);
      return rule;
    }
  }
  return NULL;
}

static void delay(uint32_t ms) {
  struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
  nanosleep(&time, NULL);
}

// Whether the call is to fail now; errno is set then.
static int fails(struct rule *rule) {
  if (rule == NULL) return 0;
  if (rule->delay_ms > 0) delay(rule->delay_ms);
  if (rule->action != FAIL && rule->action != LOSE) return 0;
  errno = rule->error;
  return 1;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void wrote(int fd, off_t at, ssize_t bytes) {
  if (fd >= FILES || bytes <= 0) return;
  pthread_mutex_lock(&lock);
  if (unforced[fd].to == 0 || at < unforced[fd].from) unforced[fd].from = at;
  if (at + bytes > unforced[fd].to) unforced[fd].to = at + bytes;
  pthread_mutex_unlock(&lock);
}

// As if the disk had not taken it: zeros.
static void lose(int fd) {
  REAL(pwrite64);
  static const char zeros[1 << 16];
  if (fd >= FILES) return;
  pthread_mutex_lock(&lock);
  for (off_t at = unforced[fd].from; at < unforced[fd].to;) {
    off_t some = unforced[fd].to - at;
    if (some > (off_t)sizeof zeros) some = sizeof zeros;
    ssize_t written = real(fd, zeros, (size_t)some, at);
    if (written <= 0) break;
    at += written;
  }
  unforced[fd].from = unforced[fd].to = 0;
  pthread_mutex_unlock(&lock);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
  REAL(pwrite64);
  if (rules == NULL || !fd_is_below(fd)) return real(fd, bytes, length, at);
  struct rule *rule = hit(WRITE);
  if (fails(rule)) return -1;
  if (rule != NULL && rule->action == SHORT && length > 1) length /= 2;
  ssize_t written = real(fd, bytes, length, at);
  wrote(fd, at, written);
  return written;
}

static int sync_of(int fd, int (*real)(int)) {
  if (rules == NULL || !fd_is_below(fd)) return real(fd);
  struct rule *rule = hit(SYNC);
  if (rule != NULL && rule->action == LOSE) lose(fd);
  if (fails(rule)) return -1;
  int result = real(fd);
  if (result == 0 && fd < FILES) {
    pthread_mutex_lock(&lock);
    unforced[fd].from = unforced[fd].to = 0;
    pthread_mutex_unlock(&lock);
  }
  return result;
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return sync_of(fd, real);
}

int fsync(int fd) {
  REAL(fsync);
  return sync_of(fd, real);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t at) {
  REAL(pread64);
  if (rules != NULL && fd_is_below(fd) && fails(hit(READ))) return -1;
  return real(fd, bytes, length, at);
}

int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  if (rules != NULL && fd_is_below(fd) && fails(hit(TRUNCATE))) return -1;
  return real(fd, length);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (rules != NULL && is_below(from) && fails(hit(RENAME))) return -1;
  return real(from, to);
}

int unlink(const char *path) {
  REAL(unlink);
  if (rules != NULL && is_below(path) && fails(hit(UNLINK))) return -1;
  return real(path);
}

int open64(const char *path, int flags, ...) {
  REAL(open64);
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & O_CREAT) ? (mode_t)va_arg(more, int) : 0;
  va_end(more);
  if (rules != NULL && is_below(path) && fails(hit(OPEN))) return -1;
  return real(path, flags, mode);
}
