package io.sluice.distribution.queue;

import io.sluice.distribution.queue.Sources.Source;
import io.sluice.extensions.admin.Answer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One queue somewhere, and what can be asked of it.
///
/// @param state as `queues` tells it
record Queue(Caller caller, String storage, JsonObject state) {
  /// Those of a place.
  static List<Queue> of(Source source) {
    var queues = new ArrayList<Queue>();
    var storages = checked(source.caller(), source.caller().call("queues", Map.of())).asJson();
    boolean known = source.storage().isEmpty();
    for (var each : storages.getJsonArray("storages", new JsonArray())) {
      var storage = (JsonObject) each;
      var id = storage.getString("storage");
      if (source.storage().isEmpty() || source.storage().equals(id)) {
        known = true;
        storage
            .getJsonArray("queues")
            .forEach(queue -> queues.add(new Queue(source.caller(), id, (JsonObject) queue)));
      }
    }
    if (!known) {
      throw QueueException.failed(
          source.caller().place() + ": no storage '" + source.storage() + "' runs there");
    }
    return queues;
  }

  String destination() {
    return state.getString("destination");
  }

  /// Its storage and name, for people.
  String label() {
    return destination() + " in " + where();
  }

  String where() {
    return storage.isEmpty() ? caller.place() : storage + " at " + caller.place();
  }

  JsonObject waiting() {
    return state.getJsonObject("waiting");
  }

  JsonObject deadLetters() {
    return state.getJsonObject("dead_letters");
  }

  Answer call(String call, Map<String, String> parameters) {
    var all = new HashMap<>(parameters);
    if (!storage.isEmpty()) {
      all.put("storage", storage);
    }
    all.put("destination", destination());
    return checked(caller, caller.call(call, all));
  }

  private static Answer checked(Caller caller, Answer answer) {
    if (answer.status() == Answer.OK) {
      return answer;
    }
    String message;
    try {
      message = answer.asJson().getString("error");
    } catch (DecodeException _) {
      message = "status " + answer.status();
    }
    throw QueueException.failed(caller.place() + ": " + message);
  }
}
