package io.sluice.extensions.admin;

import io.sluice.data.Lease;
import io.sluice.wire.Bytes;
import io.vertx.core.json.JsonObject;

/// What came of a call.
///
/// @param status of HTTP
/// @param records on this page
/// @param resume where the next call may go on, as its `after`; empty if there is no more
/// @param damaged records that were left out because they are not what was written
/// @param lease on the memory of the body, to be closed when it has been sent
public record Answer(
    int status,
    String contentType,
    Bytes body,
    long records,
    String resume,
    long damaged,
    Lease lease) {
  /// Headers that say what else there is to say.
  public static final String RECORDS = "Sluice-Records";

  public static final String RESUME = "Sluice-Resume";
  public static final String DAMAGED = "Sluice-Damaged";

  public static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int FAILED = 500;
  public static final int NO_ROOM = 503;

  /// A page of records.
  static Answer page(String contentType, Page page, Filled filled) {
    return new Answer(
        OK,
        contentType,
        page.content(),
        filled.records(),
        filled.resume(),
        filled.damaged(),
        page.lease());
  }

  /// What became of filling a page.
  record Filled(long records, String resume, long damaged, boolean noRoom) {}

  static Answer json(JsonObject body) {
    return json(OK, body);
  }

  static Answer error(int status, String message) {
    return json(status, new JsonObject().put("error", message));
  }

  private static Answer json(int status, JsonObject body) {
    return new Answer(status, "application/json", Bytes.utf8(body.encode()), 0, "", 0, Lease.NONE);
  }

  public JsonObject asJson() {
    return new JsonObject(body.utf8());
  }
}
