package dev.rollcall.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message that is to be refused, and how.
 *
 * @param name a sentence about what is wrong with it
 * @param failure the code and the message of the failure, or what they begin with
 */
public record BadMessage(
    String name, String address, @Nullable Object body, MultiMap headers, String failure) {

  private static final String USERS = "rollcall.users.";
  private static final String JOBS = "rollcall.jobs.";
  private static final String FOLLOWERS = "rollcall.followers.";
  private static final String FETCH = "rollcall.views.fetch";
  private static final String ID = "must be an integer from 1 to 9007199254740991";

  /** What each address takes, without a fault. */
  private static final List<Form> FORMS =
      List.of(
          new Form(USERS + "get", "{'id':1}"),
          new Form(USERS + "delete", "{'id':1}"),
          new Form(USERS + "create", "{'name':'A'}"),
          new Form(USERS + "put", "{'id':1,'name':'A'}"),
          new Form(USERS + "patch", "{'id':1,'patch':{'name':'A'}}"),
          new Form(USERS + "list", "{'limit':10}"),
          new Form(USERS + "changes", "{'after':0}"),
          new Form(USERS + "password.set", "{'id':1,'password':'correct horse'}"),
          new Form(USERS + "password.verify", "{'id':1,'password':'correct horse'}"),
          new Form(FETCH, "{'id':1,'view':'profile'}"),
          new Form(JOBS + "start", "{'view':'profile','ids':[1]}"),
          new Form(JOBS + "get", "{'id':1}"),
          new Form(JOBS + "list", "{'limit':10}"),
          new Form(JOBS + "cancel", "{'id':1}"),
          new Form(FOLLOWERS + "put", "{'name':'billing'}"),
          new Form(FOLLOWERS + "get", "{'name':'billing'}"),
          new Form(FOLLOWERS + "list", "{}"),
          new Form(FOLLOWERS + "changes", "{'name':'billing'}"),
          new Form(FOLLOWERS + "position", "{'name':'billing','seq':1}"),
          new Form(FOLLOWERS + "delete", "{'name':'billing'}"));

  /** An address, and a message that it takes. */
  private record Form(String address, String body) {
    JsonObject valid() {
      return new JsonObject(body.replace('\'', '"'));
    }

    boolean needsId() {
      return valid().containsKey("id");
    }

    boolean takesKeys() {
      return !address.startsWith(FOLLOWERS)
          && Stream.of("create", "put", "patch", "delete", "start").anyMatch(address::endsWith);
    }

    boolean takesConditions() {
      return takesKeys() && Stream.of("put", "patch", "delete").anyMatch(address::endsWith);
    }

    /** How many bytes its body may have. */
    int limit() {
      return address.equals(JOBS + "start") ? 2 << 20 : 1 << 20;
    }
  }

  /** All of them. */
  public static Stream<BadMessage> all() {
    return FORMS.stream()
        .flatMap(
            form ->
                Stream.of(bodies(form), ids(form), members(form), conditions(form), deadlines(form))
                    .flatMap(List::stream));
  }

  @Override
  public String toString() {
    return address + ": " + name;
  }

  private static BadMessage body(Form form, String name, @Nullable Object body, String failure) {
    return new BadMessage(name, form.address, body, MultiMap.caseInsensitiveMultiMap(), failure);
  }

  private static BadMessage header(Form form, String failure, String... pairs) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return new BadMessage(String.join(" ", pairs), form.address, form.valid(), headers, failure);
  }

  private static List<BadMessage> bodies(Form form) {
    String none = "400 a JSON object is expected";
    JsonObject large = form.valid().put("name", "x".repeat(form.limit()));
    String tooLarge = "413 the body must have at most " + form.limit() + " bytes";
    Buffer twice = Buffer.buffer("{\"id\":1,\"id\":1}");
    Buffer deep = Buffer.buffer("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}");
    return List.of(
        body(form, "nothing", null, none),
        body(form, "an array", new JsonArray().add(form.valid()), none),
        body(form, "a string", "id", none),
        body(form, "an object as a string", form.valid().encode(), none),
        body(form, "an integer", 1, none),
        body(form, "a long", 1L, none),
        body(form, "a number", 1.5, none),
        body(form, "true", true, none),
        body(form, "raw bytes", form.valid().encode().getBytes(StandardCharsets.UTF_8), none),
        body(form, "an array as text", Buffer.buffer("[]"), none),
        body(form, "null as text", Buffer.buffer("null"), none),
        body(form, "no text", Buffer.buffer(), "400 a JSON value is expected"),
        body(form, "a text that breaks off", Buffer.buffer("{\"id\":"), "400 malformed JSON"),
        body(form, "two values", Buffer.buffer("{} {}"), "400 malformed JSON"),
        body(form, "a text that is no UTF-8", Buffer.buffer(new byte[] {'{', -1, '}'}), "400 the"),
        body(form, "a member twice", twice, "400 /id: a member that stands twice"),
        body(form, "too deep", deep, "400 JSON nested deeper than 200"),
        body(form, "too large", large, tooLarge),
        body(form, "too large a text", large.toBuffer(), tooLarge));
  }

  private static List<BadMessage> ids(Form form) {
    List<BadMessage> bad = new ArrayList<>();
    if (form.needsId()) {
      JsonObject without = form.valid();
      without.remove("id");
      bad.add(body(form, "no id", without, "400 /id: is missing"));
    }
    if (form.needsId() || form.address.endsWith("create")) {
      List<Object> wrong =
          new ArrayList<>(List.of(0, -1, 1L << 53, Long.MIN_VALUE, 0.0, 1.5, 1e300));
      wrong.addAll(List.of("1", "", true, new JsonArray().add(1), new JsonObject(), Double.NaN));
      wrong.add(new BigInteger("18446744073709551617"));
      for (Object id : wrong) {
        bad.add(body(form, "id " + id, form.valid().put("id", id), "400 /id: " + ID));
      }
      bad.add(body(form, "id null", form.valid().putNull("id"), "400 /id: " + ID));
    }
    return bad;
  }

  private static List<BadMessage> members(Form form) {
    return List.of(
        body(form, "an unknown member", form.valid().put("x", 1), "400 /x: unknown member"),
        body(form, "a slash", form.valid().put("a/b", 1), "400 /a~1b: unknown member"),
        body(form, "a member without a name", form.valid().put("", 1), "400 /: unknown member"));
  }

  private static List<BadMessage> conditions(Form form) {
    if (!form.takesKeys()) {
      return List.of();
    }
    List<BadMessage> bad = new ArrayList<>();
    String key = "400 Idempotency-Key must be one text of 1 to 255 printable ASCII characters";
    String uuid = "123e4567-e89b-12d3-a456-426614174000";
    for (String wrong : List.of("", " ", "\"\"", "\"" + uuid, "x".repeat(256), "\u00e9", "a\nb")) {
      bad.add(header(form, key, "idempotency-key", wrong));
    }
    bad.add(header(form, key, "idempotency-key", uuid, "idempotency-key", uuid));
    if (form.takesConditions()) {
      for (String wrong : List.of("", "1", "\"1", "\"1\" \"2\"", "*, \"1\"", "W/1")) {
        bad.add(header(form, "400 If-Match must be", "if-match", wrong));
        bad.add(header(form, "400 If-None-Match must be", "if-none-match", wrong));
      }
    }
    return bad;
  }

  private static List<BadMessage> deadlines(Form form) {
    String fault = "400 deadline-ms must be one integer from 1 to 9007199254740991";
    List<BadMessage> bad = new ArrayList<>();
    for (String wrong : List.of("", "0", "-1", "+1", "01", "1.5", "1s", "9007199254740992")) {
      bad.add(header(form, fault, "deadline-ms", wrong));
    }
    bad.add(header(form, fault, "deadline-ms", "100", "deadline-ms", "100"));
    return bad;
  }
}
