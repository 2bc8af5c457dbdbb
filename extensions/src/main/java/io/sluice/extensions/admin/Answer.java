package io.sluice.extensions.admin;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/// What came of a call.
///
/// @param status of HTTP
/// @param records on this page
/// @param resume where the next call may go on, as its `after`; empty if there is no more
/// @param damaged records that were left out because they are not what was written
public record Answer(
    int status, String contentType, byte[] body, long records, String resume, long damaged) {
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
  static Answer page(String contentType, byte[] body, Filled filled) {
    return new Answer(OK, contentType, body, filled.records(), filled.resume(), filled.damaged());
  }

  /// What became of filling a page.
  record Filled(long records, String resume, long damaged, boolean noRoom) {}

  static Answer json(JsonObject body) {
    return new Answer(OK, "application/json", utf8(body), 0, "", 0);
  }

  static Answer error(int status, String message) {
    return new Answer(
        status, "application/json", utf8(new JsonObject().put("error", message)), 0, "", 0);
  }

  static byte[] utf8(JsonObject body) {
    return body.encode().getBytes(StandardCharsets.UTF_8);
  }

  public JsonObject asJson() {
    return new JsonObject(new String(body, StandardCharsets.UTF_8));
  }
}
