package dev.rollcall.http;

import static dev.rollcall.http.BadRequest.body;
import static dev.rollcall.http.BadRequest.headOf;
import static dev.rollcall.http.BadRequest.json;
import static dev.rollcall.http.BadRequest.raw;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Requests of which it is unclear, or wrong, where they and their parts begin and end. */
final class BadFraming {

  private static final String NOT_HTTP = "the request is not HTTP";
  private static final String USER = json("{'name':'A'}");
  private static final String JSON = "Content-Type: application/json";

  private BadFraming() {}

  static Stream<BadRequest> requests() {
    return Stream.of(lines(), lengths(), transferCodings(), tooLarge(), chunks())
        .flatMap(List::stream);
  }

  private static List<BadRequest> lines() {
    String host = "\r\nHost: test\r\n\r\n";
    return List.of(
        raw("line feeds alone", 400, NOT_HTTP, "GET /users/1 HTTP/1.1\nHost: test\n\n"),
        raw("a line of text", 400, NOT_HTTP, "hello" + host),
        raw("a method alone", 400, NOT_HTTP, "GET" + host),
        raw("a line without a version", 400, NOT_HTTP, "GET /users/1" + host),
        raw("a line without a target", 400, NOT_HTTP, "GET HTTP/1.1" + host),
        raw("words behind the version", 400, NOT_HTTP, "GET /users/1 HTTP/1.1 x" + host),
        raw("a blank within the target", 400, NOT_HTTP, "GET /users /1 HTTP/1.1" + host),
        raw("a version that is none", 400, NOT_HTTP, "GET /users/1 HTTP/x" + host),
        raw(
            "a TLS handshake",
            400,
            NOT_HTTP,
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"),
        raw("control characters in the method", 400, NOT_HTTP, "G\u0000T /users/1 HTTP/1.1" + host),
        raw("a separator in the method", 400, NOT_HTTP, "G(T /users/1 HTTP/1.1" + host),
        raw("NUL in the target", 400, "", "GET /users/1\u0000 HTTP/1.1" + host),
        raw(
            "a header without a colon",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"),
        raw(
            "a blank before the colon",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX : x\r\n\r\n"),
        raw(
            "a blank within a header's name",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX Y: x\r\n\r\n"),
        raw(
            "NUL in a header",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n"),
        raw(
            "a lone carriage return in a header",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
        raw(
            "a header that goes on in the next line",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
        raw(
            "a Host that goes on in the next line",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n"),
        raw(
            "a line of blanks among the headers",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\n \r\n\r\n"),
        raw(
            "a blank before the first header",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\n Host: a\r\nHost: b\r\n\r\n"),
        raw(
            "empty lines in front, and a header that goes on",
            400,
            NOT_HTTP,
            "\r\n\r\nGET /users/1 HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
        raw(
            "a header without a name",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"),
        raw(
            "a header without a name in front of a body",
            400,
            NOT_HTTP,
            "POST /users HTTP/1.1\r\nHost: a\r\n:\r\n"
                + JSON
                + "\r\nContent-Length: 12\r\n\r\n"
                + USER),
        raw(
            "a separator in a header's name",
            400,
            NOT_HTTP,
            "GET /users/1 HTTP/1.1\r\nHost: a\r\nX(: a\r\n\r\n"));
  }

  private static List<BadRequest> lengths() {
    List<BadRequest> table = new ArrayList<>();
    for (String bad :
        List.of(
            "-1",
            "-12",
            "+12",
            "12, 12",
            "12, 13",
            "1 2",
            "twelve",
            "",
            "0x0c",
            "12.0",
            "99999999999999999999",
            "\u0661")) {
      table.add(
          raw(
              "Content-Length: " + bad,
              400,
              NOT_HTTP,
              headOf("POST /users", JSON, "Content-Length: " + bad) + "\r\n" + USER));
    }
    table.add(
        raw(
            "two lengths",
            400,
            NOT_HTTP,
            headOf("POST /users", JSON, "Content-Length: 12", "Content-Length: 13")
                + "\r\n"
                + USER));
    table.add(
        raw(
            "one length twice",
            400,
            NOT_HTTP,
            headOf("POST /users", JSON, "Content-Length: 12", "Content-Length: 12")
                + "\r\n"
                + USER));
    table.add(
        raw("no length, so no body", 400, "the text is empty", headOf("POST /users", JSON) + "\r\n")
            .at(""));
    table.add(
        raw(
                "a length below that of the body",
                400,
                "malformed JSON",
                headOf("POST /users", JSON, "Content-Length: 11", "Connection: close")
                    + "\r\n"
                    + USER)
            .at(""));
    return table;
  }

  /** Where two ends may disagree on how long a body is, one request can be hidden in another. */
  private static List<BadRequest> transferCodings() {
    List<BadRequest> table = new ArrayList<>();
    String smuggled = "DELETE /users/1 HTTP/1.1\r\nHost: test\r\n\r\n";
    for (String line : List.of("POST /users", "POST /users/import", "GET /users/1")) {
      String type = line.endsWith("import") ? "Content-Type: application/x-ndjson" : JSON;
      table.add(
          raw(
              line + " with a length and chunks",
              400,
              NOT_HTTP,
              headOf(line, type, "Content-Length: 4", "Transfer-Encoding: chunked")
                  + "\r\n0\r\n\r\n"
                  + smuggled));
      table.add(
          raw(
              line + " with chunks and a length",
              400,
              NOT_HTTP,
              headOf(line, type, "Transfer-Encoding: chunked", "Content-Length: 48")
                  + "\r\n0\r\n\r\n"
                  + smuggled));
      for (String coding :
          List.of(
              "xchunked",
              "identity",
              "gzip",
              "chunked, gzip",
              "chunked, chunked",
              "",
              "\u000bchunked")) {
        table.add(
            raw(
                line + " in transfer coding '" + coding + "'",
                400,
                NOT_HTTP,
                headOf(line, type, "Transfer-Encoding: " + coding) + "\r\n0\r\n\r\n"));
      }
      for (String coding : List.of("gzip, chunked", "deflate,chunked", "x, gzip, Chunked")) {
        table.add(
            raw(
                line + " in transfer codings '" + coding + "'",
                501,
                "the only transfer coding known is chunked",
                headOf(line, type, "Transfer-Encoding: " + coding) + "\r\n0\r\n\r\n"));
      }
      table.add(
          raw(
              line + " in gzip, and in a further line in chunks",
              501,
              "the only transfer coding known is chunked",
              headOf(line, type, "Transfer-Encoding: gzip", "Transfer-Encoding: chunked")
                  + "\r\n0\r\n\r\n"));
      table.add(
          raw(
              line + " in chunks alone under HTTP/1.0",
              400,
              NOT_HTTP,
              line
                  + " HTTP/1.0\r\nHost: test\r\n"
                  + type
                  + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
      table.add(
          raw(
              line + " in two transfer codings",
              400,
              NOT_HTTP,
              headOf(line, type, "Transfer-Encoding: chunked", "Transfer-Encoding: identity")
                  + "\r\n0\r\n\r\n"));
      table.add(
          raw(
              line + " in chunks under HTTP/1.0",
              400,
              NOT_HTTP,
              line
                  + " HTTP/1.0\r\nHost: test\r\n"
                  + type
                  + "\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"));
    }
    return table;
  }

  private static List<BadRequest> tooLarge() {
    List<BadRequest> table = new ArrayList<>();
    String big = " ".repeat(BadInputTest.BODY_LIMIT) + USER;
    for (String line :
        List.of(
            "POST /users",
            "PUT /users/1",
            "PATCH /users/1",
            "PUT /users/1/password",
            "POST /users/1/password/verify")) {
      table.add(
          raw(
              line + " announces more than the limit",
              413,
              "the body must have at most",
              headOf(line, JSON, "Content-Length: " + big.length()) + "\r\n"));
      table.add(
          body(
              line + " sends more than the limit",
              413,
              "the body must have at most",
              line,
              "application/json",
              big));
      table.add(
          raw(
              line + " sends more than the limit in one chunk",
              413,
              "the body must have at most",
              headOf(line, JSON, "Transfer-Encoding: chunked")
                  + "\r\n"
                  + Integer.toHexString(big.length())
                  + "\r\n"
                  + big
                  + "\r\n0\r\n\r\n"));
      table.add(
          raw(
              line + " sends more than the limit in small chunks",
              413,
              "the body must have",
              headOf(line, JSON, "Transfer-Encoding: chunked")
                  + "\r\n"
                  + ("100\r\n" + " ".repeat(256) + "\r\n").repeat(BadInputTest.BODY_LIMIT / 256 + 1)
                  + "0\r\n\r\n"));
    }
    table.add(
        raw(
            "a length beyond a long's half",
            413,
            "the body must have at most",
            headOf("POST /users", JSON, "Content-Length: 9223372036854775807") + "\r\n"));
    return table;
  }

  private static List<BadRequest> chunks() {
    List<BadRequest> table = new ArrayList<>();
    for (String bad :
        List.of(
            "zz\r\n",
            "-1\r\n",
            "\r\n",
            "0x5\r\n",
            "ffffffffffffffff\r\n",
            "fffffffff\r\n",
            "5 5\r\n",
            "1\r\nab\r\n0\r\n\r\n",
            "c\r\n" + USER + "0\r\n\r\n",
            "5;" + "x".repeat(20_000) + "\r\n",
            "1".repeat(20_000))) {
      String shown =
          bad.strip().length() > 30
              ? bad.length() + " characters"
              : bad.strip().replace("\r\n", " ");
      for (String line :
          List.of(
              "POST /users",
              "PUT /users/1",
              "PATCH /users/1",
              "POST /users/import",
              "PUT /users/1/password",
              "POST /users/1/password/verify",
              "POST /views/profile/batch")) {
        String type = line.endsWith("import") ? "Content-Type: application/x-ndjson" : JSON;
        table.add(
            raw(
                line + " with the chunk " + shown,
                400,
                "chunks are malformed",
                headOf(line, type, "Transfer-Encoding: chunked") + "\r\n" + bad));
      }
    }
    table.add(
        raw(
            "a trailer that is none",
            400,
            "chunks are malformed",
            headOf("POST /users", JSON, "Transfer-Encoding: chunked")
                + "\r\nc\r\n"
                + USER
                + "\r\n0\r\nX\r\n\r\n"));
    table.add(
        raw(
            "a trailer too large",
            400,
            "chunks are malformed",
            headOf("POST /users", JSON, "Transfer-Encoding: chunked")
                + "\r\nc\r\n"
                + USER
                + "\r\n0\r\nX: "
                + "x".repeat(20_000)
                + "\r\n\r\n"));
    table.add(
        raw(
            "a body that never comes",
            408,
            "the body did not arrive in time",
            headOf("POST /users", JSON, "Content-Length: 12") + "\r\n"));
    table.add(
        raw(
            "a password that never comes",
            408,
            "the body did not arrive in time",
            headOf("PUT /users/1/password", JSON, "Content-Length: 12") + "\r\n"));
    table.add(
        raw(
            "an import that never ends",
            408,
            "arrived in time",
            headOf(
                    "POST /users/import",
                    "Content-Type: application/x-ndjson",
                    "Transfer-Encoding: chunked")
                + "\r\n"));
    return table;
  }
}
