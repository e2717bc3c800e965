package dev.rollcall.http;

import static dev.rollcall.http.BadBody.Way.LINE;
import static dev.rollcall.http.BadBody.Way.PATCH;
import static dev.rollcall.http.BadBody.Way.POST;
import static dev.rollcall.http.BadBody.Way.PUT;
import static dev.rollcall.http.BadRequest.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A body that no way of writing a user takes, or that some do not.
 *
 * @param name a sentence about what is wrong with it
 * @param ways where it is refused
 * @param bytes a character a byte
 * @param pointer where the fault is
 * @param detail a part of what is said about it
 */
record BadBody(String name, Set<Way> ways, String bytes, String pointer, String detail) {

  /** How a user comes in. */
  enum Way {
    POST("POST /users"),
    PUT("PUT /users/1"),
    PATCH("PATCH /users/1"),
    /** A line of an import. */
    LINE("POST /users/import");

    private final String requestLine;

    Way(String requestLine) {
      this.requestLine = requestLine;
    }
  }

  private static final Set<Way> ALL = Set.of(Way.values());
  private static final Set<Way> WHOLE = Set.of(POST, PUT, LINE);
  private static final String ID = "must be an integer from 1 to 9007199254740991";
  private static final String ADDRESS = "is not an e-mail address";

  /** All of them as requests of their own, lines of an import left out. */
  static Stream<BadRequest> requests() {
    return table().stream()
        .flatMap(
            body ->
                body.ways.stream()
                    .filter(way -> way != LINE)
                    .sorted()
                    .map(way -> body.as(way.requestLine)));
  }

  /** The same body in another request. */
  BadRequest as(String requestLine) {
    return BadRequest.body(
            requestLine + ": " + name, 400, detail, requestLine, "application/json", bytes)
        .at(pointer);
  }

  /** Those that can be a line of an import. */
  static Stream<BadBody> lines() {
    return table().stream()
        .filter(
            body ->
                body.ways.contains(LINE) && !body.bytes.isBlank() && body.bytes.indexOf('\n') < 0);
  }

  @Override
  public String toString() {
    return name;
  }

  private static List<BadBody> table() {
    List<BadBody> table = new ArrayList<>();
    table.addAll(BadJson.syntax());
    table.addAll(BadJson.encoding());
    table.addAll(members());
    table.addAll(ids());
    table.addAll(names());
    table.addAll(addresses());
    return table;
  }

  private static List<BadBody> members() {
    Set<Way> strict = Set.of(POST, PATCH);
    String set = "is set by the server";
    return List.of(
        body("an unknown member", "{'name':'A','phone':'1'}", "/phone", "unknown member"),
        body(
            "a member in other case", "{'name':'A','Email':'a@b.org'}", "/Email", "unknown member"),
        body("a member without a name", "{'name':'A','':1}", "/", "unknown member"),
        body("a member named with a slash", "{'name':'A','a/b':1}", "/a~1b", "unknown member"),
        body("a prototype", "{'name':'A','__proto__':{}}", "/__proto__", "unknown member"),
        body("a view's member", "{'name':'A','seq':1}", "/seq", "unknown member"),
        body(strict, "a version", "{'name':'A','version':1}", "/version", set),
        body(strict, "a creation time", "{'name':'A','createdAt':null}", "/createdAt", set),
        body(strict, "a time of change", "{'name':'A','updatedAt':'now'}", "/updatedAt", set),
        body(
            "attributes that are an array",
            "{'name':'A','attributes':[]}",
            "/attributes",
            "must be an object"),
        body(
            "attributes that are a string",
            "{'name':'A','attributes':'{}'}",
            "/attributes",
            "must be an object"),
        body(
            "attributes that are a number",
            "{'name':'A','attributes':0}",
            "/attributes",
            "must be an object"),
        body(
            "attributes that are false",
            "{'name':'A','attributes':false}",
            "/attributes",
            "must be an object"));
  }

  private static List<BadBody> ids() {
    return List.of(
        body("id 0", "{'id':0,'name':'A'}", "/id", ID),
        body("id -1", "{'id':-1,'name':'A'}", "/id", ID),
        body("id -0", "{'id':-0,'name':'A'}", "/id", ID),
        body("id 2^53", "{'id':9007199254740992,'name':'A'}", "/id", ID),
        body("id 2^63", "{'id':9223372036854775808,'name':'A'}", "/id", ID),
        body(
            "id 2^64+1, which overflows to 1", "{'id':18446744073709551617,'name':'A'}", "/id", ID),
        body("id 10^400", "{'id':1" + "0".repeat(400) + ",'name':'A'}", "/id", ID),
        body("id 1e400", "{'id':1e400,'name':'A'}", "/id", ID),
        body("id 1.5", "{'id':1.5,'name':'A'}", "/id", ID),
        body("id 1e999999999", "{'id':1e999999999,'name':'A'}", "/id", ID),
        body("id 1e-999999999", "{'id':1e-999999999,'name':'A'}", "/id", ID),
        body("id -0.0", "{'id':-0.0,'name':'A'}", "/id", ID),
        body("id 2^53.0", "{'id':9007199254740992.0,'name':'A'}", "/id", ID),
        body("an id in quotation marks", "{'id':'1','name':'A'}", "/id", ID),
        body("an id of null", "{'id':null,'name':'A'}", "/id", ID),
        body("an id of true", "{'id':true,'name':'A'}", "/id", ID),
        body("an id in an array", "{'id':[1],'name':'A'}", "/id", ID),
        body("an id in an object", "{'id':{'$gt':0},'name':'A'}", "/id", ID),
        body(
            Set.of(PUT, PATCH),
            "another id than the path's",
            "{'id':2,'name':'A'}",
            "/id",
            "differs from the id in the path"));
  }

