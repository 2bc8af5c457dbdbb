package io.sluice.transport.http;

/// A request that ends before the receiver has its body. Each protocol words it in its own way.
public final class Refusal extends RuntimeException {
  /// Why, with the HTTP status for it.
  public enum Kind {
    UNAUTHENTICATED(401),
    UNSUPPORTED_ENCODING(400),
    BAD_COMPRESSION(400),
    TOO_LARGE(413),
    NO_ROOM(503),
    INCOMPLETE(400),
    EXPECTATION(417),
    TRANSFER_ENCODING(501);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Kind kind;

  Refusal(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
