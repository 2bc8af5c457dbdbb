package io.sluice.it;

/// A server of others that runs, as a process or in a container.
interface Program {
  String log();

  boolean alive();

  /// SIGKILL; it may take a moment.
  void kill();
}
