package io.sluice.it.durability;

import io.sluice.it.Programs;
import java.nio.file.Path;
import java.util.List;

/// What a process asks of the system, seen and tampered with from outside.
final class Strace {
  private Strace() {}

  /// The process dies when a thread of it is about to make this call for the `n`-th time.
  static List<String> killAt(Path trace, String call, int n) {
    return inject(trace, call, "signal=SIGKILL:when=" + n);
  }

  /// @param what as strace's `-e inject=CALL:` has it
  static List<String> inject(Path trace, String call, String what) {
    return List.of(
        "strace",
        "-DDD",
        "-f",
        "-q",
        "-o",
        trace.toString(),
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + call + ":" + what);
  }

  /// How often something was really injected.
  static long injected(Path trace) {
    return Programs.read(trace).lines().filter(line -> line.contains("INJECTED")).count();
  }

  /// Every call that says when bytes are on disk and when an answer leaves, with all bytes.
  static List<String> order(Path trace) {
    return List.of(
        "strace",
        "-DDD",
        "-f",
        "-q",
        "-yy",
        "-xx",
        "-s",
        "262144",
        "-o",
        trace.toString(),
        "-e",
        "trace=pwrite64,fdatasync,fsync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg");
  }
}
