package dev.rollcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** Drives what is answered about webhooks. */
final class WebhookAnswers {
  /** An operation of the contract, and where it is asked. */
  record Place(String operation, String path) {}

  /** Asks, and judges the answer by the contract. */
  interface Judge {
    void expect(RawClient raw, Place at, int status, String body) throws IOException;
  }

  private static final String PUT = "PUT /webhooks/{name}";
  private static final String BODY = "{\"url\":\"http://127.0.0.1:1/\"}";

  private final Judge judge;

  WebhookAnswers(Judge judge) {
    this.judge = judge;
  }

  void drive(TestServer server) throws IOException {
    try (RawClient raw = server.raw()) {
      expect(raw, PUT, "a", 201, BODY);
      expect(raw, PUT, "a", 200, BODY);
      String bad = "{\"url\":\"ftp://a\",\"kinds\":[\"a\"],\"payload\":1,\"secrets\":[\"a\"]}";
      expect(raw, PUT, "a", 400, bad);
      expect(raw, PUT, "-", 400, BODY);
      judge.expect(raw, new Place("GET /webhooks", "/webhooks"), 200, "");
      for (String one :
          List.of("GET", "POST /pause", "POST /resume", "POST /test", "GET /attempts")) {
        String method = one.split(" ", -1)[0];
        String action = one.substring(method.length()).strip();
        String operation = method + " /webhooks/{name}" + action;
        judge.expect(raw, new Place(operation, "/webhooks/a" + action), 200, "");
        judge.expect(raw, new Place(operation, "/webhooks/b" + action), 404, "");
      }
      Place replay = new Place("POST /webhooks/{name}/replay", "/webhooks/a/replay");
      judge.expect(raw, replay, 200, "{\"after\":0}");
      judge.expect(raw, replay, 400, "{\"after\":9007199254740991}");
      judge.expect(raw, replay, 400, "{}");
      Place none = new Place(replay.operation(), "/webhooks/b/replay");
      judge.expect(raw, none, 404, "{\"after\":0}");
      for (int i = 1; i < 100; i++) {
        assertThat(server.send("PUT", "/webhooks/x" + i, BODY).statusCode()).isEqualTo(201);
      }
      expect(raw, PUT, "b", 409, BODY);
      judge.expect(raw, new Place("GET /webhooks", "/webhooks"), 200, "");
      expect(raw, "DELETE /webhooks/{name}", "a", 204, "");
      expect(raw, "DELETE /webhooks/{name}", "a", 404, "");
    }
  }

  private void expect(RawClient raw, String operation, String name, int status, String body)
      throws IOException {
    judge.expect(raw, new Place(operation, "/webhooks/" + name), status, body);
  }
}
