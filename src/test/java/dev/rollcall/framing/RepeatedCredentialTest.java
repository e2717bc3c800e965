package dev.rollcall.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a decoder makes of heads that repeat their credential, and of those that nearly do. */
class RepeatedCredentialTest {

  private static final String HOST = "Host: a\r\n";
  private static final String TOKEN = "Authorization: Bearer " + "abc.".repeat(150) + "\r\n";
  private static final String VALUE = TOKEN.substring(15, TOKEN.length() - 2);

  private final EmbeddedChannel channel = channel();

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel(new StrictRequestDecoder(new HttpServerOptions()));
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static String head(String... fields) {
    return "GET /users/1 HTTP/1.1\r\n" + String.join("", fields) + "\r\n";
  }

  /** Sends bytes; the requests that they are. */
  private static List<HttpRequest> read(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.directBuffer().writeBytes(text.getBytes(US_ASCII)));
    List<HttpRequest> requests = new ArrayList<>();
    for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
      if (part instanceof HttpRequest request) {
        requests.add(request);
      } else if (part instanceof HttpContent content) {
        content.release();
      }
    }
    return requests;
  }

  private HttpRequest one(String text) {
    List<HttpRequest> requests = read(channel, text);
    assertThat(requests).hasSize(1);
    return requests.get(0);
  }

  @Test
  void whatIsRepeatedIsTheSameObject() {
    one(head(HOST, TOKEN));
    String first = one(head(HOST, TOKEN, "Accept: */*\r\n")).headers().get("authorization");
    assertThat(first).isEqualTo(VALUE);
    HttpRequest second = one(head(HOST, TOKEN, "Accept: text/plain\r\n"));
    assertThat(second.headers().get("Authorization")).isSameAs(first);
    assertThat(second.headers().get("host")).isEqualTo("a");
    assertThat(second.headers().get("accept")).isEqualTo("text/plain");
    assertThat(second.headers().size()).isEqualTo(3);
    assertThat(second.uri()).isEqualTo("/users/1");
  }

  @Test
  void connectionsWithOneCredentialShareIt() {
    one(head(HOST, TOKEN));
    String first = one(head(HOST, TOKEN)).headers().get("authorization");
    EmbeddedChannel second = channel();
    EmbeddedChannel another = channel();
    String other = TOKEN.replace("abc.\r", "abd.\r");
    try {
      for (int i = 0; i < 3; i++) {
        String same = read(second, head(TOKEN, HOST)).get(0).headers().get("authorization");
        assertThat(same).isEqualTo(first);
        if (i > 0) {
          assertThat(same).isSameAs(first);
        }
        HttpRequest different = read(another, head(HOST, other)).get(0);
        assertThat(different.headers().get("authorization"))
            .isEqualTo(VALUE.replaceAll("c.$", "d."));
      }
    } finally {
      second.finishAndReleaseAll();
      another.finishAndReleaseAll();
    }
  }

  /** A line that goes on, which Netty would take, must not stand for what it goes on with. */
  @Test
  void noOtherConnectionGetsWhatARefusedHeadHad() {
    assertThat(one(head(HOST, TOKEN, " more\r\n")).decoderResult().isFailure()).isTrue();
    EmbeddedChannel next = channel();
    try {
      for (int i = 0; i < 2; i++) {
        HttpRequest request = read(next, head(HOST, TOKEN)).get(0);
        assertThat(request.decoderResult().isSuccess()).isTrue();
        assertThat(request.headers().get("authorization")).isEqualTo(VALUE);
      }
    } finally {
      next.finishAndReleaseAll();
    }
  }

  @Test
  void manyInOnePieceAreReadAlike() {
    one(head(HOST, TOKEN));
    String first = one(head(HOST, TOKEN)).headers().get("authorization");
    List<HttpRequest> requests =
        read(channel, head(TOKEN, HOST) + head(HOST) + head(HOST, TOKEN) + head(TOKEN));
    assertThat(requests).hasSize(4);
    assertThat(requests.get(0).headers().get("authorization")).isSameAs(first);
    assertThat(requests.get(1).headers().contains("authorization")).isFalse();
    assertThat(requests.get(2).headers().get("authorization")).isSameAs(first);
    assertThat(requests.get(3).headers().get("authorization")).isSameAs(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer other\r\n",
        "authorization: Basic abc\r\n",
        "AUTHORIZATION:\r\n"
      })
  void aSecondFieldIsSeenWhereverItStands(String other) {
    for (String fields : List.of(TOKEN + other, other + TOKEN, TOKEN + HOST + other)) {
      EmbeddedChannel one = channel();
      List<HttpRequest> requests = read(one, head(HOST, TOKEN) + head(fields));
      assertThat(requests).hasSize(2);
      assertThat(requests.get(1).headers().getAll("authorization")).hasSize(2).contains(VALUE);
      one.finishAndReleaseAll();
    }
  }

  @Test
  void theSameFieldTwiceIsTwoFields() {
    one(head(HOST, TOKEN));
    assertThat(one(head(TOKEN, TOKEN)).headers().getAll("authorization"))
        .containsExactly(VALUE, VALUE);
    assertThat(one(head(HOST, TOKEN)).headers().getAll("authorization")).containsExactly(VALUE);
  }

  @Test
  void aBodyThatLooksLikeAHeadStaysWhatItIs() {
    one(head(HOST, TOKEN));
    String body = "GET / HTTP/1.1\r\n" + TOKEN + "\r\n";
    String post = "POST /users HTTP/1.1\r\n" + TOKEN + "Content-Length: " + body.length();
    channel.writeInbound(Unpooled.copiedBuffer(post + "\r\n\r\n" + body, US_ASCII));
    HttpRequest request = channel.readInbound();
    assertThat(request.headers().get("authorization")).isEqualTo(VALUE);
    StringBuilder read = new StringBuilder();
    for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
      HttpContent content = (HttpContent) part;
      read.append(content.content().toString(US_ASCII));
      content.release();
    }
    assertThat(read).hasToString(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {" folded\r\n", "\tfolded\r\n", ": x\r\n"})
  void whatGoesOnBehindItIsRefused(String next) {
    one(head(HOST, TOKEN));
    assertThat(one(head(TOKEN, next)).decoderResult().isFailure()).isTrue();
  }

  @Test
  void aLongLineAndALongHeadGoTheUsualWay() {
    String line = "Authorization: Bearer " + "x".repeat(2_100) + "\r\n";
    String first = one(head(line)).headers().get("authorization");
    assertThat(one(head(line)).headers().get("authorization")).isEqualTo(first).isNotSameAs(first);
    one(head(TOKEN));
    String large = "X: " + "y".repeat(8_000) + "\r\n";
    assertThat(one(head(TOKEN, large)).decoderResult().isFailure()).isTrue();
  }

  private static List<String> fields(HttpRequest request) {
    return request.headers().entries().stream()
        .map(field -> field.getKey().toLowerCase(Locale.ROOT) + ": " + field.getValue())
        .toList();
  }

  /** Whatever is cut wherever is read as one that has seen no request before reads it. */
  @Test
  void piecesOfAnyLengthAreReadAsByAFreshDecoder() {
    Random random = new Random(7);
    String[] fields = {
      TOKEN, HOST, "A: b\r\n", "authorization: Bearer x\r\n", TOKEN.replace("c.\r", "d.\r")
    };
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "\r\n" : "");
      text.append("GET /").append(round).append(" HTTP/1.1\r\n");
      for (int i = random.nextInt(4); i > 0; i--) {
        text.append(fields[random.nextInt(fields.length)]);
      }
      text.append("\r\n");
      EmbeddedChannel fresh = channel();
      HttpRequest expected = read(fresh, text.toString()).get(0);
      fresh.finishAndReleaseAll();
      List<HttpRequest> requests = new ArrayList<>();
      int cut = random.nextInt(3) == 0 ? random.nextInt(text.length()) : 0;
      if (cut > 0) {
        requests.addAll(read(channel, text.substring(0, cut)));
      }
      requests.addAll(read(channel, text.substring(cut)));
      assertThat(requests).hasSize(1);
      HttpRequest request = requests.get(0);
      assertThat(request.uri()).isEqualTo(expected.uri());
      assertThat(fields(request)).containsExactlyInAnyOrderElementsOf(fields(expected));
    }
  }
}
