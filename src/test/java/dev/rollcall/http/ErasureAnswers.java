package dev.rollcall.http;

import dev.rollcall.http.WebhookAnswers.Judge;
import dev.rollcall.http.WebhookAnswers.Place;
import java.io.IOException;

/** Drives what is answered about erasures. */
final class ErasureAnswers {
  private final Judge judge;

  ErasureAnswers(Judge judge) {
    this.judge = judge;
  }

  /** At a server with a secret, and one without. */
  void drive(TestServer server, TestServer withoutSecret) throws IOException {
    String user = server.send("POST", "/users", "{\"name\":\"E\"}").headers().get("Location");
    try (RawClient raw = server.raw()) {
      Place erase = new Place("POST /users/{id}/erasure", user + "/erasure");
      judge.expect(raw, erase, 202, "");
      judge.expect(raw, erase, 202, "");
      String create = "{\"id\":" + user.substring("/users/".length()) + ",\"name\":\"E\"}";
      judge.expect(raw, new Place("POST /users", "/users"), 409, create);
      judge.expect(raw, new Place("PUT /users/{id}", user), 409, "{\"name\":\"E\"}");
      judge.expect(raw, new Place(erase.operation(), "/users/9000000/erasure"), 404, "");
      judge.expect(raw, new Place(erase.operation(), "/users/0/erasure"), 400, "");
      for (String what : new String[] {"", "/receipt"}) {
        String operation = "GET /erasures/{id}" + what;
        judge.expect(raw, new Place(operation, "/erasures/1" + what), 200, "");
        judge.expect(raw, new Place(operation, "/erasures/2" + what), 404, "");
        judge.expect(raw, new Place(operation, "/erasures/x" + what), 400, "");
      }
    }
    String other =
        withoutSecret.send("POST", "/users", "{\"name\":\"E\"}").headers().get("Location");
    try (RawClient raw = withoutSecret.raw()) {
      judge.expect(raw, new Place("POST /users/{id}/erasure", other + "/erasure"), 202, "");
      Place receipt = new Place("GET /erasures/{id}/receipt", "/erasures/1/receipt");
      judge.expect(raw, receipt, 409, "");
    }
  }
}
