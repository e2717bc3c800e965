package dev.rollcall.store.remote;

import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Fault;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Failures as they travel between nodes: whole, so that clients see them as of their own node. */
public final class WireFailures {

  private WireFailures() {}

  public static String encode(Failure failure) {
    JsonArray faults = new JsonArray();
    for (Fault fault : failure.faults()) {
      faults.add(new JsonObject().put("pointer", fault.pointer()).put("detail", fault.detail()));
    }
    return new JsonObject()
        .put("kind", failure.kind().name())
        .put("detail", failure.detail())
        .put("faults", faults)
        .put("members", new JsonObject(failure.members()))
        .encode();
  }

  /**
   * The failure of a text.
   *
   * @throws RuntimeException of any kind when it is none
   */
  static Failure decode(String text) {
    JsonObject failure = new JsonObject(text);
    List<Fault> faults = new ArrayList<>();
    for (Object each : failure.getJsonArray("faults")) {
      JsonObject fault = (JsonObject) each;
      faults.add(new Fault(required(fault, "pointer"), required(fault, "detail")));
    }
    return Failure.received(
        Kind.valueOf(required(failure, "kind")),
        required(failure, "detail"),
        faults,
        failure.getJsonObject("members").getMap());
  }

  private static String required(JsonObject object, String name) {
    String text = object.getString(name);
    if (text == null) {
      throw new IllegalArgumentException("a failure has its " + name);
    }
    return text;
  }
}