  private static List<BadBody> names() {
    String blank = "must not be empty or blank";
    String control = "must not hold control characters";
    return List.of(
        body(WHOLE, "no name", "{}", "/name", "is missing"),
        body(WHOLE, "no name but an address", "{'email':'a@b.org'}", "/name", "is missing"),
        body("a name of null", "{'name':null}", "/name", "must be a string"),
        body("a number for a name", "{'name':1}", "/name", "must be a string"),
        body("a name of true", "{'name':true}", "/name", "must be a string"),
        body("an array of names", "{'name':['Alice']}", "/name", "must be a string"),
        body("an object for a name", "{'name':{'first':'Alice'}}", "/name", "must be a string"),
        body("an empty name", "{'name':''}", "/name", blank),
        body("a name of a blank", "{'name':' '}", "/name", blank),
        body(
            "a name of white space",
            "{'name':' \\t\\n\\u2003\\u3000\\u2028\\u00a0'}",
            "/name",
            blank),
        body("201 letters", "{'name':'" + "x".repeat(201) + "'}", "/name", "at most 200"),
        body(
            "201 letters of 3 bytes", "{'name':'" + "語".repeat(201) + "'}", "/name", "at most 200"),
        body("201 astral letters", "{'name':'" + "😀".repeat(201) + "'}", "/name", "at most 200"),
        body("a name with NUL", "{'name':'A\\u0000B'}", "/name", control),
        body("a name with a line feed", "{'name':'A\\nB'}", "/name", control),
        body("a name with a tab", "{'name':'A\\tB'}", "/name", control),
        body("a name with DEL", "{'name':'A\\u007fB'}", "/name", control),
        body("a name with a C1 control", "{'name':'A\\u0085B'}", "/name", control),
        raw("a name with DEL unescaped", json("{'name':'A\u007fB'}"), "/name", control));
  }

  private static List<BadBody> addresses() {
    List<BadBody> table = new ArrayList<>();
    for (String value : List.of("1", "true", "[]", "{}", "['a@b.org']")) {
      table.add(
          body(
              "an address that is " + value,
              "{'name':'A','email':" + value + "}",
              "/email",
              "must be a string or null"));
    }
    List<String> broken =
        List.of(
            "",
            " ",
            "@",
            "alice",
            "alice@",
            "@example.org",
            "a@b@example.org",
            "a b@example.org",
            " a@example.org",
            "a@example.org ",
            "a@exam ple.org",
            "a@example..org",
            "a@.example.org",
            "a@example.org.",
            "a@-example.org",
            "a@example-.org",
            "a@exa_mple.org",
            ".a@example.org",
            "a.@example.org",
            "a..b@example.org",
            "a,b@example.org",
            "a;b@example.org",
            "a:b@example.org",
            "<a@example.org>",
            "Alice <a@example.org>",
            "mailto:a@example.org",
            "a(b)@example.org",
            "a@[127.0.0.1]",
            "a@example.org,b@example.org",
            "a@example.org/",
            "a@exam\u00a0ple.org",
            "a\u200b@example.org",
            "a\u202e@example.org",
            "a@exam\ufeffple.org",
            "a\uff20example.org",
            "x".repeat(65) + "@example.org");
    for (String address : broken) {
      table.add(
          body(
              "the address " + shown(address),
              "{'name':'A','email':'" + address + "'}",
              "/email",
              ADDRESS));
    }
    table.add(
        body("an address with NUL", "{'name':'A','email':'a\\u0000@b.org'}", "/email", ADDRESS));
    table.add(
        body("one with a line", "{'name':'A','email':'a@b.org\\r\\nBcc: c'}", "/email", ADDRESS));
    table.add(body("a quoted one", "{'name':'A','email':'\\\"a b\\\"@b.org'}", "/email", ADDRESS));
    table.add(body("a backslash", "{'name':'A','email':'a\\\\b@b.org'}", "/email", ADDRESS));
    table.add(
        body(
            "an address of 255 characters",
            "{'name':'A','email':'a@" + ("x".repeat(63) + ".").repeat(3) + "y".repeat(61) + "'}",
            "/email",
            "at most 254 characters"));
    return table;
  }

  /** What of an address can stand in a test's name. */
  private static String shown(String address) {
    StringBuilder shown = new StringBuilder("'");
    address
        .codePoints()
        .limit(40)
        .forEach(
            c -> {
              if (c < 0x7F) {
                shown.appendCodePoint(c);
              } else {
                shown.append("U+").append(Integer.toHexString(c));
              }
            });
    return shown.append('\'').toString();
  }

  static BadBody body(String name, String json, String pointer, String detail) {
    return body(ALL, name, json, pointer, detail);
  }

  private static BadBody body(
      Set<Way> ways, String name, String json, String pointer, String detail) {
    return new BadBody(name, ways, json(json), pointer, detail);
  }

  static BadBody raw(String name, String bytes, String pointer, String detail) {
    return new BadBody(name, ALL, bytes, pointer, detail);
  }
}
