package io.sluice.distribution.queue;

/// What keeps a command from being done, for people: the place, what was found, what was expected.
final class QueueException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;

  private QueueException(int status, String message) {
    super(message);
    this.status = status;
  }

  static QueueException failed(String message) {
    return new QueueException(QueueCommand.FAILED, message);
  }

  static QueueException usage(String message) {
    return new QueueException(QueueCommand.USAGE, message);
  }

  int status() {
    return status;
  }
}
